// SPDX-License-Identifier: Apache-2.0
/* system.boot.scrub: files stand for the medium; damage is told, and put right from what is known.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/boot_medium.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/bank/layout.h"
#include "userworld/core/boot/known.h"
#include "userworld/core/boot/pace.h"
#include "userworld/core/core.h"

#define OTHER BOOT_MEDIUM_GUID "bbbb"

static int setup(void **state)
{
	int rc = tree_setup(state);

	boot_medium_make();
	tree_write("/proc/cmdline", "quiet visoros.bank=" BOOT_MEDIUM_GUID "AAAA\n", 0644);
	return rc;
}

/* Both banks with the same image, of which nothing is known. */
static int fresh(void **state)
{
	(void)state;
	boot_known_forget(BOOT_MEDIUM_GUID "aaaa");
	boot_known_forget(OTHER);
	tree_write("/proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable: 500000 kB\n", 0444);
	boot_medium_put(0, 1, BANK_VALID);
	boot_medium_put(1, 1, BANK_VALID);
	return 0;
}

static json_t *scrub(json_t *params)
{
	struct err e = ERR_INIT;
	json_t *rows = NULL;

	if (core_call("system.boot.scrub", params, &rows, &e) < 0)
		fail_msg("%s", e.text);
	json_decref(params);
	return rows;
}

/* What it says of a part: "good", or "(nothing)". */
static const char *said(const json_t *rows, const char *part, const char *name)
{
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row)
		if (!strcmp(json_string_value(json_object_get(row, "part")), part) &&
		    !strcmp(json_string_value(json_object_get(row, "name")), name))
			return json_string_value(json_object_get(row, "result"));
	return "(nothing)";
}

static void expect(json_t *rows, const char *part, const char *name, const char *result)
{
	assert_string_equal(said(rows, part, name), result);
}

/* Turns a bit around in a file of a bank; which: its place in the layout. */
static void damage(unsigned int bank, size_t which)
{
	static struct bank_layout l;
	struct blkio *io = boot_medium_open(bank);
	struct bank *b = malloc(sizeof(*b));
	uint64_t at;
	char byte;

	assert_non_null(b);
	assert_int_equal(bank_look(io, b, NULL), 0);
	if (b->there)
		assert_int_equal(bank_layout_learn(&l, io, b, NULL), 1);
	at = l.files[which].at + 30;
	assert_int_equal(blkio_read(io, &byte, 1, at, NULL), 0);
	byte ^= 1;
	assert_int_equal(blkio_write(io, &byte, 1, at, NULL), 0);
	blkio_close(io);
	free(b);
}

static void test_good(void **state)
{
	json_t *rows = scrub(NULL);

	(void)state;
	expect(rows, "bank 0", "", "good");
	expect(rows, "bank 1", "", "good");
	expect(rows, "partition table", "", "good");
	/* This tree has no skeleton. */
	expect(rows, "loader", "", "skipped");
	json_decref(rows);
}

/* What "boot get" says of the medium as a whole. */
static void expect_problem(const char *problem)
{
	json_t *r = NULL;
	const char *text;

	assert_int_equal(core_call("system.boot.get", NULL, &r, NULL), 0);
	text = json_string_value(json_object_get(r, "problem"));
	if (problem)
		assert_string_equal(text, problem);
	else
		assert_null(text);
	assert_int_equal(strlen(json_string_value(json_object_get(r, "scrubbed"))),
			 strlen("2026-11-23T01:02:03Z"));
	json_decref(r);
}

static void test_from_the_other_bank(void **state)
{
	json_t *rows;

	(void)state;
	damage(0, BANK_FIRST);
	damage(1, BANK_FIRST + 2);
	rows = scrub(json_pack("{s:b}", "check_only", true));
	expect(rows, "bank 0", "vmlinuz", "damaged");
	expect(rows, "bank 1", "base.v00", "damaged");
	json_decref(rows);
	expect_problem("damaged: bank 0 vmlinuz, bank 1 base.v00");
	rows = scrub(NULL);
	expect(rows, "bank 0", "vmlinuz", "repaired");
	expect(rows, "bank 1", "base.v00", "repaired");
	json_decref(rows);
	rows = scrub(NULL);
	expect_problem(NULL);
	expect(rows, "bank 0", "", "good");
	expect(rows, "bank 1", "", "good");
	json_decref(rows);
}

/* Both have lost it; the list of the banks says so, too. */
static void test_nobody_has_it(void **state)
{
	json_t *rows, *banks;

	(void)state;
	damage(0, BANK_FIRST + 2);
	damage(1, BANK_FIRST + 2);
	rows = scrub(NULL);
	expect(rows, "bank 0", "base.v00", "damaged");
	json_decref(rows);
	assert_int_equal(core_call("system.boot.bank.list", NULL, &banks, NULL), 0);
	assert_string_equal(json_string_value(json_object_get(json_array_get(banks, 0), "problem")),
			    "damaged: base.v00");
	json_decref(banks);
}

