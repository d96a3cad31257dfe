// SPDX-License-Identifier: Apache-2.0
/* visortop's rates and pages from two samples made by hand. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/visortop/model.h"

#define MIB (UINT64_C(1) << 20)
#define SECOND 1000000

static struct top_sample before, now;
static struct top_view view;

/* Two seconds: hostd used half a CPU, shell was held back for a second, new has come. */
static int samples(void **state)
{
	static const struct top_row old[] = {
		{ .gid = 11, .name = "hostd", .cpu = 5 * SECOND, .sys = SECOND, .ready = 70 },
		{ .gid = 12, .name = "shell", .cpu = SECOND, .limited = SECOND },
		{ .gid = 13, .name = "gone", .cpu = 9 * SECOND },
	};
	static const struct top_row new[] = {
		{ .gid = 12,
		  .name = "shell",
		  .worlds = 3,
		  .cpu = 2 * SECOND,
		  .limited = 2 * SECOND,
		  .memory = 9 * MIB,
		  .anon = 5 * MIB,
		  .max = 64 * MIB,
		  .shares = 50 },
		{ .gid = 11,
		  .name = "hostd",
		  .worlds = 2,
		  .cpu = 6 * SECOND,
		  .sys = SECOND + 500000,
		  .ready = 70 + 200000,
		  .memory = 20 * MIB,
		  .min = 12 * MIB,
		  .max = UINT64_MAX,
		  .file = 3 * MIB,
		  .stalled = 20000,
		  .shares = 300 },
		{ .gid = 14,
		  .name = "a-name-that-is-rather-long",
		  .worlds = 1,
		  .cpu = 20000,
		  .max = UINT64_MAX,
		  .kernel = MIB / 2,
		  .memory = MIB,
		  .shares = 100 },
	};

	(void)state;
	before = (struct top_sample){
		.at = 100 * SECOND, .busy = 40 * SECOND, .cpus = 2, .count = 3
	};
	memcpy(before.rows, old, sizeof(old));
	now = (struct top_sample){ .at = 102 * SECOND,
				   .wall = 1795352400,
				   .uptime = 93784,
				   .busy = 43 * SECOND,
				   .cpus = 2,
				   .memory_total = 212 * MIB,
				   .memory_free = 112 * MIB,
				   .load = { 0.5, 0.25, 0.125 },
				   .count = 3 };
	memcpy(now.rows, new, sizeof(new));
	top_rates(&before, &now, &view);
	return 0;
}

static void rates(void **state)
{
	(void)state;
	top_sort(&view, TOP_BY_NAME);
	assert_true(view.busy == 75);
	assert_string_equal(view.rates[1].row->name, "hostd");
	assert_true(view.rates[1].used == 50 && view.rates[1].sys == 25 &&
		    view.rates[1].ready == 10);
	assert_true(view.rates[2].limited == 50);
	/* What is new counts from its start; a counter that went back is no rate. */
	assert_true(view.rates[0].used == 1);
	before.rows[0].cpu = 7 * SECOND;
	top_rates(&before, &now, &view);
	top_sort(&view, TOP_BY_NAME);
	assert_true(view.rates[1].used == 0);
}

static void expect(enum top_page page, const char *const *want, size_t count)
{
	static char lines[TOP_LINES][TOP_WIDTH];

	assert_int_equal(top_render(&view, page, "note", lines, TOP_LINES), count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(lines[i], want[i]);
}

static void pages(void **state)
{
	static const char *const cpu[] = {
		"13:00:00 UTC up 1 days 02:03, 6 worlds, 3 pools; CPU load average: 0.50, 0.25, "
		"0.12",
		"PCPU USED(%): 75.0 of 2   PMEM /MB: 212 total: 100 used, 112 free",
		"note",
		"     GID NAME                  NWLD   %USED    %SYS    %RDY  %MLMTD  SHARES",
		"      11 hostd                    2   50.00   25.00   10.00    0.00     300",
		"      12 shell                    3   50.00    0.00    0.00   50.00      50",
		"      14 a-name-that-is-rathe     1    1.00    0.00    0.00    0.00     100",
	};
	static const char *const memory[] = {
		cpu[0],
		cpu[1],
		cpu[2],
		"     GID NAME                  NWLD   MEMSZ     MIN     MAX    ANON    FILE    "
		"KERN   %STAL",
		"      11 hostd                    2    20.0    12.0       -     0.0     3.0     "
		"0.0    1.00",
		"      12 shell                    3     9.0     0.0    64.0     5.0     0.0     "
		"0.0    0.00",
		"      14 a-name-that-is-rathe     1     1.0     0.0       -     0.0     0.0     "
		"0.5    0.00",
	};
	static char lines[TOP_LINES][TOP_WIDTH];

	(void)state;
	top_sort(&view, TOP_BY_CPU);
	expect(TOP_PAGE_CPU, cpu, 7);
	top_sort(&view, TOP_BY_MEMORY);
	expect(TOP_PAGE_MEMORY, memory, 7);
	assert_int_equal(top_render(&view, TOP_PAGE_CPU, "", lines, 5), 5);
}

static void csv(void **state)
{
	static struct top_view first;
	static struct top_sample one;
	char *text;

	(void)state;
	one = before;
	one.count = 2;
	one.rows[1] = before.rows[2]; /* the one that is gone later */
	top_rates(NULL, &one, &first);
	text = top_csv_titles(&first, "esx1");
	assert_non_null(strstr(text,
			       "\"(PDH-CSV 4.0) (UTC)(0)\",\"\\\\esx1\\Physical Cpu(_Total)\\% "
			       "Processor Time\""));
	assert_non_null(strstr(text, ",\"\\\\esx1\\Group Cpu(11:hostd)\\% Used\","));
	free(text);
	text = top_csv_line(&first, &view);
	assert_string_equal(
		text, "\"11/22/2026 13:00:00\",\"75.00\",\"212\",\"112\",\"50.00\",\"25.00\","
		      "\"10.00\",\"0.00\",\"20.00\",\"1.00\",\"\",\"\",\"\",\"\",\"\",\"\"\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(rates, samples),
		cmocka_unit_test_setup(pages, samples),
		cmocka_unit_test_setup(csv, samples),
	};

	return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
