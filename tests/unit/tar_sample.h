/* SPDX-License-Identifier: Apache-2.0 */
/* A small header area with every kind of entry, for tests to read and to break. */
#ifndef TESTS_TAR_SAMPLE_H
#define TESTS_TAR_SAMPLE_H

#include "tardisk/layout.h"

/*
 * Entries in order, with the offset of the header that breaks are made in:
 * a (file, 5000 bytes), b (hard link to a), d, d/f (file, 1 byte, xattrs),
 * d/LONG (symlink to LONG, both 150 bytes: pax), n (char device 1,3), p (fifo),
 * z (empty file).
 */
struct tar_sample {
	unsigned char *base;
	uint32_t len;
	uint32_t at[8]; /* offset of each entry's own header */
	uint32_t pax_f; /* offset of the pax header of d/f */
};

enum { SAMPLE_A, SAMPLE_B, SAMPLE_D, SAMPLE_F, SAMPLE_LONG, SAMPLE_N, SAMPLE_P, SAMPLE_Z };

/* A tree with these entries, contents in its spool. */
void sample_tree(struct tree *t);

/* base belongs to the caller. */
void sample_make(struct tar_sample *s);

/* Puts right the checksum of the header at offset. */
void sample_seal(unsigned char *base, uint32_t offset);

#endif
