// SPDX-License-Identifier: Apache-2.0
/* What is damaged or breaks a rule of the tree, the check finds. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tests/unit/writer_sample.h"

/* Each bit of the file flipped in turn: there is none that means nothing. */
static void flipped_bits(void **state)
{
	int fd = write_sample(), copy = temporary();
	struct err e;
	size_t len;
	char *bytes = bytes_of(fd, &len);

	(void)state;
	for (size_t i = 0; i < len * 8; i++) {
		bytes[i / 8] ^= (char)(1 << i % 8);
		assert_int_equal(pwrite(copy, bytes, len, 0), len);
		bytes[i / 8] ^= (char)(1 << i % 8);
		if (!check(copy, &e))
			fail_msg("bit %zu of %zu: nobody saw it", i, len * 8);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_non_null(strstr(e.text, "sample: offset "));
	}
	free(bytes);
	close(fd);
	close(copy);
}

static void cut_files(void **state)
{
	int fd = write_sample();
	struct err e;
	off_t len = lseek(fd, 0, SEEK_END);

	(void)state;
	while (len-- > 0) {
		assert_int_equal(ftruncate(fd, len), 0);
		assert_int_equal(check(fd, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
	}
	close(fd);
}

/* The rules that need the tree or the contents. */
static void tree_rules(void **state)
{
	static const struct {
		int entry;
		uint32_t at;
		const char *bytes;
		uint32_t len;
		const char *message;
	} bad[] = {
		{ SAMPLE_D, 0, "c", 1, "path: its directory is not listed" },
		{ SAMPLE_D, 156, "6", 1, "path: is below something that is no directory" },
		{ SAMPLE_B, 157, "z", 1, "linkname: names no earlier regular file" },
		{ SAMPLE_B, 157, "q", 1, "linkname: names no earlier regular file" },
		{ SAMPLE_B, 157, "b", 1, "linkname: names no earlier regular file" },
		{ SAMPLE_B, 157, "d", 1, "linkname: names no earlier regular file" },
	};
	static unsigned char data[3 * 4096];
	struct tar_sample s;
	struct err e;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		sample_make(&s);
		memcpy(s.base + s.at[bad[i].entry] + bad[i].at, bad[i].bytes, bad[i].len);
		sample_seal(s.base, s.at[bad[i].entry]);
		fd = write_raw(&s, data, sizeof(data));
		assert_int_equal(check(fd, &e), -1);
		if (!strstr(e.text, bad[i].message))
			fail_msg("%zu: %s", i, e.text);
		close(fd);
		free(s.base);
	}
}

static void padding_is_zero(void **state)
{
	static unsigned char data[3 * 4096];
	struct tar_sample s;
	struct err e;
	int fd;

	(void)state;
	sample_make(&s);
	for (size_t i = 0; i < sizeof(data); i += 1) {
		bool inside = i < 5000 || i == 8192;

		if (i % 97 && i != 4999 && i != 5000 && i != 8192 && i != 8193 && i != 8191)
			continue;
		data[i] = 1;
		fd = write_raw(&s, data, sizeof(data));
		assert_int_equal(check(fd, &e), inside ? 0 : -1);
		if (!inside)
			assert_non_null(strstr(e.text, "padding: not zero"));
		data[i] = 0;
		close(fd);
	}
	free(s.base);
}

static void areas_of_wrong_length(void **state)
{
	static unsigned char data[4 * 4096];
	struct tar_sample s;
	struct err e;

	(void)state;
	sample_make(&s);
	for (size_t len = 4096; len <= sizeof(data); len += 4096) {
		int fd = write_raw(&s, data, len);

		assert_int_equal(check(fd, &e), len == 3 * 4096 ? 0 : -1);
		close(fd);
	}
	free(s.base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flipped_bits),
		cmocka_unit_test(cut_files),
		cmocka_unit_test(tree_rules),
		cmocka_unit_test(padding_is_zero),
		cmocka_unit_test(areas_of_wrong_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
