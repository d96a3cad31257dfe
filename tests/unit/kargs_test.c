// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/unit.h"
#include "userworld/lib/kargs.h"

static const char line[] = "quiet visoros.guest visoros.dcui=ttyS0 a=1 a=2 "
			   "msg=\"two words\" xvisoros.no\n";

static void has(void **state)
{
	(void)state;
	assert_true(kargs_has(line, "quiet"));
	assert_true(kargs_has(line, "visoros.guest"));
	assert_true(kargs_has(line, "visoros.dcui"));
	assert_true(kargs_has(line, "visoros.dcui=ttyS0"));
	assert_false(kargs_has(line, "visoros.dcui=ttyS"));
	assert_false(kargs_has(line, "visoros.dcui=ttyS01"));
	assert_false(kargs_has(line, "visoros"));
	assert_false(kargs_has(line, "visoros.no"));
	assert_false(kargs_has(line, "words"));
	assert_true(kargs_has(line, "msg=two words"));
	assert_false(kargs_has("", "quiet"));
}

static void value(void **state)
{
	char buf[10];

	(void)state;
	assert_true(kargs_value(line, "visoros.dcui", buf, sizeof(buf)));
	assert_string_equal(buf, "ttyS0");
	assert_true(kargs_value(line, "a", buf, sizeof(buf)));
	assert_string_equal(buf, "2");
	assert_true(kargs_value(line, "msg", buf, sizeof(buf)));
	assert_string_equal(buf, "two words");
	assert_false(kargs_value(line, "quiet", buf, sizeof(buf)));
	assert_false(kargs_value("x=0123456789", "x", buf, sizeof(buf)));
	assert_false(kargs_value("x=1", "y", buf, sizeof(buf)));
}

static void drop(void **state)
{
	char text[] = "x=y quiet x=http://h/a?x=c xx=1 x y x=";
	char only[] = "x";

	(void)state;
	kargs_drop(text, "x");
	assert_string_equal(text, "quiet xx=1 y ");
	kargs_drop(text, "none");
	assert_string_equal(text, "quiet xx=1 y ");
	kargs_drop(only, "x");
	assert_string_equal(only, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has),
		cmocka_unit_test(value),
		cmocka_unit_test(drop),
	};

	return cmocka_run_group_tests_name("kargs", tests, NULL, NULL);
}
