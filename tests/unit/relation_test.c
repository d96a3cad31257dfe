// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tardisk/relation.h"
#include "tests/unit/unit.h"

static void good_relations(void **state)
{
	static const struct {
		const char *text, *name, *version;
		enum bundle_op op;
	} good[] = {
		{ "libc", "libc", "", BUNDLE_ANY },
		{ "libstdc++ >= 1.0-1", "libstdc++", "1.0-1", BUNDLE_GE },
		{ "a << 2", "a", "2", BUNDLE_LT },
		{ "a <= 2", "a", "2", BUNDLE_LE },
		{ "a = 2~rc1+b", "a", "2~rc1+b", BUNDLE_EQ },
		{ "0_a.b >> 2", "0_a.b", "2", BUNDLE_GT },
	};
	struct bundle_relation r;
	char text[BUNDLE_RELATION_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(bundle_relation_parse(good[i].text, &r, NULL), 0);
		assert_string_equal(r.name, good[i].name);
		assert_string_equal(r.version, good[i].version);
		assert_int_equal(r.op, good[i].op);
		assert_string_equal(bundle_relation_format(&r, text), good[i].text);
	}
}

static void bad_relations(void **state)
{
	static const char *const bad[] = {
		"",	    " ",
		"A",	    "-a",
		"a b",	    "a 1.0",
		"a >",	    "a >=",
		"a > 1",    "a == 1",
		"a >= 1 b", "a >= 1 ",
		"a/b",	    "a >= ..",
		"a >= -1",  "a(>=1)",
		"a | b",    "a >= 1:2",
		"a, b",	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	struct bundle_relation r;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct err)ERR_INIT;
		if (!bundle_relation_parse(bad[i], &r, &e))
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(e.kind, ERR_INVALID);
	}
}

static void version_order(void **state)
{
	/* Each is older than the next. */
	static const char *const order[] = {
		"0",	  "1~~",   "1~~a",   "1~",	   "1~rc1", "1",   "1-1~bpo", "1-1",
		"1-1+b1", "1-2",   "1-10",   "1a",	   "1ab",   "1+b", "1.0-1",   "1.2",
		"1.10",	  "1.10a", "1.10.1", "1.20260101", "2",	    "10",
	};
	size_t n = sizeof(order) / sizeof(order[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			int got = bundle_version_compare(order[i], order[j]);

			if ((got < 0) != (i < j) || (got > 0) != (i > j))
				fail_msg("%s and %s: %d", order[i], order[j], got);
		}
	}
	assert_int_equal(bundle_version_compare("1.01", "1.1"), 0);
	assert_int_equal(bundle_version_compare("1", "1-0"), 0);
	assert_true(bundle_version_compare("99999999999999999999998", "99999999999999999999999") <
		    0);
}

static void holds(void **state)
{
	static const struct {
		const char *relation, *version;
		bool holds;
	} cases[] = {
		{ "a", "1", true },	   { "a << 2", "1", true },   { "a << 2", "2", false },
		{ "a <= 2", "2", true },   { "a <= 2", "3", false },  { "a = 2", "2", true },
		{ "a = 2", "2.0", false }, { "a >= 2", "2", true },   { "a >= 2", "2~1", false },
		{ "a >> 2", "2", false },  { "a >> 2", "2+1", true }, { "b", "1", false },
	};
	struct bundle_relation r;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(bundle_relation_parse(cases[i].relation, &r, NULL), 0);
		if (bundle_relation_holds(&r, "a", cases[i].version) != cases[i].holds)
			fail_msg("%s with a %s", cases[i].relation, cases[i].version);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_relations),
		cmocka_unit_test(bad_relations),
		cmocka_unit_test(version_order),
		cmocka_unit_test(holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
