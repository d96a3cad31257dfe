/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the payloads of a bundle hold, against what its descriptor says: every
 * rule of bundle(5) that needs the tardisks. For makers (bundle(1)) and for the
 * host, which looks before it attaches.
 *
 *	bundle_content_start(&c, "strace.vib", d, e)
 *	for each payload i: bundle_content_add(c, i, fd, false, e)
 *	bundle_content_end(c, e)
 *	bundle_content_free(c)
 *
 * ERR_INVALID names bundle, payload and path.
 */
#ifndef TARDISK_BUNDLE_CONTENT_H
#define TARDISK_BUNDLE_CONTENT_H

#include "descriptor.h"
#include "open.h"

struct bundle_content;

/* name is for messages, copied; d must outlive *c. */
int bundle_content_start(struct bundle_content **c, const char *name,
			 const struct bundle_descriptor *d, struct err *e);

/*
 * Looks at payload number i, a file that allows pread(2): that it unpacks to
 * as many bytes as stated, that all it holds is in "files", that there are no
 * devices, that what runs with other rights is in "setuid", that descriptions
 * of userworlds agree with "resources" and the SBOM with its digest. whole: all
 * is unpacked, each rule of tardisk(5) checked and the digest of the content
 * compared; else only the headers are, and those two documents. Files of an image are not
 * looked into.
 */
int bundle_content_add(struct bundle_content *c, size_t i, int fd, bool whole, struct err *e);

/* Is everything in "files" in a payload, and each service described? */
int bundle_content_end(struct bundle_content *c, struct err *e);

/* NULL is allowed. */
void bundle_content_free(struct bundle_content *c);

/*
 * Does the text of a userworld.conf(5) have exactly the limits of the contract?
 * Pure. name is for messages.
 */
int bundle_contract_check(const struct bundle_contract *contract, const char *name,
			  const char *text, struct err *e);

#endif
