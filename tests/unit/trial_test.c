// SPDX-License-Identifier: Apache-2.0
/* The record of a trial, with the power cut everywhere. */
#include "userworld/bank/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"

static void write_trial(struct blkio *io, enum trial_outcome outcome, char letter, size_t len)
{
	static struct trial t;
	struct err e = ERR_INIT;

	t = (struct trial){ .outcome = outcome, .time = 0x123456789, .len = len };
	snprintf(t.build, sizeof(t.build), "0.1.2");
	snprintf(t.reason, sizeof(t.reason), "because of %c", letter);
	memset(t.text, letter, len);
	if (trial_write(io, &t, &e) < 0)
		fail_msg("%s", e.text);
}

static void test_record(void **state)
{
	static struct trial t;
	struct powercut *pc;
	struct err e = ERR_INIT;
	struct sample s;
	struct bank b;

	(void)state;
	sample_make(&s, 1);
	pc = sample_disk(&s, BANK_DIRTY);
	assert_int_equal(trial_read(powercut_disk(pc), &t, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	for (char c = 'a'; c < 'f'; c++) {
		write_trial(powercut_disk(pc), TRIAL_FAILED, c, TRIAL_TEXT_MAX - (size_t)(c - 'a'));
		assert_int_equal(trial_read(powercut_disk(pc), &t, &e), 0);
		assert_int_equal(t.outcome, TRIAL_FAILED);
		assert_int_equal(t.sequence, c - 'a' + 1);
		assert_int_equal(t.time, 0x123456789);
		assert_int_equal(t.len, TRIAL_TEXT_MAX - (size_t)(c - 'a'));
		assert_int_equal(t.text[t.len - 1], c);
		assert_int_equal(t.reason[11], c);
	}
	/* The bank is the same. */
	assert_int_equal(bank_look(powercut_disk(pc), &b, &e), 0);
	assert_int_equal(bank_verify(powercut_disk(pc), &b, NULL, NULL, &e), 0);
	/* A new image has no record of the old one. */
	assert_int_equal(sample_write(&s, powercut_disk(pc), BANK_UPGRADING, &e), 0);
	assert_int_equal(trial_read(powercut_disk(pc), &t, &e), -1);
	powercut_free(pc);
	sample_free(&s);
}

/* One whole record of the letters in context. */
static int is_whole(void *context, struct blkio *disk, char why[static 256])
{
	static struct trial t;
	struct err e = ERR_INIT;

	if (trial_read(disk, &t, &e) < 0) {
		snprintf(why, 256, "%.200s", e.text);
		return 1;
	}
	for (size_t i = 0; i < t.len; i++)
		if (t.text[i] != t.reason[11])
			return 1;
	return !strchr(context, t.reason[11]);
}

static void sweep(bool deaf, struct powercut_result *r)
{
	struct powercut *pc;
	struct sample s;

	sample_make(&s, 1);
	pc = sample_disk(&s, BANK_DIRTY);
	write_trial(powercut_disk(pc), TRIAL_RUNNING, 'a', 700);
	powercut_mark(pc);
	if (deaf)
		powercut_ignore_flushes(pc);
	write_trial(powercut_disk(pc), TRIAL_RUNNING, 'b', 1200);
	write_trial(powercut_disk(pc), TRIAL_FAILED, 'c', 600);
	*r = powercut_sweep(pc, is_whole, "abc");
	powercut_free(pc);
	sample_free(&s);
}

static void test_cut(void **state)
{
	struct powercut_result r;

	(void)state;
	sweep(false, &r);
	assert_string_equal(r.first, "");
	assert_true(r.disks > 100);
	sweep(true, &r);
	assert_true(r.failures > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
