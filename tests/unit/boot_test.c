// SPDX-License-Identifier: Apache-2.0
/* The operations on the boot medium, with files for disk and partitions. */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/boot_medium.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/bank/trial.h"
#include "userworld/core/core.h"

static int setup(void **state)
{
	int rc = tree_setup(state);

	boot_medium_make();
	return rc;
}

/* Bank 0 runs, is the older one and valid; the other is in that state. */
static void start_with(int other)
{
	tree_write("/proc/cmdline", "quiet visoros.bank=" BOOT_MEDIUM_GUID "AAAA\n", 0644);
	boot_medium_put(0, 1, BANK_VALID);
	boot_medium_put(1, 2, other);
}

static json_t *call(const char *op, json_t *params)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;

	if (core_call(op, params, &result, &e) < 0)
		fail_msg("%s: %s", op, e.text);
	json_decref(params);
	return result;
}

static enum err_kind refused(const char *op, json_t *params)
{
	struct err e = ERR_INIT;

	assert_int_equal(core_call(op, params, NULL, &e), -1);
	json_decref(params);
	return e.kind;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "(none)";
}

static void expect_banks(const char *first, const char *second, int next)
{
	json_t *rows = call("system.boot.bank.list", NULL);
	const json_t *a = json_array_get(rows, 0), *b = json_array_get(rows, 1);

	assert_string_equal(text_of(a, "state"), first);
	assert_string_equal(text_of(b, "state"), second);
	assert_true(json_is_true(json_object_get(next ? b : a, "next")));
	assert_true(json_is_false(json_object_get(next ? a : b, "next")));
	json_decref(rows);
}

static void test_get(void **state)
{
	json_t *r;

	(void)state;
	start_with(BANK_UPGRADING);
	r = call("system.boot.get", NULL);
	assert_string_equal(text_of(r, "medium"), "present");
	assert_string_equal(text_of(r, "source"), "bank");
	assert_string_equal(text_of(r, "state"), "valid");
	assert_int_equal(json_integer_value(json_object_get(r, "bank")), 0);
	assert_int_equal(json_integer_value(json_object_get(r, "next")), 1);
	assert_true(json_is_null(json_object_get(r, "failure")));
	json_decref(r);
	expect_banks("valid", "upgrading", 1);
	tree_write("/proc/cmdline", "quiet visoros.bank=" BOOT_MEDIUM_GUID "cccc\n", 0644);
	r = call("system.boot.get", NULL);
	assert_string_equal(text_of(r, "medium"), "lost");
	json_decref(r);
	tree_write("/proc/cmdline", "quiet visoros.boot=http://x/y\n", 0644);
	r = call("system.boot.get", NULL);
	assert_string_equal(text_of(r, "medium"), "none");
	assert_string_equal(text_of(r, "source"), "http://x/y");
	json_decref(r);
	assert_int_equal(refused("system.boot.bank.list", NULL), ERR_NOT_FOUND);
}

static void test_rollback_and_forward(void **state)
{
	json_t *r;

	(void)state;
	start_with(BANK_INVALID);
	assert_int_equal(refused("system.boot.bank.set", json_pack("{s:b}", "rollback", 1)),
			 ERR_CONFLICT);
	assert_int_equal(refused("system.boot.bank.set", NULL), ERR_USAGE);
	expect_banks("valid", "invalid", 0);
	/* Once more on trial. */
	r = call("system.boot.bank.set", json_pack("{s:i}", "bank", 1));
	assert_true(json_is_true(json_object_get(r, "reboot_required")));
	json_decref(r);
	expect_banks("valid", "upgrading", 1);
	/* And not, after all: what is newer must give way. */
	json_decref(call("system.boot.bank.set", json_pack("{s:i}", "bank", 0)));
	expect_banks("valid", "invalid", 0);
	/* That was somebody's wish, no failure. */
	r = call("system.boot.get", NULL);
	assert_true(json_is_null(json_object_get(r, "failure")));
	json_decref(r);
	assert_int_equal(refused("system.boot.failure.get", NULL), ERR_NOT_FOUND);
	/* The newer one runs and is valid: back to the older. */
	boot_medium_put(1, 2, BANK_VALID);
	tree_write("/proc/cmdline", "visoros.bank=" BOOT_MEDIUM_GUID "bbbb\n", 0644);
	json_decref(call("system.boot.bank.set", json_pack("{s:b}", "rollback", 1)));
	expect_banks("valid", "invalid", 0);
}

static void test_confirm(void **state)
{
	json_t *r;

	(void)state;
	start_with(BANK_DIRTY);
	tree_write("/proc/cmdline", "visoros.bank=" BOOT_MEDIUM_GUID "bbbb\n", 0644);
	r = call("system.boot.bank.confirm", NULL);
	assert_string_equal(text_of(r, "was"), "dirty");
	json_decref(r);
	expect_banks("valid", "valid", 1);
	r = call("system.boot.bank.confirm", NULL);
	assert_string_equal(text_of(r, "was"), "valid");
	json_decref(r);
}

