// SPDX-License-Identifier: Apache-2.0
/* Members of zip archives, good ones and such as nobody should make. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/unit/unit.h"
#include "userworld/core/zipfile.h"

#define SIZE 200000

static unsigned char content[SIZE];

struct image {
	unsigned char data[2 * SIZE];
	size_t len;
	size_t header;	  /* of the second member */
	size_t directory; /* where it begins */
};

static void put(struct image *m, unsigned int bytes, size_t value)
{
	for (unsigned int i = 0; i < bytes; i++)
		m->data[m->len++] = (unsigned char)(value >> (8 * i));
}

static void put_text(struct image *m, const void *text, size_t len)
{
	memcpy(m->data + m->len, text, len);
	m->len += len;
}

/* What header and directory have in common, from the version on. */
static void put_common(struct image *m, int method, uLong crc, size_t packed, size_t size)
{
	put(m, 2, 20);
	put(m, 2, 0);
	put(m, 2, (size_t)method);
	put(m, 4, 0);
	put(m, 4, crc);
	put(m, 4, packed);
	put(m, 4, size);
}

static size_t pack(unsigned char *out)
{
	z_stream s = { .next_in = content, .avail_in = SIZE, .next_out = out, .avail_out = SIZE };

	assert_int_equal(deflateInit2(&s, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
	deflateEnd(&s);
	return s.total_out;
}

/* Two members: "a" of one byte, stored, and "dir/b" with content by that method. */
static void make(struct image *m, int method)
{
	static unsigned char packed[SIZE];
	uLong crc = crc32(0, content, SIZE);
	size_t len = method ? pack(packed) : SIZE;

	memset(m, 0, sizeof(*m));
	put_text(m, "PK\3\4", 4);
	put_common(m, 0, crc32(0, (const unsigned char *)"x", 1), 1, 1);
	put(m, 2, 1);
	put(m, 2, 0);
	put_text(m, "ax", 2);
	m->header = m->len;
	put_text(m, "PK\3\4", 4);
	put_common(m, method, crc, len, SIZE);
	put(m, 2, 5);
	put(m, 2, 3); /* an extra field */
	put_text(m, "dir/bxyz", 8);
	put_text(m, method ? packed : content, len);
	m->directory = m->len;
	for (int i = 0; i < 2; i++) {
		put_text(m, "PK\1\2", 4);
		put(m, 2, 20);
		if (i)
			put_common(m, method, crc, len, SIZE);
		else
			put_common(m, 0, crc32(0, (const unsigned char *)"x", 1), 1, 1);
		put(m, 2, i ? 5 : 1);
		put(m, 4, 0);
		put(m, 8, 0);
		put(m, 4, i ? m->header : 0);
		put_text(m, i ? "dir/b" : "a", i ? 5 : 1);
	}
	len = m->len - m->directory;
	put_text(m, "PK\5\6\0\0\0\0", 8);
	put(m, 2, 2);
	put(m, 2, 2);
	put(m, 4, len);
	put(m, 4, m->directory);
	put(m, 2, 0);
}

/* Bytes read of the member, or minus the kind of the error, or -100 when reading fails. */
static long read_member(const struct image *m, size_t len, const char *member)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);
	struct err e = ERR_INIT;
	struct zipfile *z;
	static unsigned char buf[SIZE + 1];
	long got = 0;
	ssize_t n;

	assert_int_equal(write(fd, m->data, len), len);
	if (zipfile_open(&z, fd, "zip", member, &e)) {
		close(fd);
		return -(long)e.kind;
	}
	while ((n = zipfile_read(z, buf + got, got + 7000 < SIZE ? 7000 : SIZE - (size_t)got + 1)) >
	       0)
		got += n;
	/* What is wrong may come out, but not to the end without a word. */
	if (n == 0 && member[0] == 'd')
		assert_memory_equal(buf, content, (size_t)got);
	if (n < 0)
		assert_int_equal(errno, EBADMSG);
	zipfile_close(z);
	close(fd);
	return n < 0 ? -100 : got;
}

static void good(void **state)
{
	static struct image m;

	(void)state;
	for (int method = 0; method <= 8; method += 8) {
		make(&m, method);
		assert_int_equal(read_member(&m, m.len, "dir/b"), SIZE);
		assert_int_equal(read_member(&m, m.len, "a"), 1);
		assert_int_equal(read_member(&m, m.len, "b"), -(long)ERR_NOT_FOUND);
	}
}

static void bad(void **state)
{
	static struct image m;

	(void)state;
	make(&m, 8);
	assert_int_equal(read_member(&m, 0, "a"), -(long)ERR_INVALID);
	assert_int_equal(read_member(&m, m.len - 1, "a"), -(long)ERR_INVALID);
	/* Damage in the content, in the directory, in the header. */
	m.data[m.header + 1000] ^= 4;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -100);
	make(&m, 0);
	m.data[m.header + 1000] ^= 4;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -100);
	make(&m, 0);
	m.data[m.directory] ^= 1;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -(long)ERR_INVALID);
	make(&m, 0);
	m.data[m.header] ^= 1;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -(long)ERR_INVALID);
	/* Encrypted; packed in another way. */
	make(&m, 0);
	m.data[m.directory + 47 + 8] = 1;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -(long)ERR_INVALID);
	make(&m, 0);
	m.data[m.directory + 47 + 10] = 12;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -(long)ERR_INVALID);
	/* More content than the directory says; less of it. */
	make(&m, 8);
	m.data[m.directory + 47 + 24]--;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -100);
	make(&m, 8);
	m.data[m.directory + 47 + 21]--;
	assert_int_equal(read_member(&m, m.len, "dir/b"), -100);
}

/* Whatever byte flips: no more than what was there comes out, and nothing wrong. */
static void flips(void **state)
{
	static struct image m;

	(void)state;
	make(&m, 8);
	for (size_t i = m.directory; i < m.len; i++) {
		long got;

		m.data[i] ^= 0xff;
		got = read_member(&m, m.len, "dir/b");
		assert_true(got < 0 || got == SIZE);
		m.data[i] ^= 0xff;
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(bad),
		cmocka_unit_test(flips),
	};

	for (size_t i = 0; i < SIZE; i++)
		content[i] = (unsigned char)(i / 7 * (i % 13));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
