/* SPDX-License-Identifier: Apache-2.0 */
/* Where a bundle comes from: a file on the host, an open descriptor, or a URL. */
#ifndef VISOR_CORE_BUNDLE_SOURCE_H
#define VISOR_CORE_BUNDLE_SOURCE_H

#include "tardisk/bundle.h"

struct bundle_source {
	int fd;		     /* -1 for a URL */
	struct fetch *fetch; /* NULL for a file */
	char name[256];	     /* for messages */
};

/* Exactly one of path, url and fd (>= 0) says where. fd becomes the source's. */
int bundle_source_open(struct bundle_source *s, const char *path, const char *url, int fd,
		       struct err *e);

/* Opens the bundle in it (bundle_open()). */
int bundle_source_read(struct bundle_source *s, struct bundle **b, struct err *e);

/* Or reads what is in it: as bundle_read_fn. */
ssize_t bundle_source_bytes(void *s, void *buf, size_t size);

void bundle_source_close(struct bundle_source *s);

#endif
