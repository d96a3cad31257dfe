/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a file, or a part of one, from an HTTP or HTTPS server as a stream,
 * blocking. Whom it believes tls.h says. Redirections are followed, at most
 * FETCH_REDIRECTS of them, never from https to http. When a connection breaks,
 * the rest is asked for on a new one, if the server can prove by an ETag or a
 * time that it is of the same file; at most FETCH_RETRIES times without a byte.
 */
#ifndef VISOR_CORE_FETCH_FETCH_H
#define VISOR_CORE_FETCH_FETCH_H

#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "err.h"
#include "range.h"

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

/*
 * The last len bytes, or all if there are fewer. A server without ranges gives
 * the whole file, which fetch_is_whole() tells.
 */
int fetch_open_tail(struct fetch **f, const char *url, uint64_t len, struct err *e);

/*
 * len bytes from that one on, of the very file that was read before. ERR_UNAVAILABLE
 * also if it has changed since; if the server had no validator, only a change of its
 * size is seen.
 */
int fetch_open_part(struct fetch **f, const char *url, const struct fetch_file *file, uint64_t from,
		    uint64_t len, struct err *e);

/* Does what comes begin with the first byte of the file and go to its end? */
bool fetch_is_whole(const struct fetch *f);

/* As the server said in its first answer. */
const struct fetch_file *fetch_file(const struct fetch *f);

/* 1 to size bytes, 0 at the end, -1 with errno: EIO when the connection broke. */
ssize_t fetch_read(struct fetch *f, void *buf, size_t size);

/* The same until size bytes are there or it ends. */
ssize_t fetch_fill(struct fetch *f, void *buf, size_t size);

/* NULL is allowed. */
void fetch_close(struct fetch *f);

/* Variables of the caller: _cleanup_fetch_ struct fetch *f = NULL; */
static inline void fetch_close_p(struct fetch **f)
{
	fetch_close(*f);
}
#define _cleanup_fetch_ __attribute__((cleanup(fetch_close_p)))

/* Is a text for fetch_open(), and no path or label? */
static inline bool fetch_is_url(const char *text)
{
	return !strncmp(text, "http://", 7) || !strncmp(text, "https://", 8);
}

#endif
