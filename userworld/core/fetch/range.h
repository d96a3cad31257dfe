/* SPDX-License-Identifier: Apache-2.0 */
/* Headers of HTTP about parts of a file, and by what a file is known to be the same. Pure. */
#ifndef VISOR_CORE_FETCH_RANGE_H
#define VISOR_CORE_FETCH_RANGE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* Which file a server gave. */
struct fetch_file {
	char validator[128]; /* ETag or time; "" if the server tells none that proves it */
	uint64_t size;	     /* bytes; 0 if the server does not tell */
};

/* Bytes from the first one to before the other; total as fetch_file.size. */
struct fetch_span {
	uint64_t from, to, total;
};

#define FETCH_RANGE_TEXT 64

/* The header Range for these bytes; to 0: up to the end. */
void fetch_range_format(uint64_t from, uint64_t to, char text[static FETCH_RANGE_TEXT]);

/* The same for the last len bytes. */
void fetch_range_format_tail(uint64_t len, char text[static FETCH_RANGE_TEXT]);

/* The header Content-Range, "bytes 1000-1999/2000"; NULL is allowed. 0, or -1 if it makes no sense.
 */
int fetch_range_parse(const char *text, struct fetch_span *span);

/* Of the headers ETag and Last-Modified what can be asked by; both may be NULL. A weak tag cannot.
 */
void fetch_validator(const char *tag, const char *time, struct fetch_file *file);

#endif
