/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests of tardisks (manifest.h): made, and put into the file. */
#ifndef TARDISK_ATTEST_H
#define TARDISK_ATTEST_H

#include <stddef.h>

#include "err.h"
#include "manifest.h"
#include "open.h"

/* What a manifest says beyond what follows from the tardisk. */
struct attest {
	const char *name; /* without ".v00" */
	const char *version;
	enum tardisk_acceptance level;
	uint32_t may; /* TARDISK_MAY_* */
};

/* The bytes to sign. ERR_INVALID if a name or version cannot stand in a manifest. */
int attest_bytes(const struct attest *a, const struct tardisk_file *t,
		 unsigned char manifest[static TARDISK_MANIFEST], struct err *e);

/* Manifest and signature as the frame that stands in the file: allocated, *len bytes. */
int attest_frame(const unsigned char manifest[static TARDISK_MANIFEST], const void *signature,
		 size_t signature_len, unsigned char **frame, size_t *len, struct err *e);

/*
 * Puts the frame into the file, in place of the one that is there. fd is open for
 * reading and writing; name is for messages. What was cut short on the way is no tardisk.
 */
int attest_put(int fd, const char *name, const void *frame, size_t len, struct err *e);

/*
 * What needs a permission in there: TARDISK_MAY_* of all entries. -1, or 0 with *needs.
 */
int attest_needs(struct tardisk_file *t, uint32_t *needs, struct err *e);

#endif
