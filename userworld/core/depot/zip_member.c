// SPDX-License-Identifier: Apache-2.0
#include "zip_member.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "zip_bytes.h"

#define ENCRYPTED 0x1
#define STORED 0
#define DEFLATED 8

struct zip_member {
	zip_read_fn *read;
	void *context;
	uint32_t left; /* packed bytes still to come */
	uint32_t size; /* unpacked ones */
	uint32_t crc;  /* as it should be */
	uint32_t sum;  /* as it is so far */
	uint32_t method;
	z_stream stream;
	unsigned char in[16384];
};

static bool read_fully(struct zip_member *m, void *buf, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = m->read(m->context, (char *)buf + got, size - got);

		if (n == 0)
			errno = EBADMSG;
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

static bool start(struct zip_member *m, const struct zip_entry *entry)
{
	unsigned char raw[ZIP_HEADER_SIZE];

	if (entry->flags & ENCRYPTED || (entry->method != STORED && entry->method != DEFLATED)) {
		errno = ENOTSUP;
		return false;
	}
	if (!read_fully(m, raw, sizeof(raw)))
		return false;
	if (memcmp(raw, "PK\3\4", 4) != 0) {
		errno = EBADMSG;
		return false;
	}
	for (size_t skip = le_get16(raw + 26) + le_get16(raw + 28), n; skip; skip -= n) {
		n = skip < sizeof(m->in) ? skip : sizeof(m->in);
		if (!read_fully(m, m->in, n))
			return false;
	}
	if (entry->method == DEFLATED && inflateInit2(&m->stream, -MAX_WBITS) != Z_OK) {
		errno = ENOMEM;
		return false;
	}
	m->method = entry->method;
	return true;
}

struct zip_member *zip_member_open(const struct zip_entry *entry, zip_read_fn *read, void *context)
{
	struct zip_member *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->read = read;
	m->context = context;
	m->left = entry->packed;
	m->size = entry->size;
	m->crc = entry->crc;
	if (start(m, entry))
		return m;
	zip_member_close(m);
	return NULL;
}

/* The next packed bytes into buf; 0 at their end, -1. */
static ssize_t take_packed(struct zip_member *m, void *buf, size_t size)
{
	ssize_t n = m->left ? m->read(m->context, buf, size < m->left ? size : m->left) : 0;

	if (n > 0) {
		m->left -= (uint32_t)n;
	} else if (n == 0 && m->left) {
		errno = EBADMSG;
		return -1;
	}
	return n;
}

static ssize_t inflate_some(struct zip_member *m, void *buf, size_t size)
{
	int rc = Z_OK;

	m->stream.next_out = buf;
	m->stream.avail_out = (uInt)size;
	while (m->stream.avail_out == size && rc == Z_OK) {
		if (!m->stream.avail_in) {
			ssize_t n = take_packed(m, m->in, sizeof(m->in));

			if (n < 0)
				return -1;
			m->stream.next_in = m->in;
			m->stream.avail_in = (uInt)n;
		}
		rc = inflate(&m->stream, Z_NO_FLUSH);
	}
	if (rc == Z_OK || rc == Z_STREAM_END)
		return (ssize_t)(size - m->stream.avail_out);
	errno = EBADMSG;
	return -1;
}

ssize_t zip_member_read(struct zip_member *m, void *buf, size_t size)
{
	ssize_t n;

	/* No more comes than the directory says, so nobody is flooded. */
	if (size > m->size)
		size = m->size;
	if (!size)
		n = 0;
	else
		n = m->method == STORED ? take_packed(m, buf, size) : inflate_some(m, buf, size);
	if (n > 0) {
		m->size -= (uint32_t)n;
		m->sum = (uint32_t)crc32(m->sum, buf, (uInt)n);
	} else if (n == 0 && (m->size || m->sum != m->crc)) {
		errno = EBADMSG;
		return -1;
	}
	return n;
}

void zip_member_close(struct zip_member *m)
{
	int saved = errno;

	if (!m)
		return;
	if (m->method == DEFLATED)
		inflateEnd(&m->stream);
	free(m);
	errno = saved;
}
