// SPDX-License-Identifier: Apache-2.0
/* When an image on trial is good, and when it is not. */
#include "userworld/bootwatch/judge.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static const struct limits limits = { .window = 100, .limit = 200 };

static struct world_info worlds[2];

static struct sight well(void)
{
	worlds[0] = (struct world_info){ .name = "hostd", .state = "running" };
	worlds[1] = (struct world_info){ .name = "web", .state = "running" };
	return (struct sight){ .links = 1,
			       .addresses = 1,
			       .hostd = true,
			       .supervisor = true,
			       .worlds = worlds,
			       .n_worlds = 2 };
}

static void test_well(void **state)
{
	struct sight s = well();
	struct judge j;

	(void)state;
	judge_start(&j, 0);
	assert_int_equal(judge_step(&j, &limits, 20, &s), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 119, &s), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 120, &s), CONFIRM);
	/* Nothing is plugged in: no address is no fault. */
	judge_start(&j, 0);
	s.links = s.addresses = 0;
	assert_int_equal(judge_step(&j, &limits, 20, &s), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 120, &s), CONFIRM);
}

/* Each complaint, on its own: the window begins anew after it, and without an end it fails. */
static void complaint(const struct sight *bad, const char *words)
{
	struct sight good = well();
	struct judge j;

	judge_start(&j, 0);
	assert_int_equal(judge_step(&j, &limits, 10, &good), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 60, bad), GO_ON);
	assert_non_null(strstr(j.reason, words));
	good = well();
	assert_int_equal(judge_step(&j, &limits, 70, &good), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 115, &good), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 170, &good), CONFIRM);
	judge_start(&j, 0);
	assert_int_equal(judge_step(&j, &limits, 199, bad), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 200, bad), FAIL);
	assert_non_null(strstr(j.reason, words));
}

static void test_complaints(void **state)
{
	struct sight s = well();

	(void)state;
	s.hostd = false;
	complaint(&s, "hostd");
	s = well();
	s.addresses = 0;
	complaint(&s, "address");
	s = well();
	s.supervisor = false;
	complaint(&s, "supervisor");
}

static void test_worlds(void **state)
{
	struct sight s = well();
	struct judge j;

	(void)state;
	judge_start(&j, 0);
	strcpy(worlds[1].state, "failed");
	assert_int_equal(judge_step(&j, &limits, 200, &s), FAIL);
	assert_string_equal(j.reason, "userworld web has failed");
	/* One restart, or two, are no loop. */
	s = well();
	judge_start(&j, 0);
	assert_int_equal(judge_step(&j, &limits, 10, &s), GO_ON);
	worlds[1].restarts = 2;
	strcpy(worlds[1].state, "backoff");
	assert_int_equal(judge_step(&j, &limits, 50, &s), GO_ON);
	strcpy(worlds[1].state, "running");
	assert_int_equal(judge_step(&j, &limits, 110, &s), CONFIRM);
	/* Three are, though it runs whenever somebody looks. */
	s = well();
	judge_start(&j, 0);
	assert_int_equal(judge_step(&j, &limits, 10, &s), GO_ON);
	worlds[1].restarts = 3;
	assert_int_equal(judge_step(&j, &limits, 110, &s), GO_ON);
	assert_non_null(strstr(j.reason, "3 times"));
	/* What happened before the window does not count. */
	assert_int_equal(judge_step(&j, &limits, 120, &s), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 220, &s), CONFIRM);
}

/* What is good at the limit is given the rest of its window. */
static void test_late(void **state)
{
	struct sight s = well();
	struct judge j;

	(void)state;
	judge_start(&j, 0);
	s.hostd = false;
	assert_int_equal(judge_step(&j, &limits, 150, &s), GO_ON);
	s.hostd = true;
	assert_int_equal(judge_step(&j, &limits, 160, &s), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 210, &s), GO_ON);
	assert_int_equal(judge_step(&j, &limits, 260, &s), CONFIRM);
}

static void test_limits(void **state)
{
	struct limits l;

	(void)state;
	judge_limits("quiet", &l);
	assert_int_equal(l.window, 300);
	assert_int_equal(l.limit, 600);
	judge_limits("visoros.trial=20 x", &l);
	assert_int_equal(l.window, 20);
	assert_int_equal(l.limit, 320);
	judge_limits("visoros.trial=1x visoros.trial.limit=7", &l);
	assert_int_equal(l.window, 300);
	assert_int_equal(l.limit, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_well),   cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_worlds), cmocka_unit_test(test_late),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
