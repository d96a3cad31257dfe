// SPDX-License-Identifier: Apache-2.0
#include "page_body.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define TRAILER 4	       /* bytes at the end of a gzip file: its size unpacked */
#define UNPACKED_MAX (1 << 20) /* no file of a page is that long */

/* "q=0" and "q=0.000": not that one. */
static bool is_refused(const char *params, size_t len)
{
	const char *q = memchr(params, '=', len);

	if (!q)
		return false;
	len -= (size_t)(q + 1 - params);
	return strspn(q + 1, "0. \t") >= len;
}

static bool is_coding(const char *word, size_t len, const char *coding)
{
	return len == strlen(coding) && !strncasecmp(word, coding, len);
}

/* What is named counts more than "*". */
bool page_takes_gzip(const char *accept)
{
	bool any = false;

	while (accept && *accept) {
		size_t all, len, params;

		accept += strspn(accept, " \t,");
		all = strcspn(accept, ",");
		len = strcspn(accept, " \t;,");
		params = strcspn(accept, ";,");
		if (is_coding(accept, len, "gzip"))
			return !is_refused(accept + params, all - params);
		if (is_coding(accept, len, "*"))
			any = !is_refused(accept + params, all - params);
		accept += all;
	}
	return any;
}

static int unpack(const void *packed, size_t len, char *out, size_t size)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)packed,
		       .avail_in = (unsigned int)len,
		       .next_out = (unsigned char *)out,
		       .avail_out = (unsigned int)size };
	int rc;

	if (inflateInit2(&z, MAX_WBITS + 16) != Z_OK)
		return -1;
	rc = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return rc == Z_STREAM_END && z.avail_out == 0 ? 0 : -1;
}

char *page_unpack(const void *packed, size_t len, size_t *size, struct err *e)
{
	const unsigned char *end = (const unsigned char *)packed + len - TRAILER;
	char *out;

	*size = len < TRAILER ? 0
			      : (size_t)end[0] | (size_t)end[1] << 8 | (size_t)end[2] << 16 |
					(size_t)end[3] << 24;
	if (len < TRAILER || *size > UNPACKED_MAX) {
		err_set(e, ERR_SYSTEM, "a file of the page is damaged in hostd");
		return NULL;
	}
	out = malloc(*size + 1);
	if (!out) {
		err_set(e, ERR_NO_SPACE, "a file of the page cannot be unpacked");
		return NULL;
	}
	if (unpack(packed, len, out, *size) == 0)
		return out;
	free(out);
	err_set(e, ERR_SYSTEM, "a file of the page cannot be unpacked");
	return NULL;
}
