// SPDX-License-Identifier: Apache-2.0
/* Alarms: events raise and clear them, people acknowledge them. */
#include <string.h>
#include <syslog.h>

#include "tests/unit/events.h"
#include "userworld/core/event/alarm.h"

static void alarms_rise_and_end(void **state)
{
	json_t *rows;

	(void)state;
	core_event(EVENT_RAMDISK_HIGH, EVENT_WITH(EVENT_STR("ramdisk", "tmp")), "high");
	core_event(EVENT_RAMDISK_HIGH, EVENT_WITH(EVENT_STR("ramdisk", "etc")), "high");
	full("tmp");
	rows = alarms();
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(field(rows, 0, "alarm"), "ramdisk:tmp");
	assert_string_equal(field(rows, 0, "severity"), "error");
	assert_string_equal(field(rows, 0, "text"), "tmp is full");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 0), "times")), 2);
	assert_string_equal(field(rows, 1, "alarm"), "ramdisk:etc");
	json_decref(rows);
	core_event(EVENT_RAMDISK_NORMAL, EVENT_WITH(EVENT_STR("ramdisk", "tmp")), "well");
	core_event(EVENT_RAMDISK_NORMAL, EVENT_WITH(EVENT_STR("ramdisk", "none")), "unsaid");
	core_event(EVENT_RAMDISK_NORMAL, EVENT_WITH(EVENT_STR("ramdisk", "etc")), "said");
	rows = alarms();
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
	rows = list(10);
	assert_int_equal(json_array_size(rows), 5);
	assert_string_equal(field(rows, 0, "text"), "said");
	json_decref(rows);
}

static void acknowledge(const char *name)
{
	json_decref(call("system.alarm.acknowledge", json_pack("{s:s}", "alarm", name)));
}

static void alarms_are_seen(void **state)
{
	json_t *rows, *params = json_pack("{s:s}", "alarm", "ramdisk:none");
	struct err e = ERR_INIT;

	(void)state;
	core_set_actor("eve (network)");
	core_event(EVENT_RAMDISK_HIGH, EVENT_WITH(EVENT_STR("ramdisk", "tmp")), "high");
	core_event(EVENT_HOST_PANIC, NULL, "a panic");
	assert_int_equal(core_call("system.alarm.acknowledge", params, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	json_decref(params);
	acknowledge("ramdisk:tmp");
	/* Nothing will ever tell that a panic is over. */
	acknowledge("panic");
	core_event(EVENT_RAMDISK_CRITICAL, EVENT_WITH(EVENT_STR("ramdisk", "tmp")), "as grave");
	rows = alarms();
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(field(rows, 0, "acknowledged_by"), "eve (network)");
	assert_int_equal(strlen(field(rows, 0, "acknowledged")), 24);
	json_decref(rows);
	full("tmp");
	rows = alarms();
	assert_string_equal(field(rows, 0, "acknowledged_by"), "");
	assert_string_equal(field(rows, 0, "acknowledged"), "");
	json_decref(rows);
}

static void changes_of_alarms(void **state)
{
	const struct event_type *high = event_type(EVENT_RAMDISK_HIGH);
	const struct event_type *over = event_type(EVENT_RAMDISK_NORMAL);

	(void)state;
	assert_int_equal(alarm_change(high, -1), ALARM_RAISE);
	assert_int_equal(alarm_change(high, LOG_ERR), ALARM_UPDATE);
	assert_int_equal(alarm_change(high, LOG_WARNING), ALARM_UPDATE);
	assert_int_equal(alarm_change(high, LOG_INFO), ALARM_WORSEN);
	assert_int_equal(alarm_change(over, -1), ALARM_SAME);
	assert_int_equal(alarm_change(over, LOG_ERR), ALARM_CLEAR);
	assert_int_equal(alarm_change(event_type(EVENT_OOM_VICTIM), LOG_ERR), ALARM_SAME);
	assert_true(alarm_ends_by_itself("ramdisk:tmp"));
	assert_true(alarm_ends_by_itself("medium"));
	assert_false(alarm_ends_by_itself("panic"));
	assert_false(alarm_ends_by_itself("ramdis"));
}

static void broken_hardware(const char *where, enum event_id id)
{
	core_event(id, EVENT_WITH(EVENT_STR("where", where)), "%s is broken", where);
}

/* One for each place, until somebody has seen it; what was corrected is none. */
static void hardware_until_seen(void **state)
{
	json_t *rows;

	(void)state;
	broken_hardware("CPU 0 bank 4", EVENT_HARDWARE_ERROR);
	broken_hardware("0000:00:1c.0", EVENT_HARDWARE_ERROR);
	broken_hardware("CPU 0 bank 5", EVENT_HARDWARE_CORRECTED);
	rows = alarms();
	assert_int_equal(json_array_size(rows), 2);
	json_decref(rows);
	acknowledge("hardware:CPU 0 bank 4");
	rows = alarms();
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(field(rows, 0, "alarm"), "hardware:0000:00:1c.0");
	json_decref(rows);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(alarms_rise_and_end, forget),
		cmocka_unit_test_setup(alarms_are_seen, forget),
		cmocka_unit_test_setup(hardware_until_seen, forget),
		cmocka_unit_test(changes_of_alarms),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
