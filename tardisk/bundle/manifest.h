/* SPDX-License-Identifier: Apache-2.0 */
/* Signed manifests, for the verbs that sign. */
#ifndef TARDISK_BUNDLE_MANIFEST_H
#define TARDISK_BUNDLE_MANIFEST_H

#include "key.h"
#include "tardisk/attest.h"

/* The frame for the tardisk in fd: allocated, *len bytes. file is for messages. */
int manifest_sign(const struct attest *a, int fd, const char *file, const struct key *k,
		  unsigned char **frame, size_t *len, struct err *e);

#endif
