// SPDX-License-Identifier: GPL-2.0-only
/* Names, sizes and limits, and the text of mount options. */
#include "kernel.h"

#include "tests/unit/unit.h"
#include "visorfs/spec.h"

static void names(void **state)
{
	static const char *const bad[] = {
		"", ".", ".a", "a/b", "/", "a\nb", "\x01", "a\x7f", "a\t"
	};
	char name[VISORFS_NAME_MAX + 2];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(visorfs_name_ok(bad[i]));
	assert_true(visorfs_name_ok("a"));
	assert_true(visorfs_name_ok("base.v00"));
	assert_true(visorfs_name_ok("\xc3\xa4 b"));
	memset(name, 'n', sizeof(name));
	name[VISORFS_NAME_MAX] = '\0';
	assert_true(visorfs_name_ok(name));
	name[VISORFS_NAME_MAX] = 'n';
	name[VISORFS_NAME_MAX + 1] = '\0';
	assert_false(visorfs_name_ok(name));
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		u64 size;
	} good[] = {
		{ "0", 0 },
		{ "64", 64 },
		{ "007", 7 },
		{ "64k", 65536 },
		{ "1K", 1024 },
		{ "32m", 32 << 20 },
		{ "3G", 3ull << 30 },
		{ "18446744073709551615", U64_MAX },
		{ "17179869183g", 17179869183ull << 30 },
		{ "18014398509481983k", 18014398509481983ull << 10 },
	};
	static const char *const bad[] = {
		"",
		"k",
		"-1",
		"+1",
		" 1",
		"1 ",
		"1kk",
		"1kb",
		"1t",
		"0x10",
		"1.5",
		"1m1",
		"18446744073709551616",
		"17179869184g",
		"17179869185g",
		"18014398509481984k",
		"99999999999999999999999999",
	};
	u64 size;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(visorfs_parse_size(good[i].text, &size), 0);
		assert_int_equal(size, good[i].size);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (visorfs_parse_size(bad[i], &size) != -EINVAL)
			fail_msg("%s was taken for %llu", bad[i], (unsigned long long)size);
}

static void limits(void **state)
{
	static const struct visorfs_limits bad[] = {
		{ .max = PAGE_SIZE - 1, .inodes = 1 },
		{ .max = 1ull << 63, .inodes = 1 },
		{ .max = PAGE_SIZE, .min = PAGE_SIZE + 1, .inodes = 1 },
		{ .max = PAGE_SIZE },
		{ .max = PAGE_SIZE, .inodes = 1ull << 63 },
	};
	struct visorfs_limits l = { .max = PAGE_SIZE, .inodes = 1 };
	struct visorfs_msg msg = { "" };

	(void)state;
	assert_int_equal(visorfs_check_limits("a", &l, &msg), 0);
	assert_int_equal(visorfs_reserved_pages(&l), 0);
	assert_int_equal(visorfs_check_limits("a/", &l, &msg), -EINVAL);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		msg.text[0] = '\0';
		assert_int_equal(visorfs_check_limits("a", &bad[i], &msg), -EINVAL);
		assert_string_equal(msg.text, "ramdisk a: a limit is out of range");
	}
	/* The cap is rounded down; no more than that is reserved. */
	l.max = 2 * PAGE_SIZE + 1;
	l.min = PAGE_SIZE + 1;
	assert_int_equal(visorfs_reserved_pages(&l), 2);
	l.min = 2 * PAGE_SIZE + 1;
	assert_int_equal(visorfs_reserved_pages(&l), 2);
	l.max = S64_MAX;
	l.min = S64_MAX;
	assert_int_equal(visorfs_check_limits("a", &l, &msg), 0);
	assert_int_equal(visorfs_reserved_pages(&l), S64_MAX >> PAGE_SHIFT);
}

static void ramdisks(void **state)
{
	static const char *const bad[] = {
		"",	     "a",	  "a:b",	"a:b:1m",      "a:b:1m:",      "a:b::5",
		":b:1m:5",   "a:b:1m:5:", "a:b:1m:5:x", "a:b:1m:5:0:", "a:b:1m:5:0:1", "a:b:1x:5",
		"a:b:1m:5k", "a:b:1m:-5", ".a:b:1m:5",	"a/b:c:1m:5",
	};
	char text[] = "tmp:/tmp/x:64m:512:8k", least[] = "a::1:0";
	struct visorfs_ramdisk_spec spec;
	struct visorfs_msg msg = { "" };

	(void)state;
	assert_int_equal(visorfs_parse_ramdisk(text, &spec, &msg), 0);
	assert_string_equal(spec.name, "tmp");
	assert_string_equal(spec.path, "/tmp/x");
	assert_int_equal(spec.limits.max, 64 << 20);
	assert_int_equal(spec.limits.inodes, 512);
	assert_int_equal(spec.limits.min, 8192);
	assert_int_equal(visorfs_parse_ramdisk(least, &spec, &msg), 0);
	assert_int_equal(spec.limits.min, 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char *copy = strdup(bad[i]);

		msg.text[0] = '\0';
		if (visorfs_parse_ramdisk(copy, &spec, &msg) != -EINVAL || !msg.text[0])
			fail_msg("%s was taken", bad[i]);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(sizes),
		cmocka_unit_test(limits),
		cmocka_unit_test(ramdisks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
