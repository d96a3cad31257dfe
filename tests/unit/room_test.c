// SPDX-License-Identifier: Apache-2.0
/* Making room in a ramdisk: the biggest files of many, and which files are logs. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"
#include "userworld/core/system/log_empty.h"
#include "userworld/core/visorfs/biggest.h"

static void add(struct biggest *b, const char *path, uint64_t bytes)
{
	char copy[64];
	struct big_file f = { .path = copy, .bytes = bytes };

	snprintf(copy, sizeof(copy), "%s", path);
	assert_true(biggest_add(b, &f));
}

static void the_largest_stay_in_order(void **state)
{
	static struct biggest b = { .limit = 3 };

	(void)state;
	add(&b, "/b", 20);
	add(&b, "/a", 10);
	add(&b, "/d", 40);
	add(&b, "/small", 1);
	add(&b, "/c", 20);
	assert_int_equal(b.count, 3);
	assert_string_equal(b.file[0].path, "/d");
	assert_string_equal(b.file[1].path, "/b");
	assert_string_equal(b.file[2].path, "/c");
	biggest_free(&b);
	assert_int_equal(b.count, 0);
}

static void many_files_need_no_more_room(void **state)
{
	static struct biggest b = { .limit = BIGGEST_MAX };

	(void)state;
	for (unsigned int i = 0; i < 5000; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/%u", i);
		add(&b, path, i * 7919 % 5000);
	}
	assert_int_equal(b.count, BIGGEST_MAX);
	for (size_t i = 0; i < b.count; i++)
		assert_int_equal(b.file[i].bytes, 4999 - i);
	biggest_free(&b);
}

static void logs_are_known_by_their_names(void **state)
{
	(void)state;
	assert_true(log_empty_takes("vmkernel.log"));
	assert_true(log_empty_takes("hostd.log.1"));
	assert_true(log_empty_takes("my.own.log.12"));
	assert_false(log_empty_takes(".log"));
	assert_false(log_empty_takes("hostd.log."));
	assert_false(log_empty_takes("hostd.log.old"));
	assert_false(log_empty_takes("hostd.logs"));
	assert_false(log_empty_takes("spool"));
	assert_false(log_empty_takes("audit.log"));
	assert_false(log_empty_takes("audit.log.1"));
	assert_false(log_empty_takes("vmkernel-panic-20261123T103240Z-1.log"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_stay_in_order),
		cmocka_unit_test(many_files_need_no_more_room),
		cmocka_unit_test(logs_are_known_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
