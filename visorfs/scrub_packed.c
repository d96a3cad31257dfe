// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scrub of a tardisk that stays compressed: its frames are compared as
 * they came from the file. Pages that were made of them are not: zstd's
 * checksum was right when they were made, and they do not stay for long.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/kthread.h>
#include <linux/mm.h>

#include "internal.h"

#define MOST (256u << 10) /* bytes of a frame that are searched for a bit: some minutes */

static const u8 *digest_of(const struct visorfs_tardisk *td, u32 n)
{
	const struct tardisk_digests *list = &td->digests.list;

	return list->frame + (list->frames - td->compressed->count + n) * TARDISK_DIGEST;
}

/* Finds the bit in a copy: others may be unpacking the frame. */
static int heal(const struct visorfs_tardisk *td, const struct visorfs_sha256 *sha, u32 n, u8 *data,
		u32 len, u32 *bit)
{
	u8 *copy;
	int ret;

	if (len > MOST)
		return -ENOENT;
	copy = kvmalloc(len, GFP_KERNEL | __GFP_NOWARN);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, data, len);
	ret = visorfs_find_bit(sha, copy, len, digest_of(td, n), bit);
	kvfree(copy);
	if (ret)
		return ret;
	data[*bit / 8] ^= 1 << *bit % 8;
	return visorfs_sha256_is(sha, data, len, digest_of(td, n)) ? 0 : -EAGAIN;
}

static void treat(struct visorfs_scrub *s, const struct visorfs_tardisk *td,
		  const struct visorfs_sha256 *sha, u32 n, u8 *data, u32 len)
{
	unsigned long key = td->order << 16 | n;
	u32 bit;
	int ret;

	if (xa_load(&s->lost, key))
		return;
	ret = heal(td, sha, n, data, len, &bit);
	if (ret && ret != -ENOENT)
		return; /* told to stop, or short of memory: the next pass meets it again */
	s->errors++;
	if (ret) {
		xa_store(&s->lost, key, xa_mk_value(1), GFP_KERNEL);
		pr_err("tardisk %s: compressed frame %u (%u bytes of contents from byte %llu on) is damaged in memory by more than one bit: attach it again, or restart the host\n",
		       td->name, n, visorfs_frame_size(td, n), (u64)n * td->compressed->frame);
	} else {
		s->healed++;
		pr_warn("tardisk %s: bit %u of byte %u of compressed frame %u had flipped in memory: flipped back\n",
			td->name, bit % 8, bit / 8, n);
	}
	sysfs_notify(s->kobj, NULL, "errors");
}

/* Compares one frame; how many bytes it has. */
u32 visorfs_scrub_frame(struct visorfs_scrub *s, const struct visorfs_tardisk *td,
			const struct visorfs_sha256 *sha, u32 n)
{
	const struct visorfs_packed *p = td->compressed;
	u64 start = n ? p->ends[n - 1] : 0;
	u32 len = p->ends[n] - start;

	if (!visorfs_sha256_is(sha, p->data + start, len, digest_of(td, n)))
		treat(s, td, sha, n, p->data + start, len);
	return len;
}
