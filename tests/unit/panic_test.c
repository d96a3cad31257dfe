// SPDX-License-Identifier: Apache-2.0
/* What pstore gives after a panic, and what becomes of it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/panic/record.h"

#define PSTORE "/sys/fs/pstore"

static void parts_are_parsed(void **state)
{
	static const char text[] = "Panic#2 Part3\n<6>[    1.0] line\n";
	struct panic_part p;

	(void)state;
	assert_true(panic_parse(text, sizeof(text) - 1, &p));
	assert_string_equal(p.kind, "panic");
	assert_int_equal(p.count, 2);
	assert_int_equal(p.part, 3);
	assert_int_equal(p.len, strlen("<6>[    1.0] line\n"));
	assert_false(panic_parse("Panic#2 Part3", 13, &p));
	assert_false(panic_parse("\n", 1, &p));
	assert_false(panic_parse("", 0, &p));
	assert_false(panic_parse("Panic Part3\n", 12, &p));
}

static const struct {
	const char *text, *reason;
} reasons[] = {
	{ "<6>[ 1.0] x\n<0>[ 2.0] Kernel panic - not syncing: sysrq triggered crash\n<0>[ 3.0] y\n",
	  "sysrq triggered crash" },
	{ "<1>[ 2.0] BUG: kernel NULL pointer dereference, address: 0\n"
	  "<0>[ 2.1] Kernel panic - not syncing: Fatal exception in interrupt\n",
	  "kernel NULL pointer dereference, address: 0" },
	{ "<0>[ 2.1] Kernel panic - not syncing: Fatal exception\n", "Fatal exception" },
	{ "<0>[ 2.1] Kernel panic - not syncing: Fatal machine check\n", "Fatal machine check" },
	{ "<4>[ 2.0] Oops: general protection fault, probably for non-canonical address\n",
	  "general protection fault, probably for non-canonical address" },
	{ "nothing of that kind", "unknown" },
	{ "", "unknown" },
};

static void reasons_are_found(void **state)
{
	char reason[PANIC_REASON_MAX], text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		panic_reason(reasons[i].text, reason);
		assert_string_equal(reason, reasons[i].reason);
	}
	memset(text, 'x', sizeof(text));
	memcpy(text, "Kernel panic - not syncing: ", 28);
	text[sizeof(text) - 1] = '\0';
	panic_reason(text, reason);
	assert_int_equal(strlen(reason), PANIC_REASON_MAX - 1);
}

static json_int_t take(void)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;
	json_int_t taken;

	if (core_call("system.panic.take", NULL, &result, &e) < 0)
		fail_msg("%s", e.text);
	taken = json_integer_value(json_object_get(result, "taken"));
	json_decref(result);
	return taken;
}

static void write_part(const char *name, const char *text)
{
	const struct timespec times[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };

	tree_write(name, text, 0600);
	utimensat(-1, tree_path(name), times, 0);
}

static const char *field(json_t *list, size_t i, const char *key)
{
	const char *value = json_string_value(json_object_get(json_array_get(list, i), key));

	return value ? value : "";
}

static void a_panic_is_taken_and_told(void **state)
{
	json_t *list = NULL, *events = NULL;
	char *text;

	(void)state;
	assert_int_equal(take(), 0);
	tree_write("/var/log/vmkernel.log", "", 0600);
	write_part(PSTORE "/dmesg-efi-1", "Panic#1 Part1\nKernel panic - not syncing: why\nend\n");
	write_part(PSTORE "/dmesg-efi-3", "Panic#1 Part3\nfirst\n");
	write_part(PSTORE "/dmesg-efi-2", "Panic#1 Part2\nsecond\n");
	write_part(PSTORE "/dmesg-efi-4", "Oops#1 Part1\n[ 1.0] BUG: what\n");
	write_part(PSTORE "/dmesg-efi-5.enc.z", "\1\2\3");
	write_part(PSTORE "/console-efi-6", "Panic#1 Part1\nnone of ours\n");
	assert_int_equal(take(), 2);
	text = tree_read("/var/log/vmkernel-panic-20010909T014640Z-1.log");
	assert_string_equal(text, "first\nsecond\nKernel panic - not syncing: why\nend\n");
	free(text);
	assert_int_equal(core_call("system.panic.list", NULL, &list, NULL), 0);
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(field(list, 0, "kind"), "oops");
	assert_string_equal(field(list, 0, "reason"), "what");
	assert_string_equal(field(list, 1, "log"), "vmkernel-panic-20010909T014640Z-1");
	assert_string_equal(field(list, 1, "time"), "2001-09-09T01:46:40Z");
	assert_int_equal(core_call("system.event.list", NULL, &events, NULL), 0);
	assert_string_equal(field(events, 0, "text"),
			    "The host ended with a panic at 2001-09-09T01:46:40Z: why; its last "
			    "lines are in /var/log/vmkernel-panic-20010909T014640Z-1.log");
	assert_string_equal(field(events, 1, "severity"), "warning");
	/* Each is told once, and what is not understood stays. */
	assert_int_equal(access(tree_path(PSTORE "/dmesg-efi-1"), F_OK), -1);
	assert_int_equal(access(tree_path(PSTORE "/dmesg-efi-4"), F_OK), -1);
	assert_int_equal(access(tree_path(PSTORE "/dmesg-efi-5.enc.z"), F_OK), 0);
	assert_int_equal(access(tree_path(PSTORE "/console-efi-6"), F_OK), 0);
	assert_int_equal(take(), 0);
	json_decref(list);
	json_decref(events);
}

static void only_the_last_logs_are_kept(void **state)
{
	json_t *list = NULL;
	char text[64];

	(void)state;
	for (int i = 1; i <= 10; i++) {
		snprintf(text, sizeof(text), "Panic#%d Part1\nline\n", i);
		write_part(PSTORE "/dmesg-ramoops-0", text);
		assert_int_equal(take(), 1);
	}
	assert_int_equal(core_call("system.panic.list", NULL, &list, NULL), 0);
	assert_int_equal(json_array_size(list), 8);
	json_decref(list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_parsed),
		cmocka_unit_test(reasons_are_found),
		cmocka_unit_test(a_panic_is_taken_and_told),
		cmocka_unit_test(only_the_last_logs_are_kept),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
