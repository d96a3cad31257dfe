// SPDX-License-Identifier: Apache-2.0
/* How often a console that nobody uses wakes up, and how soon it sees that something happened. */
#include <string.h>

#include "dcui/driver.h"
#include "dcui/pace.h"
#include "tests/unit/unit.h"

#define HOUR 3600

static unsigned int looks, thorough;
static bool hostd_answers;

static int core(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)params;
	(void)e;
	looks += !strcmp(op, "system.uptime.get");
	thorough += !strcmp(op, "system.version.get");
	*result = json_null();
	if (!strcmp(op, "system.uptime.get")) /* never the same */
		*result = json_pack("{s:i}", "seconds", (int)looks);
	else if (!strcmp(op, "dcui.life"))
		*result = json_pack("{s:b}", "hostd_answers", hostd_answers);
	else if (!strcmp(op, "account.password.is_set"))
		*result = json_pack("{s:b}", "is_set", 0);
	return 0;
}

/* Lets time pass as the loop does; returns how often it woke up. */
static unsigned int pass(struct driver *d, uint64_t until)
{
	unsigned int wakes = 0;

	for (uint64_t due; (due = driver_due(d)) <= until; wakes++) {
		driver_tick(d, due > d->m.now ? due : d->m.now);
		driver_continue(d);
	}
	d->m.now = until;
	return wakes;
}

static int start(void **state)
{
	static struct driver d;

	hostd_answers = true;
	driver_init(&d, core, true, 25, 80);
	driver_refresh(&d);
	driver_continue(&d);
	*state = &d;
	return 0;
}

static int end(void **state)
{
	driver_free(*state);
	return 0;
}

static void an_idle_console_sleeps(void **state)
{
	struct driver *d = *state;
	unsigned int wakes;

	pass(d, HOUR);
	looks = thorough = 0;
	wakes = pass(d, 2 * HOUR);
	assert_in_range(looks, 59, 61);
	assert_int_equal(wakes, looks);
	assert_in_range(thorough, 5, 6);
}

static void a_change_is_seen_and_then_watched(void **state)
{
	struct driver *d = *state;

	pass(d, HOUR);
	hostd_answers = false;
	pass(d, HOUR + PACE_SLOW);
	assert_int_equal(d->m.facts.hostd_answers, NO);
	hostd_answers = true;
	pass(d, HOUR + PACE_SLOW + 2 * PACE_FAST);
	assert_int_equal(d->m.facts.hostd_answers, YES);
}

static void a_key_wakes_it(void **state)
{
	struct driver *d = *state;

	pass(d, HOUR + 300);
	looks = thorough = 0;
	d->m.now = HOUR + 301;
	d->gathered_all_at = HOUR;
	driver_key(d, (struct key){ KEY_LEFT, 0 });
	assert_true(driver_due(d) <= d->m.now);
	pass(d, HOUR + 301);
	assert_int_equal(looks, 1);
	assert_int_equal(thorough, 1);
	pass(d, HOUR + 331);
	assert_int_equal(looks, 7);
}

static int too_late(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)params;
	(void)result;
	return err_set(e, ERR_UNAVAILABLE, "%s: no answer within 20 s", op);
}

/* A host that is just starting may be too busy to answer, and then nobody knows its name. */
static void a_look_at_everything_that_failed_is_made_again(void **state)
{
	struct driver *d = *state;

	pass(d, HOUR + 300);
	driver_refresh(d);
	call_cancel(d->gather);
	d->gather = call_start(too_late, "gather", NULL, 20, d->m.now, true);
	driver_continue(d);
	assert_int_equal(d->m.facts.error_count, 1);
	looks = thorough = 0;
	pass(d, d->m.now + PACE_SLOW);
	assert_true(looks > 0);
	assert_int_equal(thorough, 1);
	assert_int_equal(d->m.facts.error_count, 0);
}

static void an_open_session_ends_on_time(void **state)
{
	struct driver *d = *state;

	driver_key(d, (struct key){ KEY_F2, 0 });
	assert_int_equal(d->m.depth, 2);
	pass(d, UI_IDLE_SECONDS - 1);
	assert_int_equal(d->m.depth, 2);
	pass(d, UI_IDLE_SECONDS);
	assert_int_equal(d->m.depth, 1);
}

static void a_session_lasts_as_long_as_is_set(void **state)
{
	struct driver *d = *state;

	d->m.facts.idle_seconds = 30;
	driver_key(d, (struct key){ KEY_F2, 0 });
	assert_true(ui_due(&d->m) == d->m.last_key + 30);
	d->m.now = d->m.last_key + 29;
	assert_false(ui_abandoned(&d->m));
	assert_int_equal(ui_tick(&d->m), ACTION_NONE);
	assert_int_equal(d->m.depth, 2);
	d->m.now = d->m.last_key + 30;
	assert_true(ui_abandoned(&d->m));
	ui_tick(&d->m);
	assert_int_equal(d->m.depth, 1);
	d->m.facts.idle_seconds = FACTS_NEVER;
	driver_key(d, (struct key){ KEY_F2, 0 });
	assert_true(ui_due(&d->m) == UINT64_MAX);
	d->m.now += 10 * HOUR;
	ui_tick(&d->m);
	assert_int_equal(d->m.depth, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_idle_console_sleeps, start, end),
		cmocka_unit_test_setup_teardown(a_change_is_seen_and_then_watched, start, end),
		cmocka_unit_test_setup_teardown(a_key_wakes_it, start, end),
		cmocka_unit_test_setup_teardown(a_look_at_everything_that_failed_is_made_again,
						start, end),
		cmocka_unit_test_setup_teardown(an_open_session_ends_on_time, start, end),
		cmocka_unit_test_setup_teardown(a_session_lasts_as_long_as_is_set, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
