// SPDX-License-Identifier: GPL-2.0-only
/*
 * The digests of a tardisk: read with it, kept as long as it is in memory.
 * Its frames are compared with them before zstd sees a byte, if that is
 * asked for; what was unpacked is compared by the scrub (scrub.c).
 */
#include <linux/mm.h>

#include "internal.h"
#include "unpack.h"

static int refuse(struct visorfs_unpack *u, struct visorfs_msg *msg, u64 offset, const char *what)
{
	return visorfs_fail(msg, -EBADMSG, "%s: offset %llu: digest list: %s", u->name, offset,
			    what);
}

/* Takes the list of a tardisk that is being attached; its bytes have been read. */
int visorfs_digests_init(struct visorfs_unpack *u, struct visorfs_msg *msg)
{
	struct tardisk_digests *list = &u->digests.list;
	struct tardisk_error error;

	if (tardisk_digests_init(list, u->digests.bytes, &u->seek, &error))
		return refuse(u, msg, error.offset, error.what);
	if (!visorfs_sha256_is(&u->sha, list->covered, list->covered_len, list->root))
		return refuse(u, msg, u->seek.packed,
			      "is damaged: it has another root hash than it states");
	return 0;
}

/* What the caller demands of the tardisk beyond that it is sound. */
int visorfs_digests_demand(struct visorfs_unpack *u, const struct visorfs_attach *how,
			   struct visorfs_msg *msg)
{
	u->verify = how->flags & (VISORFS_ATTACH_VERIFY | VISORFS_ATTACH_ROOT_HASH);
	if (!(how->flags & VISORFS_ATTACH_ROOT_HASH) ||
	    !memcmp(u->digests.list.root, how->root_hash, TARDISK_DIGEST))
		return 0;
	return refuse(u, msg, u->seek.packed, "has another root hash than was asked for");
}

void visorfs_digests_free(struct visorfs_digests *d)
{
	kvfree(d->bytes);
	d->bytes = NULL;
}

/* Whether packed frame number n is what the list says. */
bool visorfs_frame_holds(const struct visorfs_digests *d, const struct visorfs_sha256 *sha, u32 n,
			 const void *packed, u32 len)
{
	return visorfs_sha256_is(sha, packed, len, d->list.frame + n * TARDISK_DIGEST);
}
