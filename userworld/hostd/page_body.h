/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of one file of the page, which the program has packed (gzip). */
#ifndef HOSTD_PAGE_BODY_H
#define HOSTD_PAGE_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

/* Does a client with that header (NULL: none) take gzip? RFC 9110, 12.5.3. Pure. */
bool page_takes_gzip(const char *accept);

/* For clients that do not: the file, *size bytes to be freed by the caller; NULL with e set. */
char *page_unpack(const void *packed, size_t len, size_t *size, struct err *e);

#endif