static void flip_word(unsigned int bank, const char *word, char bits)
{
	static char bytes[1 << 20];
	struct blkio *io = boot_medium_open(bank);
	char *at;

	assert_int_equal(blkio_read(io, bytes, sizeof(bytes), 0, NULL), 0);
	at = memmem(bytes, sizeof(bytes), word, strlen(word));
	assert_non_null(at);
	at[strlen(word)] ^= bits;
	assert_int_equal(blkio_write(io, at + strlen(word), 1,
				     (uint64_t)(at + (int)strlen(word) - bytes), NULL),
			 0);
	blkio_close(io);
}

/*
 * One bit of the kernel's options, or of what makes a bank of it, and nothing is known of it: the
 * host was just started. Two bits are beyond it, and said.
 */
static void test_options(void **state)
{
	static const char *const words[] = { "console=tty", "\nkernel", "\nsha256=" };
	json_t *rows;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		flip_word(1, words[i], 1);
		rows = scrub(NULL);
		expect(rows, "bank 1", "boot.cfg", "repaired");
		json_decref(rows);
		boot_known_forget(OTHER);
		rows = scrub(NULL);
		expect(rows, "bank 1", "", "good");
		json_decref(rows);
		boot_known_forget(OTHER);
	}
	flip_word(1, "console=tty", 3);
	rows = scrub(NULL);
	expect(rows, "bank 1", "boot.cfg", "damaged");
	json_decref(rows);
}

/* boot.cfg cannot be read any more: what it said is remembered. */
static void test_what_was_good_is_known(void **state)
{
	static const char junk[BOOTCFG_BLOCK];
	struct blkio *io;
	struct bank b;
	json_t *rows;

	(void)state;
	json_decref(scrub(NULL));
	io = boot_medium_open(1);
	assert_int_equal(bank_look(io, &b, NULL), 0);
	assert_int_equal(blkio_write(io, junk, sizeof(junk), b.state_at - b.cfg.state_at, NULL), 0);
	rows = scrub(NULL);
	expect(rows, "bank 1", "boot.cfg", "repaired");
	json_decref(rows);
	assert_int_equal(bank_look(io, &b, NULL), 0);
	assert_true(b.there && b.cfg.state == BANK_VALID);
	/* Who writes another image there has it forgotten. */
	boot_known_forget(OTHER);
	assert_int_equal(blkio_write(io, junk, sizeof(junk), b.state_at - b.cfg.state_at, NULL), 0);
	rows = scrub(NULL);
	expect(rows, "bank 1", "", "damaged");
	json_decref(rows);
	blkio_close(io);
}

/* Nothing depends on a bank that failed or is being written. */
static void test_invalid_bank_is_left_alone(void **state)
{
	json_t *rows;

	(void)state;
	boot_medium_put(1, 2, BANK_INVALID);
	damage(1, BANK_FIRST);
	rows = scrub(NULL);
	expect(rows, "bank 1", "", "skipped");
	json_decref(rows);
	boot_medium_clear(1);
	rows = scrub(NULL);
	expect(rows, "bank 1", "", "skipped");
	json_decref(rows);
}

static void test_partition_table(void **state)
{
	struct blkio *disk = blkio_open(tree_path("/dev/vda"), true, NULL);
	json_t *rows;

	(void)state;
	assert_non_null(disk);
	assert_int_equal(blkio_write(disk, "x", 1, disk->size - 512 + 20, NULL), 0);
	rows = scrub(NULL);
	expect(rows, "partition table", "second copy", "repaired");
	json_decref(rows);
	rows = scrub(NULL);
	expect(rows, "partition table", "", "good");
	json_decref(rows);
	blkio_close(disk);
}

static void test_pace(void **state)
{
	struct boot_pace p = { .rate = 1 << 20, .bytes = 3 << 20, .begin = 1000 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(boot_pace_due(&p, 1000), 3000);
	assert_int_equal(boot_pace_due(&p, 4500), 0);
	p.rate = 0;
	assert_int_equal(boot_pace_due(&p, 1000), 0);
	/* Memory is short: it ends, and says so. */
	tree_write("/proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable: 60000 kB\n", 0444);
	boot_pace_start(&p, 1 << 30);
	assert_int_equal(boot_pace(&p, 2 << 20, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	/* A person who asks does not mind. */
	boot_pace_start(&p, 0);
	assert_int_equal(boot_pace(&p, 2 << 20, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, fresh),
		cmocka_unit_test_setup(test_from_the_other_bank, fresh),
		cmocka_unit_test_setup(test_options, fresh),
		cmocka_unit_test_setup(test_nobody_has_it, fresh),
		cmocka_unit_test_setup(test_what_was_good_is_known, fresh),
		cmocka_unit_test_setup(test_invalid_bank_is_left_alone, fresh),
		cmocka_unit_test_setup(test_partition_table, fresh),
		cmocka_unit_test_setup(test_pace, fresh),
	};

	return cmocka_run_group_tests(tests, setup, tree_teardown);
}
