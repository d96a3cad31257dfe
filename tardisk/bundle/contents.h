/* SPDX-License-Identifier: Apache-2.0 */
/* Everything in the payloads of a bundle, as text to compare. */
#ifndef TARDISK_BUNDLE_CONTENTS_H
#define TARDISK_BUNDLE_CONTENTS_H

#include <jansson.h>

#include "tardisk/bundle.h"

struct contents_item {
	char *path;
	char *what;  /* "file 0755 0:0 1234 bytes 2d711642b726b044", "link to bin/x" ... */
	int payload; /* number of the payload */
};

struct contents {
	struct contents_item
		*items; /* in byte order of paths; of a path that comes twice the last */
	size_t n;
};

/* Reads all payloads of a bundle just opened. contents_free() after either result. */
int contents_load(struct contents *c, struct bundle *b, struct err *e);
void contents_free(struct contents *c);

#endif
