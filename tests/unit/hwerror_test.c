// SPDX-License-Identifier: Apache-2.0
/* Lines of the kernel about broken hardware, and how often they are told. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/hwerror/tally.h"

#define MCE "mce: [Hardware Error]: "

static const struct {
	const char *line, *source, *where, *text;
	enum hwerror_severity severity;
} single[] = {
	{ "pcieport 0000:00:1c.5: PCIe Bus Error: severity=Corrected, type=Physical Layer, "
	  "(Receiver ID)",
	  "pci", "0000:00:1c.5", "Physical Layer, (Receiver ID)", HWERROR_CORRECTED },
	{ "nvme 0000:01:00.0: AER: PCIe Bus Error: severity=Uncorrected (Fatal), "
	  "type=Transaction Layer, (Requester ID)",
	  "pci", "0000:01:00.0", "Transaction Layer, (Requester ID)", HWERROR_FATAL },
	{ "nvme 0000:01:00.0: PCIe Bus Error: severity=Uncorrected (Non-Fatal), type=x", "pci",
	  "0000:01:00.0", "x", HWERROR_UNCORRECTED },
	{ "EDAC MC0: 1 CE memory read error on CPU_SrcID#0_DIMM#0 (channel:0)", "memory",
	  "memory controller 0", "memory read error on CPU_SrcID#0_DIMM#0 (channel:0)",
	  HWERROR_CORRECTED },
	{ "EDAC MC3: 2 UE on DIMM", "memory", "memory controller 3", "on DIMM",
	  HWERROR_UNCORRECTED },
	{ "{12}[Hardware Error]: event severity: corrected", "firmware", "firmware", "",
	  HWERROR_CORRECTED },
	{ "{1}[Hardware Error]: event severity: recoverable", "firmware", "firmware", "",
	  HWERROR_UNCORRECTED },
	{ "{1}[Hardware Error]: event severity: fatal", "firmware", "firmware", "", HWERROR_FATAL },
};

static const char *const others[] = {
	"",
	"Linux version 6.12",
	"EDAC MC: Ver: 3.0.0",
	"EDAC MC0: Giving out device to module",
	"{1}[Hardware Error]: event severity: info",
	"{1}[Hardware Error]: It has been corrected by h/w and requires no further action",
	MCE "Machine check events logged",
	MCE "TSC 0 ADDR 1",
	MCE "PROCESSOR 0:1",
	MCE "CPU x: Machine Check: 0 Bank 1: 0",
	MCE "CPU 0: Machine Check: 0",
	"x: " MCE "CPU 0: Machine Check: 0 Bank 4: 8c00000000000136",
};

static void lines_are_understood(void **state)
{
	struct hwerror_reader r = { 0 };
	struct hwerror h;

	(void)state;
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
		assert_true(hwerror_line(&r, single[i].line, &h));
		assert_string_equal(h.source, single[i].source);
		assert_string_equal(h.where, single[i].where);
		assert_string_equal(h.text, single[i].text);
		assert_int_equal(h.severity, single[i].severity);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(hwerror_line(&r, others[i], &h));
}

static void a_machine_check_is_several_lines(void **state)
{
	struct hwerror_reader r = { 0 };
	struct hwerror h;

	(void)state;
	assert_false(hwerror_line(&r, MCE "CPU 1: Machine Check: 0 Bank 4: 8c00000000000136", &h));
	assert_false(hwerror_line(&r, MCE "TSC 0 ADDR 12345000 MISC 8c ", &h));
	assert_false(hwerror_line(&r, "another line between", &h));
	assert_true(hwerror_line(&r, MCE "PROCESSOR 2:60fb1 TIME 1 SOCKET 0 APIC 0", &h));
	assert_string_equal(h.source, "cpu");
	assert_string_equal(h.where, "CPU 1 bank 4");
	assert_string_equal(h.text, "status 8c00000000000136, address 12345000, misc 8c");
	assert_int_equal(h.severity, HWERROR_CORRECTED);
	/* The end of one is lost. */
	assert_false(hwerror_line(
		&r, MCE "CPU 0: Machine Check Exception: 5 Bank 1: bc00000000000000", &h));
	assert_true(hwerror_line(
		&r, MCE "CPU 0: Machine Check Exception: 5 Bank 2: be00000000000000", &h));
	assert_string_equal(h.where, "CPU 0 bank 1");
	assert_int_equal(h.severity, HWERROR_UNCORRECTED);
	assert_true(hwerror_line(&r, MCE "PROCESSOR 0:1", &h));
	assert_int_equal(h.severity, HWERROR_FATAL);
}

static void a_storm_is_counted_not_told(void **state)
{
	struct hwerror h = { .source = "pci", .where = "0000:00:01.0" };
	struct tally t = { 0 };
	uint64_t more;
	int told = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		told += tally_add(&t, &h, 1000, &more);
	assert_int_equal(told, TALLY_EVENTS);
	assert_true(tally_add(&t, &h, 1000 + TALLY_SECONDS, &more));
	assert_int_equal(more, 1000 - TALLY_EVENTS);
	assert_true(tally_add(&t, &h, 1001 + TALLY_SECONDS, &more));
	assert_int_equal(more, 0);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.rows[0].count, 1002);
}

static void places_are_bounded(void **state)
{
	struct hwerror h = { .source = "pci", .text = "x" };
	struct tally t = { 0 };
	uint64_t more, sum = 0;

	(void)state;
	for (int i = 0; i < 2 * TALLY_ROWS; i++) {
		snprintf(h.where, sizeof(h.where), "place %d", i);
		tally_add(&t, &h, 1000, &more);
	}
	assert_int_equal(t.n, TALLY_ROWS);
	assert_string_equal(t.rows[TALLY_ROWS - 1].last.where, "others");
	for (size_t i = 0; i < t.n; i++)
		sum += t.rows[i].count;
	assert_int_equal(sum, 2 * TALLY_ROWS);
}

static void counts_outlive_hostd(void **state)
{
	struct hwerror h = { "cpu", "CPU 0 bank 1", HWERROR_FATAL, "status 1" };
	struct tally t = { .sequence = 77 }, again;
	json_t *packed;
	uint64_t more;

	(void)state;
	tally_add(&t, &h, 1000000000, &more);
	packed = tally_pack(&t);
	json_array_append_new(json_object_get(packed, "errors"), json_string("nonsense"));
	tally_unpack(&again, packed);
	json_decref(packed);
	assert_int_equal(again.sequence, 77);
	assert_int_equal(again.n, 1);
	assert_memory_equal(&again.rows[0], &t.rows[0], sizeof(t.rows[0]));
	tally_unpack(&again, NULL);
	assert_int_equal(again.n, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_understood),
		cmocka_unit_test(a_machine_check_is_several_lines),
		cmocka_unit_test(a_storm_is_counted_not_told),
		cmocka_unit_test(places_are_bounded),
		cmocka_unit_test(counts_outlive_hostd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
