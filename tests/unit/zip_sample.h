/* SPDX-License-Identifier: Apache-2.0 */
/* Zip archives for tests, written byte by byte. */
#ifndef TESTS_UNIT_ZIP_SAMPLE_H
#define TESTS_UNIT_ZIP_SAMPLE_H

#include <stddef.h>

#define ZIP_SAMPLE_MAX (2u << 20)

struct zip_sample {
	unsigned char data[ZIP_SAMPLE_MAX];
	size_t len;
	size_t header;	  /* of the member that was added last */
	size_t directory; /* where it begins, when it was ended */
	unsigned int n;
	size_t entries_len;
	unsigned char entries[ZIP_SAMPLE_MAX / 4];
};

void zip_sample_start(struct zip_sample *z);

/* One more member, with an extra field of three bytes; method 0 or 8. */
void zip_sample_add(struct zip_sample *z, const char *name, int method, const void *content,
		    size_t size);

/* Directory and end, with that comment. */
void zip_sample_end(struct zip_sample *z, const char *comment);

#endif
