// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/supervisor/policy.h"

#define STATUS(code) ((code) << 8) /* as waitpid(2) gives an exit code */

static const struct outcome good = { true, STATUS(0) }, bad = { true, STATUS(3) },
			    killed = { true, 9 }, unknown = { false, 0 };

static void exits(void **state)
{
	struct world_conf w = { .restart = RESTART_ALWAYS };

	(void)state;
	assert_int_equal(policy_exit(&w, good, 0), WE_EXIT_AGAIN);
	assert_int_equal(policy_exit(&w, killed, 1000), WE_EXIT_AGAIN);
	w.restart = RESTART_ON_FAILURE;
	assert_int_equal(policy_exit(&w, good, 0), WE_EXIT_DONE);
	assert_int_equal(policy_exit(&w, bad, 0), WE_EXIT_AGAIN);
	assert_int_equal(policy_exit(&w, killed, 0), WE_EXIT_AGAIN);
	assert_int_equal(policy_exit(&w, unknown, 0), WE_EXIT_AGAIN);
	w.restart = RESTART_NEVER;
	assert_int_equal(policy_exit(&w, good, 0), WE_EXIT_DONE);
	assert_int_equal(policy_exit(&w, bad, 0), WE_EXIT_FAILED);
	assert_int_equal(policy_exit(&w, unknown, 0), WE_EXIT_FAILED);
}

/* So many quick failures in a row are allowed; one more and it is left down, unless it is immortal.
 */
static void watchdog(void **state)
{
	struct world_conf w = { .restart = RESTART_ALWAYS, .min_uptime = 60, .quick_failures = 3 };

	(void)state;
	assert_int_equal(policy_exit(&w, bad, 3), WE_EXIT_AGAIN);
	assert_int_equal(policy_exit(&w, bad, 4), WE_EXIT_FAILED);
	assert_int_equal(policy_exit(&w, good, 4), WE_EXIT_FAILED);
	w.immortal = true;
	assert_int_equal(policy_exit(&w, bad, 4), WE_EXIT_AGAIN);
	assert_int_equal(policy_backoff(&w, 4000, 10, 3), 8000);
	assert_int_equal(policy_backoff(&w, 8000, 10, 4), IMMORTAL_DELAY);
	w.restart = RESTART_ON_FAILURE;
	assert_int_equal(policy_exit(&w, good, 4), WE_EXIT_DONE);
}

static void backoff(void **state)
{
	static const unsigned int want[] = { 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000 };
	struct world_conf w = { .min_uptime = 20 };
	unsigned int delay = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		delay = policy_backoff(&w, delay, 10, 1);
		assert_int_equal(delay, want[i]);
	}
	/* It was up for long: that is a new case. */
	assert_int_equal(policy_backoff(&w, delay, 20000, 1), 1000);
	assert_int_equal(policy_backoff(&w, delay, 19999, 1), 60000);
}

static void deadlines(void **state)
{
	struct world_conf w = { .stop_timeout = 7, .ready = READY_NOTIFY };

	(void)state;
	assert_int_equal(policy_deadline(&w, WS_STARTING, 0), START_TIMEOUT);
	assert_int_equal(policy_deadline(&w, WS_STOPPING, 0), 7000);
	assert_int_equal(policy_deadline(&w, WS_BACKOFF, 4000), 4000);
	assert_int_equal(policy_deadline(&w, WS_ENDING_DONE, 0), EMPTY_TIMEOUT);
	assert_int_equal(policy_deadline(&w, WS_RUNNING, 4000), 0);
	w.availability = 5;
	assert_int_equal(policy_deadline(&w, WS_RUNNING, 4000), 5000);
	w.ready = READY_EXIT;
	assert_int_equal(policy_deadline(&w, WS_STARTING, 0), 0);
}

static void pools(void **state)
{
	struct world_conf a = { .name = "a", .pool = "host/user/a" };
	struct world_conf b = { .name = "b", .pool = "host/user/ab" };
	const struct world_conf *list[] = { &a, &b };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(policy_check_pools(list, 2, &e), 0);
	strcpy(b.pool, "host/user/a");
	assert_int_equal(policy_check_pools(list, 2, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	strcpy(b.pool, "host/user/a/b");
	assert_int_equal(policy_check_pools(list, 2, &e), -1);
	assert_non_null(strstr(e.text, "host/user/a/b"));
}

static void order(void **state)
{
	struct world_conf a = { .name = "a" }, b = { .name = "b", .after = { "a", "x" } };
	struct world_conf c = { .name = "c", .after = { "b" } };
	const struct world_conf *list[] = { &a, &b, &c };
	struct err e = ERR_INIT;

	(void)state;
	b.after_count = 2;
	c.after_count = 1;
	assert_int_equal(policy_check_order(list, 3, &e), 0);
	/* c is only behind the circle of a and b, and must not be blamed. */
	strcpy(a.after[a.after_count++], "b");
	assert_int_equal(policy_check_order(list, 3, &e), -1);
	assert_true(!strncmp(e.text, "userworld a ", 12) || !strncmp(e.text, "userworld b ", 12));
	a.after_count = 0;
	strcpy(a.after[a.after_count++], "a");
	assert_int_equal(policy_check_order(list, 3, &e), -1);
	assert_true(!strncmp(e.text, "userworld a ", 12));
}

static void reservations(void **state)
{
	static const struct claim list[] = { { "host/vim/a", 5 },
					     { "host/vim/b", 7 },
					     { "host/vimx/c", 100 } };

	(void)state;
	assert_int_equal(policy_reservation(list, 3, "host/vim"), 12);
	assert_int_equal(policy_reservation(list, 3, "host"), 112);
	assert_int_equal(policy_reservation(list, 3, "host/vim/a"), 5);
	assert_int_equal(policy_reservation(list, 3, "host/user"), 0);
}

/* Half of the memory may be reserved. */
static void admission(void **state)
{
	static const struct claim taken[] = { { "host/vim/a", 30 << 20 },
					      { "host/user/b", 10 << 20 } };
	struct claim more = { "host/user/c", 10 << 20 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(policy_admit(taken, 2, &more, 0, 100 << 20, &e), 0);
	assert_int_equal(policy_admit(taken, 2, &more, 1, 100 << 20, &e), -1);
	assert_int_equal(policy_admit(taken, 2, &more, 8 << 20, 116 << 20, &e), 0);
	more.bytes++;
	assert_int_equal(policy_admit(taken, 2, &more, 8 << 20, 116 << 20, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_string_equal(e.text,
			    "pool host/user/c wants to reserve 10M, but of the 58M that can be "
			    "reserved on this host userworlds have 40M and ramdisks 8M");
	/* Who reserves nothing takes nothing, even where too much is taken. */
	more.bytes = 0;
	assert_int_equal(policy_admit(taken, 2, &more, 0, 60 << 20, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exits),	cmocka_unit_test(watchdog),
		cmocka_unit_test(backoff),	cmocka_unit_test(deadlines),
		cmocka_unit_test(pools),	cmocka_unit_test(order),
		cmocka_unit_test(reservations), cmocka_unit_test(admission),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
