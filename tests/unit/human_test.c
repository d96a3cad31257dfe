// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/unit.h"
#include "userworld/lib/human.h"

#define MIB (UINT64_C(1) << 20)

static void size_of(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} want[] = {
		{ 0, "0B" },
		{ 1023, "1023B" },
		{ 1024, "1K" },
		{ 60 * 1024 + 1023, "60K" },
		{ MIB - 1, "1023K" },
		{ MIB, "1M" },
		{ 32 * MIB - 1, "31M" },
		{ 1803 * MIB, "1803M" },
		{ 10240 * MIB - 1, "10239M" },
		{ 10240 * MIB, "10G" },
		{ UINT64_MAX, "17179869183G" },
	};
	char buf[HUMAN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_string_equal(human_size(want[i].bytes, buf), want[i].text);
}

static void percent(void **state)
{
	(void)state;
	assert_int_equal(human_percent(0, 0), 0);
	assert_int_equal(human_percent(1, 3), 33);
	assert_int_equal(human_percent(32 * MIB - 1, 32 * MIB), 99);
	assert_int_equal(human_percent(32 * MIB, 32 * MIB), 100);
	assert_int_equal(human_percent(5, 3), 100);
	assert_int_equal(human_percent(UINT64_MAX / 2, UINT64_MAX), 49);
	assert_int_equal(human_percent(UINT64_MAX - 1, UINT64_MAX), 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_of),
		cmocka_unit_test(percent),
	};

	return cmocka_run_group_tests_name("human", tests, NULL, NULL);
}
