/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A zip archive as a depot has it: on the host, or on a web server. From a server
 * only its directory and the members that are opened are read, by ranges; each must
 * be of the archive that was opened. One that answers no ranges has to give it as a
 * whole, into memory, up to ARCHIVE_WHOLE_MAX bytes.
 */
#ifndef VISOR_CORE_DEPOT_ARCHIVE_H
#define VISOR_CORE_DEPOT_ARCHIVE_H

#include <stdbool.h>
#include <sys/types.h>

#include "err.h"

#define ARCHIVE_WHOLE_MAX (64u << 20)

struct archive;
struct archive_member;

/*
 * fd is of a regular file and becomes the archive's, even on failure; name is for
 * messages. ERR_INVALID for what is no archive or not to be read.
 */
int archive_open(struct archive **a, int fd, const char *name, struct err *e);

/* The same from a URL; errors also as fetch_open(), and ERR_NO_SPACE. */
int archive_open_url(struct archive **a, const char *url, struct err *e);

/* Members must have been closed. NULL is allowed. */
void archive_close(struct archive *a);

/*
 * A member as a stream; many may be read at the same time, each by one thread.
 * name is for messages. ERR_NOT_FOUND if there is none.
 */
int archive_member_open(struct archive_member **m, const struct archive *a, const char *member,
			const char *name, struct err *e);

/* 1 to size bytes, 0 at the end, -1 with errno: EBADMSG for damage, EIO when a connection broke. */
ssize_t archive_member_read(struct archive_member *m, void *buf, size_t size);

/* Does it come over the network? */
bool archive_member_is_remote(const struct archive_member *m);

/* NULL is allowed. */
void archive_member_close(struct archive_member *m);

#endif
