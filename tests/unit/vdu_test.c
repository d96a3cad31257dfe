// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/unit.h"
#include "userworld/vdu/usage.h"

/* var { log { a: 1 MiB, b: 1 byte }, x: 68 KiB }, then a file by itself. */
static void feed(struct usage *u)
{
	assert_int_equal(usage_enter(u, 0), 0);
	assert_int_equal(usage_enter(u, 0), 0);
	usage_file(u, "var/log/a", 1 << 20);
	usage_file(u, "var/log/b", 1);
	usage_leave(u, "var/log");
	usage_file(u, "var/x", 68 << 10);
	usage_leave(u, "var");
	usage_file(u, "alone", 4096);
}

static void expect(bool all, bool human, const char *want)
{
	char *text = NULL;
	size_t len;
	struct usage u = { .out = open_memstream(&text, &len), .all = all, .human = human };

	feed(&u);
	fclose(u.out);
	assert_string_equal(text, want);
	free(text);
}

static void folders(void **state)
{
	(void)state;
	expect(false, false, "1025\tvar/log\n1093\tvar\n4\talone\n");
}

static void all_in_units(void **state)
{
	(void)state;
	expect(true, true,
	       "1M\tvar/log/a\n1B\tvar/log/b\n1M\tvar/log\n68K\tvar/x\n1M\tvar\n4K\talone\n");
}

static void too_deep(void **state)
{
	struct usage u = { .out = stdout };

	(void)state;
	for (int i = 0; i < USAGE_DEPTH_MAX; i++)
		assert_int_equal(usage_enter(&u, 0), 0);
	assert_int_equal(usage_enter(&u, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders),
		cmocka_unit_test(all_in_units),
		cmocka_unit_test(too_deep),
	};

	return cmocka_run_group_tests_name("vdu", tests, NULL, NULL);
}
