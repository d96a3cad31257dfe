// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/zip_sample.h"

#include <string.h>
#include <zlib.h>

#include "tests/unit/unit.h"

struct buffer {
	unsigned char *at;
	size_t *len;
};

static void put(struct buffer b, unsigned int bytes, size_t value)
{
	for (unsigned int i = 0; i < bytes; i++)
		b.at[(*b.len)++] = (unsigned char)(value >> (8 * i));
}

static void put_text(struct buffer b, const void *text, size_t len)
{
	memcpy(b.at + *b.len, text, len);
	*b.len += len;
}

/* What header and directory have in common, from the version on. */
static void put_common(struct buffer b, int method, uLong crc, size_t packed, size_t size,
		       size_t name)
{
	put(b, 2, 20);
	put(b, 2, 0);
	put(b, 2, (size_t)method);
	put(b, 4, 0);
	put(b, 4, crc);
	put(b, 4, packed);
	put(b, 4, size);
	put(b, 2, name);
}

static size_t pack(unsigned char *out, const void *content, size_t size)
{
	z_stream s = { .next_in = (Bytef *)content,
		       .avail_in = (uInt)size,
		       .next_out = out,
		       .avail_out = ZIP_SAMPLE_MAX };

	assert_int_equal(deflateInit2(&s, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
	deflateEnd(&s);
	return s.total_out;
}

void zip_sample_start(struct zip_sample *z)
{
	memset(z, 0, sizeof(*z));
}

void zip_sample_add(struct zip_sample *z, const char *name, int method, const void *content,
		    size_t size)
{
	static unsigned char packed[ZIP_SAMPLE_MAX];
	struct buffer data = { z->data, &z->len }, entries = { z->entries, &z->entries_len };
	uLong crc = crc32(0, content, (uInt)size);
	size_t len = method ? pack(packed, content, size) : size;

	z->header = z->len;
	z->n++;
	put_text(data, "PK\3\4", 4);
	put_common(data, method, crc, len, size, strlen(name));
	put(data, 2, 3);
	put_text(data, name, strlen(name));
	put_text(data, "xyz", 3);
	put_text(data, method ? packed : content, len);

	put_text(entries, "PK\1\2", 4);
	put(entries, 2, 20);
	put_common(entries, method, crc, len, size, strlen(name));
	put(entries, 4, 0);
	put(entries, 8, 0);
	put(entries, 4, z->header);
	put_text(entries, name, strlen(name));
}

void zip_sample_end(struct zip_sample *z, const char *comment)
{
	struct buffer data = { z->data, &z->len };

	z->directory = z->len;
	put_text(data, z->entries, z->entries_len);
	put_text(data, "PK\5\6\0\0\0\0", 8);
	put(data, 2, z->n);
	put(data, 2, z->n);
	put(data, 4, z->entries_len);
	put(data, 4, z->directory);
	put(data, 2, strlen(comment));
	put_text(data, comment, strlen(comment));
}
