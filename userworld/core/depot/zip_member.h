/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacks a member of a zip archive as a stream: one that is stored or deflated. */
#ifndef VISOR_CORE_DEPOT_ZIP_MEMBER_H
#define VISOR_CORE_DEPOT_ZIP_MEMBER_H

#include <sys/types.h>

#include "zip_directory.h"

struct zip_member;

/* 1 to size bytes of the archive, 0 at its end, -1 with errno. */
typedef ssize_t zip_read_fn(void *context, void *buf, size_t size);

/*
 * read gives the archive from entry->header on, and lives as long as the member. On
 * failure NULL with errno: what read set, EBADMSG for a damaged member, ENOTSUP for
 * one that is encrypted or packed in another way, ENOMEM.
 */
struct zip_member *zip_member_open(const struct zip_entry *entry, zip_read_fn *read, void *context);

/* 1 to size bytes, 0 at the end, -1 with errno as above. */
ssize_t zip_member_read(struct zip_member *m, void *buf, size_t size);

/* NULL is allowed. */
void zip_member_close(struct zip_member *m);

#endif
