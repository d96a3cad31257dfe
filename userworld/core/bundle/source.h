/* SPDX-License-Identifier: Apache-2.0 */
/* Where a bundle comes from: a file on the host, an open descriptor, a URL, or a depot. */
#ifndef VISOR_CORE_BUNDLE_SOURCE_H
#define VISOR_CORE_BUNDLE_SOURCE_H

#include <stdbool.h>

#include "userworld/core/depot/place.h"
#include "tardisk/bundle.h"

struct bundle_source {
	int fd;			       /* of a file, or -1 */
	struct fetch *fetch;	       /* of a file on a server, or NULL */
	struct archive_member *member; /* of an archive, or NULL */
	char name[256];		       /* for messages */
	int fault;		       /* errno of a read that failed, or 0 */
};

/* Exactly one of path, url and fd (>= 0) says where. fd becomes the source's. */
int bundle_source_open(struct bundle_source *s, const char *path, const char *url, int fd,
		       struct err *e);

/* A file of a depot (depot(5)), whose place stays open meanwhile. */
int bundle_source_open_at(struct bundle_source *s, const struct depot_place *place,
			  const char *path, struct err *e);

/* Does it come over the network? */
bool bundle_source_is_remote(const struct bundle_source *s);

/*
 * The whole of what is in it, at most max bytes; *data is allocated, with a NUL
 * behind. ERR_INVALID if it is larger, ERR_UNAVAILABLE if the connection breaks.
 */
int bundle_source_all(struct bundle_source *s, size_t max, char **data, size_t *len, struct err *e);

/* Opens the bundle in it (bundle_open()). */
int bundle_source_read(struct bundle_source *s, struct bundle **b, struct err *e);

/* Or reads what is in it: as bundle_read_fn. */
ssize_t bundle_source_bytes(void *s, void *buf, size_t size);

/* Reading failed with num: what that means, in words. Returns -1. */
int bundle_source_fault(const struct bundle_source *s, int num, struct err *e);

/* After something else failed: if it was the connection, *e says so. Was it? */
bool bundle_source_explain(const struct bundle_source *s, struct err *e);

void bundle_source_close(struct bundle_source *s);

#endif