static void test_damage(void **state)
{
	struct fat_file file;
	struct blkio *io;
	uint64_t where;
	struct fat fat;
	uint32_t run;
	json_t *r;
	char byte;

	(void)state;
	start_with(BANK_INVALID);
	io = boot_medium_open(1);
	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, "base.v00", &file, NULL), 0);
	assert_int_equal(fat_where(&fat, &file, 5000, &where, &run, NULL), 0);
	blkio_read(io, &byte, 1, where, NULL);
	byte ^= 4;
	blkio_write(io, &byte, 1, where, NULL);
	blkio_close(io);
	r = call("system.boot.bank.verify", NULL);
	assert_int_equal(json_array_size(r), 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(text_of(json_array_get(r, i), "result"),
				    i == 5 ? "damaged" : "good");
	json_decref(r);
	/* What is damaged is not put on trial. */
	assert_int_equal(refused("system.boot.bank.set", json_pack("{s:i}", "bank", 1)),
			 ERR_CONFLICT);
	expect_banks("valid", "invalid", 0);
}

static void test_failure(void **state)
{
	struct trial t = { .outcome = TRIAL_FAILED,
			   .time = 1700000000,
			   .build = "0.1.2",
			   .reason = "hostd does not answer",
			   .text = "one\ntwo\n",
			   .len = 8 };
	struct blkio *io;
	json_t *r;

	(void)state;
	start_with(BANK_INVALID);
	/* Newer, invalid, and nobody came to write why. */
	r = call("system.boot.failure.get", NULL);
	assert_non_null(strstr(text_of(r, "reason"), "did not start"));
	json_decref(r);
	io = boot_medium_open(1);
	assert_int_equal(trial_write(io, &t, NULL), 0);
	blkio_close(io);
	r = call("system.boot.failure.get", NULL);
	assert_string_equal(text_of(r, "reason"), "hostd does not answer");
	assert_string_equal(text_of(r, "time"), "2023-11-14T22:13:20Z");
	assert_int_equal(json_array_size(json_object_get(r, "lines")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(r, "lines"), 1)),
			    "two");
	json_decref(r);
}

static void put_running(void)
{
	struct trial t = { .outcome = TRIAL_RUNNING,
			   .time = 1700000000,
			   .build = "0.1.2",
			   .text = "one\n",
			   .len = 4 };
	struct blkio *io = boot_medium_open(1);

	assert_int_equal(trial_write(io, &t, NULL), 0);
	blkio_close(io);
}

static void expect_end(const char *op, const char *reason, const char *time)
{
	json_t *r = call(op, NULL);

	assert_string_equal(text_of(r, "reason"), reason);
	assert_string_equal(text_of(r, "time"), time);
	assert_string_equal(text_of(r, "build"), "0.1.2");
	json_decref(r);
}

/* What an image that died could not write down is written down by the one after it, once. */
static void test_note(void **state)
{
	static const char log[] = "/var/log/vmkernel-panic-20231114T221400Z-1.log";
	static const char reason[] = "it ended with a panic: no init";
	static char text[3 * TRIAL_TEXT_MAX] = "<0>[ 1.0] Kernel panic - not syncing: no init\n";
	struct timespec when[2] = { { .tv_sec = 1700000040 }, { .tv_sec = 1700000040 } };
	size_t len = strlen(text);
	json_t *r, *lines;

	(void)state;
	start_with(BANK_VALID);
	assert_true(json_is_null(call("system.boot.failure.note", NULL)));
	start_with(BANK_INVALID);
	put_running();
	expect_end("system.boot.failure.note",
		   "the host ended during its trial, without saying why", "2023-11-14T22:13:20Z");
	/* That was told; a panic of later has nothing to do with it. */
	while (len + strlen("a line\n") < sizeof(text))
		len += (size_t)sprintf(text + len, "a line\n");
	tree_write(log, text, 0600);
	utimensat(AT_FDCWD, tree_path(log), when, 0);
	expect_end("system.boot.failure.note",
		   "the host ended during its trial, without saying why", "2023-11-14T22:13:20Z");
	put_running();
	expect_end("system.boot.failure.note", reason, "2023-11-14T22:14:00Z");
	expect_end("system.boot.failure.get", reason, "2023-11-14T22:14:00Z");
	r = call("system.boot.failure.get", NULL);
	lines = json_object_get(r, "lines");
	assert_in_range(json_array_size(lines), 4000, TRIAL_TEXT_MAX / 7);
	assert_string_equal(json_string_value(json_array_get(lines, 0)), "a line");
	json_decref(r);
	unlink(tree_path(log));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),	cmocka_unit_test(test_rollback_and_forward),
		cmocka_unit_test(test_confirm), cmocka_unit_test(test_damage),
		cmocka_unit_test(test_failure), cmocka_unit_test(test_note),
	};

	return cmocka_run_group_tests(tests, setup, tree_teardown);
}
