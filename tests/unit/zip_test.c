// SPDX-License-Identifier: Apache-2.0
/* Members of zip archives, good ones and such as nobody should make. */
#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/zip_sample.h"
#include "userworld/core/depot/zip_member.h"

#define SIZE 200000

static unsigned char content[SIZE];
static struct zip_sample m;

struct reader {
	size_t at;
	size_t end;
};

/* At most 5000 at a time, as from a network. */
static ssize_t read_some(void *context, void *buf, size_t size)
{
	struct reader *r = context;
	size_t n = r->end - r->at;

	n = n < size ? n : size;
	n = n < 5000 ? n : 5000;
	memcpy(buf, m.data + r->at, n);
	r->at += n;
	return (ssize_t)n;
}

/* Two members: "a" of one byte, stored, and "dir/b" with content by that method. */
static void make(int method)
{
	zip_sample_start(&m);
	zip_sample_add(&m, "a", 0, "x", 1);
	zip_sample_add(&m, "dir/b", method, content, SIZE);
	zip_sample_end(&m, "");
}

/* Bytes read of the member, or minus the kind of the error, or -100 - errno when reading fails. */
static long read_member(size_t len, const char *member)
{
	size_t tail = len < ZIP_TAIL ? len : ZIP_TAIL;
	static unsigned char buf[SIZE + 1];
	struct err e = ERR_INIT;
	struct zip_place place;
	struct zip_entry entry;
	struct zip_member *z;
	struct reader r;
	long got = 0;
	ssize_t n;

	if (zip_find_directory(m.data + len - tail, tail, len, &place, "zip", &e) ||
	    zip_find_entry(m.data + place.at, &place, member, &entry, "zip", &e))
		return -(long)e.kind;
	assert_true(entry.end <= place.at);
	r = (struct reader){ entry.header, entry.end };
	z = zip_member_open(&entry, read_some, &r);
	if (!z)
		return -100 - errno;
	while ((n = zip_member_read(z, buf + got,
				    got + 7000 < SIZE ? 7000 : SIZE - (size_t)got + 1)) > 0)
		got += n;
	/* What is wrong may come out, but not to the end without a word. */
	if (n == 0 && member[0] == 'd')
		assert_memory_equal(buf, content, (size_t)got);
	if (n < 0)
		got = -100 - errno;
	zip_member_close(z);
	return got;
}

static void expect_damage(void)
{
	assert_int_equal(read_member(m.len, "dir/b"), -100 - EBADMSG);
}

static void good(void **state)
{
	(void)state;
	for (int method = 0; method <= 8; method += 8) {
		make(method);
		assert_int_equal(read_member(m.len, "dir/b"), SIZE);
		assert_int_equal(read_member(m.len, "a"), 1);
		assert_int_equal(read_member(m.len, "b"), -(long)ERR_NOT_FOUND);
	}
}

/* A comment may be as long as it may, and look like the end of an archive. */
static void comments(void **state)
{
	static char comment[65536];

	(void)state;
	memset(comment, 'c', sizeof(comment) - 1);
	memcpy(comment + 1000, "PK\5\6zzzzzzzzzzzzzzzzzzzz", 24);
	zip_sample_start(&m);
	zip_sample_add(&m, "a", 0, "x", 1);
	zip_sample_end(&m, comment);
	assert_int_equal(read_member(m.len, "a"), 1);
}

static void cut_off(void **state)
{
	(void)state;
	make(8);
	assert_int_equal(read_member(0, "a"), -(long)ERR_INVALID);
	for (size_t len = m.len - 1; len > m.directory - 10; len--)
		assert_int_equal(read_member(len, "a"), -(long)ERR_INVALID);
	/* The end is there, part of the directory is not. */
	memmove(m.data + m.directory + 60, m.data + m.len - 22, 22);
	assert_int_equal(read_member(m.directory + 60 + 22, "a"), -(long)ERR_INVALID);
	/* More entries than there are. */
	make(8);
	m.data[m.len - 22 + 10]++;
	assert_int_equal(read_member(m.len, "missing"), -(long)ERR_INVALID);
}

static void damaged(void **state)
{
	unsigned char *entry;

	(void)state;
	/* In the content, in the directory, in the header. */
	make(8);
	m.data[m.header + 1000] ^= 4;
	expect_damage();
	make(0);
	m.data[m.header + 1000] ^= 4;
	expect_damage();
	make(0);
	m.data[m.directory] ^= 1;
	assert_int_equal(read_member(m.len, "dir/b"), -(long)ERR_INVALID);
	make(0);
	m.data[m.header] ^= 1;
	expect_damage();
	/* Encrypted; packed in another way. */
	make(0);
	entry = m.data + m.directory + 47;
	entry[8] = 1;
	assert_int_equal(read_member(m.len, "dir/b"), -100 - ENOTSUP);
	make(0);
	entry[10] = 12;
	assert_int_equal(read_member(m.len, "dir/b"), -100 - ENOTSUP);
	/* More content than the directory says; less of it; more than the archive has. */
	make(8);
	entry = m.data + m.directory + 47;
	entry[24]--;
	expect_damage();
	make(8);
	entry[21]--;
	expect_damage();
	make(0);
	entry = m.data + m.directory + 47;
	entry[23] = 1;
	assert_int_equal(read_member(m.len, "dir/b"), -(long)ERR_INVALID);
	make(0);
	entry[44] = 1;
	assert_int_equal(read_member(m.len, "dir/b"), -(long)ERR_INVALID);
}

/* What needs the fields of 64 bits, or more memory than a directory is worth. */
static void too_large(void **state)
{
	unsigned char *end;

	(void)state;
	make(8);
	end = m.data + m.len - 22;
	end[15] = 1;
	assert_int_equal(read_member(m.len, "a"), -(long)ERR_INVALID);
	make(8);
	memset(end + 16, 0xff, 4);
	assert_int_equal(read_member(m.len, "a"), -(long)ERR_INVALID);
	make(8);
	memset(end + 10, 0xff, 2);
	assert_int_equal(read_member(m.len, "a"), -(long)ERR_INVALID);
}

/* Whatever byte flips: no more than what was there comes out, and nothing wrong. */
static void flips(void **state)
{
	(void)state;
	make(8);
	for (size_t i = m.directory; i < m.len; i++) {
		long got;

		m.data[i] ^= 0xff;
		got = read_member(m.len, "dir/b");
		assert_true(got < 0 || got == SIZE);
		m.data[i] ^= 0xff;
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),	   cmocka_unit_test(comments),	cmocka_unit_test(cut_off),
		cmocka_unit_test(damaged), cmocka_unit_test(too_large), cmocka_unit_test(flips),
	};

	for (size_t i = 0; i < SIZE; i++)
		content[i] = (unsigned char)(i / 7 * (i % 13));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
