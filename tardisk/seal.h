/* SPDX-License-Identifier: Apache-2.0 */
/* The digest list of a tardisk that is being written: collected, then given as bytes. */
#ifndef TARDISK_SEAL_H
#define TARDISK_SEAL_H

#include <stddef.h>

#include "err.h"
#include "tar.h"

/* Digests in the order of the file. */
struct seal_digests {
	unsigned char *bytes;
	size_t n;
	size_t room;
};

struct seal {
	struct seal_digests frames;
	struct seal_digests chunks;
	uint64_t packed;  /* bytes of all frames */
	uint64_t headers; /* bytes of the header area */
	uint64_t data;	  /* bytes of the data area */
};

/* clang-format off */
#define SEAL_INIT { { NULL, 0, 0 }, { NULL, 0, 0 }, 0, 0, 0 }
/* clang-format on */

int seal_add(struct seal_digests *to, const unsigned char digest[TARDISK_DIGEST], struct err *e);

/* The whole list, for the caller to free. */
unsigned char *seal_list(const struct seal *s, size_t *len, struct err *e);

void seal_free(struct seal *s);

#endif
