// SPDX-License-Identifier: Apache-2.0
/* A new image into a bank, with the power cut everywhere. */
#include "userworld/bank/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"

static void sweep(int old_state, bool deaf, struct powercut_result *r, struct sample_update *u)
{
	struct sample old, new;
	struct err e = ERR_INIT;
	struct powercut *pc;

	sample_make(&old, 1);
	sample_make(&new, 3);
	pc = old_state == BANK_UNKNOWN ? powercut_new(NULL, SAMPLE_SIZE)
				       : sample_disk(&old, old_state);
	if (deaf)
		powercut_ignore_flushes(pc);
	*u = (struct sample_update){ &old, &new, old_state, 0, 0, 0 };
	if (sample_write(&new, powercut_disk(pc), BANK_UPGRADING, &e) < 0)
		fail_msg("%s", e.text);
	*r = powercut_sweep(pc, sample_startable_is_whole, u);
	powercut_free(pc);
	sample_free(&old);
	sample_free(&new);
}

static void test_cut(void **state)
{
	const int states[] = { BANK_UNKNOWN, BANK_VALID, BANK_UPGRADING, BANK_DIRTY, BANK_INVALID };
	struct powercut_result r;
	struct sample_update u;

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		sweep(states[i], false, &r, &u);
		assert_string_equal(r.first, "");
		assert_int_equal(r.failures, 0);
		assert_true(r.disks > 500 && u.seen_new > 0 && u.seen_nothing > 0);
		if (states[i] != BANK_UNKNOWN && states[i] != BANK_INVALID)
			assert_true(u.seen_old > 0);
	}
}

/*
 * The bank has no file system, but where boot.cfg will be there is an old one of state 0, and the
 * files that it names are others.
 */
static void test_cut_over_remains(void **state)
{
	struct powercut_result r;
	struct sample s;
	struct err e = ERR_INIT;
	struct sample_update u = { &s, &s, BANK_VALID, 0, 0, 0 };
	struct powercut *pc;

	(void)state;
	sample_make(&s, 3);
	pc = sample_disk(&s, BANK_VALID);
	memset(powercut_bytes(pc), 0, POWERCUT_SECTOR);
	for (size_t i = 0; i < SAMPLE_SIZE - 3000; i++)
		if (memcmp(powercut_bytes(pc) + i, s.data[0], 2000) == 0)
			memset(powercut_bytes(pc) + i, 'x', 2000);
	powercut_mark(pc);
	if (sample_write(&s, powercut_disk(pc), BANK_UPGRADING, &e) < 0)
		fail_msg("%s", e.text);
	r = powercut_sweep(pc, sample_startable_is_whole, &u);
	assert_string_equal(r.first, "");
	assert_true(u.seen_new > 0);
	powercut_free(pc);
	sample_free(&s);
}

static void test_cut_without_flushes(void **state)
{
	struct powercut_result r;
	struct sample_update u;

	(void)state;
	sweep(BANK_VALID, true, &r, &u);
	assert_true(r.failures > 0);
	sweep(BANK_UNKNOWN, true, &r, &u);
	assert_true(r.failures > 0);
}

/* The medium is pulled out before each write and flush; then it comes back, and the update is
 * repeated. */
static void test_pulled(void **state)
{
	struct sample old, new;
	struct err e = ERR_INIT;
	long n;

	(void)state;
	sample_make(&old, 1);
	sample_make(&new, 3);
	for (n = 0;; n++) {
		struct sample_update u = { &old, &new, BANK_VALID, 0, 0, 0 };
		struct powercut *pc = sample_disk(&old, BANK_VALID);
		char why[256] = "";
		int rc;

		powercut_pull(pc, n);
		rc = sample_write(&new, powercut_disk(pc), BANK_UPGRADING, &e);
		powercut_pull(pc, -1);
		if (sample_startable_is_whole(&u, powercut_disk(pc), why) != 0)
			fail_msg("pulled at %ld: %s", n, why);
		if (rc < 0) {
			assert_int_equal(e.kind, ERR_UNAVAILABLE);
			assert_int_equal(sample_write(&new, powercut_disk(pc), BANK_UPGRADING, &e),
					 0);
		}
		powercut_free(pc);
		if (rc == 0)
			break;
	}
	assert_true(n > 6);
	sample_free(&old);
	sample_free(&new);
}

static void test_refused(void **state)
{
	struct powercut *pc;
	struct err e = ERR_INIT;
	struct sample s;

	(void)state;
	sample_make(&s, 1);
	pc = sample_disk(&s, BANK_VALID);
	/* Too large: nothing is touched, and it says how much is missing. */
	s.sizes[2] = 3 << 20;
	assert_int_equal(sample_write(&s, powercut_disk(pc), BANK_UPGRADING, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_non_null(strstr(e.text, "are missing"));
	assert_int_equal(powercut_writes(pc), 0);
	sample_free(&s);
	/* Other bytes than the digests promise, too few, too many. */
	sample_make(&s, 1);
	s.data[1][0] ^= 1;
	assert_int_equal(sample_write(&s, powercut_disk(pc), BANK_UPGRADING, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	powercut_free(pc);
	sample_free(&s);
}

static void test_wrong_length(void **state)
{
	struct powercut *pc = powercut_new(NULL, SAMPLE_SIZE);
	struct bank_write *w;
	struct sample s;

	(void)state;
	sample_make(&s, 1);
	assert_int_equal(bank_write_start(&w, powercut_disk(pc), &s.cfg, s.sizes, NULL), 0);
	assert_int_equal(bank_write_add(w, s.data[0], s.sizes[0], NULL), 0);
	assert_int_equal(bank_write_end(w, BANK_UPGRADING, NULL), -1);
	assert_int_equal(bank_write_add(w, s.data[1], s.sizes[1], NULL), 0);
	assert_int_equal(bank_write_add(w, s.data[2], s.sizes[2], NULL), 0);
	assert_int_equal(bank_write_add(w, "x", 1, NULL), -1);
	bank_write_free(w);
	s.cfg.has_digests = false;
	assert_int_equal(bank_write_start(&w, powercut_disk(pc), &s.cfg, s.sizes, NULL), -1);
	powercut_free(pc);
	sample_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_over_remains),
		cmocka_unit_test(test_cut_without_flushes),
		cmocka_unit_test(test_pulled),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_wrong_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
