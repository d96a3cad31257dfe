/* SPDX-License-Identifier: Apache-2.0 */
/* Formats as a release wrote them: the folders of tests/formats, one for each. */
#ifndef TESTS_UNIT_RELEASE_H
#define TESTS_UNIT_RELEASE_H

#include <jansson.h>
#include <stddef.h>

#include "userworld/medium/blkio.h"

struct release {
	char folder[256];
	json_t *expected; /* what its files say: expected.json */
};

/* Calls fn for each release; fails if there is none. */
void release_each(void (*fn)(const struct release *r));

/* What is expected, by names one below the other; fails if it is not there. */
const char *release_text(const struct release *r, const char *part, const char *name);
long release_number(const struct release *r, const char *part, const char *name);

/* A file of it, unpacked, with a NUL behind; the caller frees it. */
char *release_file(const struct release *r, const char *name, size_t *len);

/* The same as it lies there, packed. */
char *release_packed(const struct release *r, const char *name, size_t *len);

/* The same as a disk that is gone when it is closed. */
struct blkio *release_disk(const struct release *r, const char *name);

/* The same as an open file that has no name. */
int release_fd(const void *data, size_t len);

#endif
