// SPDX-License-Identifier: Apache-2.0
/* Walks every cell of the supervisor's state table. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/supervisor/machine.h"

#define GOLDEN "tests/golden/userworlds/states.txt"

/* The table as text, the same that docs/userworlds.md shows: any change has to be meant. */
static void same_as_golden(void **state)
{
	char *text = NULL, want[16384];
	size_t len, n;
	FILE *out = open_memstream(&text, &len);
	FILE *in = fopen(GOLDEN, "r");

	(void)state;
	assert_non_null(in);
	for (int s = 0; s < WS_COUNT; s++)
		for (int v = 0; v < WE_COUNT; v++) {
			struct step t = machine_step((enum world_state)s, (enum world_event)v);

			if (!t.refused)
				fprintf(out, "%-14s %-12s %-14s %s\n",
					state_label((enum world_state)s),
					event_label((enum world_event)v), state_label(t.next),
					action_label(t.action));
		}
	fclose(out);
	n = fread(want, 1, sizeof(want) - 1, in);
	want[n] = '\0';
	fclose(in);
	assert_string_equal(text, want);
	free(text);
}

static bool is_exit(int event)
{
	return event == WE_EXIT_AGAIN || event == WE_EXIT_DONE || event == WE_EXIT_FAILED;
}

/* Rules that hold whatever the table says. */
static void every_cell(void **state)
{
	(void)state;
	for (int s = 0; s < WS_COUNT; s++) {
		for (int v = 0; v < WE_COUNT; v++) {
			struct step t = machine_step((enum world_state)s, (enum world_event)v);
			bool had = state_has_pool((enum world_state)s);
			bool has = state_has_pool(t.next);

			assert_in_range(t.next, 0, WS_COUNT - 1);
			if (t.refused) {
				assert_int_equal(t.next, s);
				assert_int_equal(t.action, WA_NONE);
				continue;
			}
			/* A process appears by spawn alone, and only where there is none. */
			assert_int_equal(t.action == WA_SPAWN, !had && has);
			/* A pool is left only when it is empty. */
			if (had && !has)
				assert_int_equal(v, WE_EMPTY);
			/* After the main process's end nothing of it may live on. */
			if (is_exit(v))
				assert_int_equal(t.action, WA_SWEEP);
			/* A missed deadline ends in a kill; a time that is over, in asking. */
			if (v == WE_TIMEOUT && had)
				assert_int_equal(t.action, s == WS_RUNNING ? WA_TERM : WA_KILL);
			/* Only what is alive and unasked is asked to end. */
			if (t.action == WA_TERM)
				assert_true(s == WS_STARTING || s == WS_RUNNING);
			if (v == WE_READY)
				assert_int_equal(t.next, WS_RUNNING);
		}
	}
}

/* Follows EXIT and EMPTY as they come, and says where it ends. */
static enum world_state drain(enum world_state s)
{
	for (int i = 0; i < 8 && state_has_pool(s); i++) {
		struct step t = machine_step(s, WE_EXIT_FAILED);

		if (!t.refused)
			s = t.next;
		s = machine_step(s, WE_EMPTY).next;
	}
	return s;
}

static void stop_leads_down(void **state)
{
	(void)state;
	for (int s = 0; s < WS_COUNT; s++)
		assert_int_equal(drain(machine_step((enum world_state)s, WE_STOP).next), WS_DOWN);
}

static void restart_and_start_lead_up(void **state)
{
	(void)state;
	for (int s = 0; s < WS_COUNT; s++) {
		struct step t = machine_step((enum world_state)s, WE_RESTART);

		if (!t.refused)
			assert_int_equal(drain(t.next), WS_WAITING);
		t = machine_step((enum world_state)s, WE_START);
		if (!t.refused)
			assert_int_equal(drain(t.next), WS_WAITING);
	}
}

/* The last word of the operator counts, also while the world is on its way. */
static void changed_mind(void **state)
{
	(void)state;
	assert_int_equal(drain(machine_step(WS_STOPPING, WE_START).next), WS_WAITING);
	assert_int_equal(drain(machine_step(WS_RESTARTING, WE_STOP).next), WS_DOWN);
	assert_true(machine_step(WS_RUNNING, WE_START).refused);
	assert_true(machine_step(WS_DOWN, WE_STOP).refused);
}

static void names(void **state)
{
	(void)state;
	for (int s = 0; s < WS_COUNT; s++) {
		assert_non_null(state_name((enum world_state)s));
		assert_true(strlen(state_name((enum world_state)s)) < 16);
	}
	assert_string_equal(state_name(WS_ENDING_DONE), "ending");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_golden),  cmocka_unit_test(every_cell),
		cmocka_unit_test(stop_leads_down), cmocka_unit_test(restart_and_start_lead_up),
		cmocka_unit_test(changed_mind),	   cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
