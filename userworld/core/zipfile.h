/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a member of a zip archive as a stream: stored or deflated ones, in an
 * archive below 4 GiB. (libarchive's reader of zip would bring two more
 * decompressors and a cryptographic library into the image.)
 */
#ifndef VISOR_CORE_ZIPFILE_H
#define VISOR_CORE_ZIPFILE_H

#include <sys/types.h>

#include "err.h"

struct zipfile;

/*
 * Opens the member of that name. fd is of a regular file and stays the caller's;
 * name is for messages. ERR_INVALID for what is no archive or not to be read,
 * ERR_NOT_FOUND if it has no such member.
 */
int zipfile_open(struct zipfile **z, int fd, const char *name, const char *member, struct err *e);

/* 1 to size bytes, 0 at the end, -1 with errno: EBADMSG for a damaged member. */
ssize_t zipfile_read(struct zipfile *z, void *buf, size_t size);

/* NULL is allowed. */
void zipfile_close(struct zipfile *z);

#endif
