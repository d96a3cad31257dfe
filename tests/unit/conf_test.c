// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/lib/conf.h"

static void good_file(void **state)
{
	struct err e = ERR_INIT;
	struct conf c;

	(void)state;
	assert_int_equal(conf_parse(&c, "a.conf",
				    "# head\n"
				    "\n"
				    "command = /bin/x -a b # why\n"
				    " url=http://h/#frag\r\n"
				    "empty =\n"
				    "last.one = 7",
				    &e),
			 0);
	assert_int_equal(c.count, 4);
	assert_string_equal(conf_get(&c, "command"), "/bin/x -a b");
	assert_string_equal(conf_get(&c, "url"), "http://h/#frag");
	assert_string_equal(conf_get(&c, "empty"), "");
	assert_string_equal(conf_get(&c, "last.one"), "7");
	assert_null(conf_get(&c, "other"));
	assert_int_equal(c.lines[3].line, 6);
	conf_free(&c);
}

static void bad_files_name_the_line(void **state)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "a = 1\nb\n", "f:2: expected 'key = value'" },
		{ "= 1\n", "f:1: '' is not a key" },
		{ "a b = 1\n", "f:1: 'a b' is not a key" },
		{ "a = 1\n\na = 2\n", "f:3: 'a' was given in line 1 already" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = ERR_INIT;
		struct conf c;

		assert_int_equal(conf_parse(&c, "f", bad[i].text, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_string_equal(e.text, bad[i].message);
		conf_free(&c);
	}
}

static void unknown_key(void **state)
{
	static const char *const known[] = { "a", "b", NULL };
	struct err e = ERR_INIT;
	struct conf c;

	(void)state;
	assert_int_equal(conf_parse(&c, "f", "b = 1\n", &e), 0);
	assert_int_equal(conf_check_keys(&c, known, &e), 0);
	conf_free(&c);
	assert_int_equal(conf_parse(&c, "f", "b = 1\nc = 2\n", &e), 0);
	assert_int_equal(conf_check_keys(&c, known, &e), -1);
	assert_string_equal(e.text, "f:2: unknown key 'c'");
	conf_free(&c);
}

static void typed(void **state)
{
	struct err e = ERR_INIT;
	unsigned int u = 5;
	uint64_t size = 9;
	bool b = true;
	struct conf c;

	(void)state;
	assert_int_equal(conf_parse(&c, "f", "b = no\ns = 12M\nu = 70\nbad = 1x\n", &e), 0);
	assert_int_equal(conf_get_bool(&c, "b", &b, &e), 1);
	assert_false(b);
	assert_int_equal(conf_get_bool(&c, "none", &b, &e), 0);
	assert_int_equal(conf_get_bool(&c, "u", &b, &e), -1);
	assert_string_equal(e.text, "f:3: u is yes or no, not '70'");
	assert_int_equal(conf_get_size(&c, "s", &size, &e), 1);
	assert_int_equal(size, 12 << 20);
	assert_int_equal(conf_get_size(&c, "bad", &size, &e), -1);
	assert_int_equal(conf_get_uint(&c, "u", 1, 100, &u, &e), 1);
	assert_int_equal(u, 70);
	assert_int_equal(conf_get_uint(&c, "u", 1, 69, &u, &e), -1);
	assert_string_equal(e.text, "f:3: u is a number from 1 to 69, not '70'");
	assert_int_equal(conf_get_uint(&c, "bad", 0, 9, &u, &e), -1);
	assert_int_equal(u, 70);
	conf_free(&c);
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		int rc;
		uint64_t bytes;
	} want[] = {
		{ "0", 0, 0 },
		{ "1K", 0, 1024 },
		{ "3G", 0, UINT64_C(3) << 30 },
		{ "max", 0, UINT64_MAX },
		{ "", -1, 0 },
		{ "-1", -1, 0 },
		{ "M", -1, 0 },
		{ "1KB", -1, 0 },
		{ "18446744073709551616", -1, 0 },
		{ "17179869184G", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		uint64_t bytes = 0;

		assert_int_equal(size_parse(want[i].text, &bytes), want[i].rc);
		assert_int_equal(bytes, want[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_file),   cmocka_unit_test(bad_files_name_the_line),
		cmocka_unit_test(unknown_key), cmocka_unit_test(typed),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
