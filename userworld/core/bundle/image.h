/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bundles that were installed on the host as one more file of a bank: a boot module (cpio),
 * so that they are there again after a restart. In it are
 *
 *	bundles/order		names of their tardisks, a line each, in the order of attaching
 *	bundles/NAME.json	the record of each bundle (record.h)
 *	tardisks/NAME.v00	each tardisk, as it was attached (keep.h)
 *
 * Stage 0 attaches the tardisks, and puts records and payloads where libcore has them. The same
 * set of bundles gives the same bytes.
 */
#ifndef VISOR_CORE_BUNDLE_IMAGE_H
#define VISOR_CORE_BUNDLE_IMAGE_H

#include "record.h"
#include "tardisk/bundle.h"
#include "tardisk/sha256.h"
#include "userworld/bank/write.h"

#define BUNDLE_IMAGE_FILE "bundles.img"

struct install;
struct bundle_wanted;

struct bundle_image {
	struct bundle_set set;
	bool *in;	      /* per entry of set: it is in the file */
	struct install *more; /* bundles that the host has not, or NULL: all of them are in it */
	struct vfs_tardisk *tardisks;
	size_t n_tardisks;
	uint64_t size;		 /* bytes; 0: there is none in it, and so no file */
	char sha256[SHA256_HEX]; /* "" if there is no file */
};

/*
 * The bundles of the host stay as they are until the descriptor that this returns is closed.
 * ERR_CONFLICT if they are being changed. Whoever takes BOOT_LOCK too takes it after this one.
 */
int bundle_image_lock(struct err *e);

/* All bundles that were installed; the caller holds BUNDLE_LOCK. m is to be freed in any case. */
int bundle_image_load(struct bundle_image *m, struct err *e);
void bundle_image_free(struct bundle_image *m);

/* Leaves out what does not go with another image, and what depends on that: see in[]. */
void bundle_image_choose(struct bundle_image *m, const struct bundle_descriptor *image);

/*
 * Has n bundles come along that are not the host's: fetched, verified and admitted as on this
 * host, beside those of the set, of which newer ones take the place; and staged in memory until
 * bundle_image_free(). The caller keeps the list, and holds BUNDLE_LOCK. Once only.
 */
int bundle_image_bring(struct bundle_image *m, const struct bundle_wanted *list, size_t n,
		       struct err *e);

/* Ids of those that are in the file, or of those that were left out. */
json_t *bundle_image_ids(const struct bundle_image *m, bool in);

/* The payload of one of its tardisks: a descriptor. */
int bundle_image_open(const struct bundle_image *m, const char *tardisk, struct err *e);

/* Sets size and digest, for which it reads all payloads. */
int bundle_image_measure(struct bundle_image *m, struct err *e);

/* All bytes, in order. */
int bundle_image_stream(const struct bundle_image *m, bundle_write_fn *write, void *context,
			struct err *e);

/* The same into a bank, as its last file; nothing if there is none in it. */
int bundle_image_write(const struct bundle_image *m, struct bank_write *w, struct err *e);

/*
 * Ids of the bundles in the file of a bank, in their order; none if it has no such file.
 * ERR_INVALID: it is damaged. Neither digests nor signatures are looked at: it is for people to
 * read.
 */
int bundle_image_list(struct blkio *io, json_t **ids, struct err *e);

/* Pure: bytes that the file with these bundles has at most; 0 for none. */
uint64_t bundle_image_bound(const struct bundle_descriptor *const *list, size_t n);

#endif
