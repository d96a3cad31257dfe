/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bundles that were installed on the host as one more file of a bank: a boot module (cpio),
 * so that they are there again after a restart. In it are
 *
 *	bundles/order		names of their tardisks, a line each, in the order of attaching
 *	bundles/NAME.json	the record of each bundle (bundle_record.h)
 *	tardisks/NAME.v00	each tardisk, as it was attached (bundle_keep.h)
 *
 * Stage 0 attaches the tardisks, and puts records and payloads where libcore has them. The same
 * set of bundles gives the same bytes.
 */
#ifndef VISOR_CORE_BUNDLE_IMAGE_H
#define VISOR_CORE_BUNDLE_IMAGE_H

#include "bundle_record.h"
#include "tardisk/bundle.h"
#include "tardisk/sha256.h"

#define BUNDLE_IMAGE_FILE "bundles.img"

struct bundle_image {
	struct bundle_set set;
	bool *in; /* per entry of set: it is in the file */
	struct vfs_tardisk *tardisks;
	size_t n_tardisks;
	uint64_t size;		 /* bytes; 0: there is none in it, and so no file */
	char sha256[SHA256_HEX]; /* "" if there is no file */
};

/* All bundles that were installed; the caller holds BUNDLE_LOCK. m is to be freed in any case. */
int bundle_image_load(struct bundle_image *m, struct err *e);
void bundle_image_free(struct bundle_image *m);

/* Leaves out what does not go with another image, and what depends on that: see in[]. */
void bundle_image_choose(struct bundle_image *m, const struct bundle_descriptor *image);

/* Sets size and digest, for which it reads all payloads. */
int bundle_image_measure(struct bundle_image *m, struct err *e);

/* All bytes, in order. */
int bundle_image_stream(const struct bundle_image *m, bundle_write_fn *write, void *context,
			struct err *e);

/* Pure: bytes that the file with these bundles has at most; 0 for none. */
uint64_t bundle_image_bound(const struct bundle_descriptor *const *list, size_t n);

#endif
