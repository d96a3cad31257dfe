/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a file from an HTTP or HTTPS server as a stream, blocking. Whom it
 * believes fetch_tls.h says. Redirections are followed, at most
 * FETCH_REDIRECTS of them, never from https to http. When a connection breaks,
 * the rest is asked for on a new one, if the server can prove by an ETag or a
 * time that it is of the same file; at most FETCH_RETRIES times without a byte.
 */
#ifndef VISOR_CORE_FETCH_H
#define VISOR_CORE_FETCH_H

#include <sys/types.h>

#include "err.h"

#define FETCH_TIMEOUT 30 /* seconds without progress */
#define FETCH_REDIRECTS 5
#define FETCH_RETRIES 5

struct fetch;

/*
 * Connects and reads the answer's headers. ERR_USAGE for what is no URL,
 * ERR_NOT_FOUND and ERR_DENIED as the server says, ERR_DENIED too for one that is not believed,
 * ERR_UNAVAILABLE if it does not answer.
 */
int fetch_open(struct fetch **f, const char *url, struct err *e);

/* 1 to size bytes, 0 at the end, -1 with errno: EIO when the connection broke. */
ssize_t fetch_read(struct fetch *f, void *buf, size_t size);

/* NULL is allowed. */
void fetch_close(struct fetch *f);

#endif
