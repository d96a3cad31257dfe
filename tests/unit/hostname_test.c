// SPDX-License-Identifier: Apache-2.0
/* What a host may be called. */
#include "hostname.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static void good_names(void **state)
{
	static const char *const names[] = { "a", "7", "visor-07", "visor-07.lab.example", "A.B" };
	char longest[HOSTNAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(hostname_check(names[i], NULL), 0);
	memset(longest, 'a', HOSTNAME_MAX);
	longest[1] = '.'; /* the other label has 62 bytes */
	longest[HOSTNAME_MAX] = '\0';
	assert_int_equal(hostname_check(longest, NULL), 0);
}

static void bad_names(void **state)
{
	static const struct {
		const char *name, *words;
	} bad[] = {
		{ "", "1 to 63" },	   { "a..b", "1 to 63" },    { "a.", "1 to 63" },
		{ ".a", "1 to 63" },	   { "a_b", "letters" },     { "a b", "letters" },
		{ "\xc3\xa4", "letters" }, { "-a", "begin or end" }, { "a-.b", "begin or end" },
	};
	char text[HOSTNAME_MAX + 2];
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(hostname_check(bad[i].name, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		if (!strstr(e.text, bad[i].words))
			fail_msg("%s: %s", bad[i].name, e.text);
	}
	snprintf(text, sizeof(text), "%064d",
		 0); /* a label of 64 bytes, then one byte more in all */
	assert_int_equal(hostname_check(text, &e), -1);
	assert_non_null(strstr(e.text, "1 to 63"));
	snprintf(text, sizeof(text), "%032d.%032d", 0, 0);
	assert_int_equal(hostname_check(text, &e), -1);
	assert_non_null(strstr(e.text, "more than 64"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_names),
		cmocka_unit_test(bad_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
