/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each thing that a support bundle was to have. */
#ifndef VISOR_CORE_SUPPORT_INDEX_H
#define VISOR_CORE_SUPPORT_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"

enum index_what {
	INDEX_TAKEN,
	INDEX_CUT,	 /* there was more than the manifest allows */
	INDEX_TIMED_OUT, /* what it had said by then is there */
	INDEX_REFUSED,	 /* it is a secret, or may have one that cannot be seen */
	INDEX_MISSING,	 /* there is no such file */
	INDEX_FAILED,
	INDEX_LEFT_OUT, /* the bundle was full, or its time was over */
	INDEX_KINDS,
};

/* "taken", "timed_out" and so on. */
extern const char *const index_names[INDEX_KINDS];

struct index {
	FILE *out; /* into text */
	char *text;
	size_t len;
	unsigned int counts[INDEX_KINDS];
	uint64_t removed; /* secrets */
};

int index_open(struct index *x, struct err *e);

/* removed: secrets in it; why may be "". Lines beyond 256 KiB of index are only counted. */
void index_add(struct index *x, enum index_what what, uint64_t bytes, unsigned int removed,
	       const char *name, const char *why);

/* Completes x->text. */
int index_end(struct index *x, struct err *e);
void index_free(struct index *x);

#endif
