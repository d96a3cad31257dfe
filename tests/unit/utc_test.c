// SPDX-License-Identifier: Apache-2.0
#include "userworld/lib/utc.h"

#include <stdint.h>

#include "tests/unit/unit.h"

static void there_and_back(void **state)
{
	static const time_t times[] = { 0, -1, 951782400, 1795424471, 4102444799 };
	char text[UTC_MAX];
	time_t back;

	(void)state;
	assert_string_equal(utc_text(951782400, text), "2000-02-29T00:00:00Z");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		assert_int_equal(utc_parse(utc_text(times[i], text), &back), 0);
		assert_int_equal(back, times[i]);
	}
}

static void what_is_no_time(void **state)
{
	static const char *const texts[] = { "", "2026-11-23", "2026-11-23T09:10:11",
					     "2026-11-23T09:10:11Z ", "2026-11-31x" };
	char text[UTC_MAX];
	time_t back;

	(void)state;
	/* A year that no int holds. */
	assert_string_equal(utc_text((time_t)INT64_MAX, text), "");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(utc_parse(texts[i], &back), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(what_is_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
