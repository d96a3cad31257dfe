// SPDX-License-Identifier: Apache-2.0
/* An image profile beside what is installed; the state hash. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/depot/profile_plan.h"

/* base is part of the image; a, b and c are not. */
static struct bundle_descriptor base = { .name = "base", .version = "1" };
static struct bundle_descriptor a = { .name = "a", .version = "1" };
static struct bundle_descriptor b = { .name = "b", .version = "3" };
static struct bundle_descriptor c = { .name = "c", .version = "1" };
static const struct bundle_descriptor *const installed[] = { &base, &a, &b, &c };
static const bool fixed[] = { true, false, false, false };
static const struct profile_host host = { installed, 4, fixed };

static struct depot_profile profile(const char *const *bundles)
{
	static struct bundle_relation list[8];
	struct depot_profile p = { .name = (char *)"lab", .bundles = { list, 0 } };

	for (; bundles[p.bundles.n]; p.bundles.n++)
		assert_int_equal(
			bundle_relation_parse(bundles[p.bundles.n], &list[p.bundles.n], NULL), 0);
	return p;
}

#define PROFILE(...) profile((const char *const[]){ __VA_ARGS__, NULL })

/* "KCS -R--": an action for each of the profile, then who goes. Or the reason. */
static const char *plan(struct depot_profile p, bool update, bool may_remove)
{
	static char text[600];
	enum profile_action actions[8];
	struct err e = ERR_INIT;
	bool remove[4];
	char *at = text;

	if (profile_plan(&p, &host, update, may_remove, actions, remove, &e) < 0) {
		snprintf(text, sizeof(text), "%s", e.text);
		return text;
	}
	for (size_t i = 0; i < p.bundles.n; i++)
		*at++ = "KCS"[actions[i]];
	*at++ = ' ';
	for (size_t i = 0; i < 4; i++)
		*at++ = remove[i] ? 'R' : '-';
	*at = '\0';
	return text;
}

static void plans(void **state)
{
	(void)state;
	/* The same; a newer, an older and a new one. */
	assert_string_equal(plan(PROFILE("base = 1", "a = 1", "b = 3", "c = 1"), false, false),
			    "KKKK ----");
	assert_string_equal(plan(PROFILE("a = 2", "b = 2", "c = 1", "d = 1"), false, false),
			    "CCKC --R-");
	assert_string_equal(plan(PROFILE("a = 2", "b = 2", "c = 1", "d = 1"), true, false),
			    "CSKC ----");
	/* What the profile does not have goes only if that is allowed, and never with update. */
	assert_string_equal(plan(PROFILE("a = 1", "b = 3"), false, true), "KK ---R");
	assert_string_equal(plan(PROFILE("a = 1", "b = 3"), true, false), "KK ----");
	assert_string_equal(plan(PROFILE("a = 1", "b = 3"), false, false),
			    "bundle c 1 is not in profile lab and would be removed; allow that "
			    "with ok-to-remove");
	assert_string_equal(plan(PROFILE("base = 2"), false, true),
			    "the profile has base 2, but base of the image is 1; boot an image "
			    "that has it");
	assert_string_equal(plan(PROFILE("base = 0"), true, true), "S ----");
}

static void differences(void **state)
{
	struct depot_profile p = PROFILE("a = 1", "b = 4", "d = 1");
	json_t *list = profile_differences(&p, &host);

	(void)state;
	assert_int_equal(json_array_size(list), 3);
	assert_string_equal(json_string_value(json_array_get(list, 0)),
			    "b is 3 on the host, 4 in the profile");
	assert_string_equal(json_string_value(json_array_get(list, 1)),
			    "d 1 is in the profile, not on the host");
	assert_string_equal(json_string_value(json_array_get(list, 2)),
			    "c 1 is on the host, not in the profile");
	json_decref(list);
	p = PROFILE("a = 1", "b = 3", "c = 1");
	list = profile_differences(&p, &host);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
}

static void state_hash(void **state)
{
	struct state_item items[] = { { "base.v00", "", "00" },
				      { "acme_bootbank_a_1", "a.v00", "11" } };
	char first[SHA256_HEX], other[SHA256_HEX];

	(void)state;
	assert_int_equal(profile_state_hash(items, 2, first, NULL), 0);
	/* printf 'visoros state 1\nbase.v00  00\nacme_bootbank_a_1 a.v00 11\n' | sha256sum */
	assert_string_equal(first,
			    "a46c0d5b86022001f5a605be1880755621b3a3ece57ab10137efa14a2b3a6dd9");
	for (int i = 0; i < 3; i++) {
		struct state_item changed[] = { items[0], items[1] };

		if (i == 0)
			changed[1].digest = "12";
		else if (i == 1)
			changed[1].id = "acme_bootbank_a_2";
		else
			changed[0] = items[1], changed[1] = items[0];
		assert_int_equal(profile_state_hash(changed, 2, other, NULL), 0);
		assert_string_not_equal(first, other);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans),
		cmocka_unit_test(differences),
		cmocka_unit_test(state_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
