// SPDX-License-Identifier: Apache-2.0
/* An image from its bundle into a bank, with the power cut and the medium pulled out everywhere. */
#include "userworld/core/boot/image_write.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/image_sample.h"
#include "tests/unit/unit.h"

static struct sample old, image;

static int setup(void **state)
{
	(void)state;
	sample_make(&old, 1);
	sample_make(&image, 3);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sample_free(&old);
	sample_free(&image);
	return 0;
}

static int write_sample(struct powercut *pc, size_t fail_at, struct err *e)
{
	struct bytes b = image_sample(&image, "1.0", NULL);
	static const struct bundle_image none;
	struct image_plan plan;
	struct bundle *bundle;
	bool touched;
	int rc;

	*e = (struct err)ERR_INIT;
	b.fail_at = fail_at;
	assert_int_equal(bundle_open(&bundle, "image.vib", bytes_read, &b, e), 0);
	assert_int_equal(image_plan(bundle_descriptor(bundle), 3, &plan, e), 0);
	rc = image_write(bundle, powercut_disk(pc), &plan, &none, &touched, e);
	bundle_close(bundle);
	free(b.data);
	return rc;
}

static void sweep(int old_state, bool deaf, struct powercut_result *r, struct sample_update *u)
{
	struct err e;
	struct powercut *pc = old_state == BANK_UNKNOWN ? powercut_new(NULL, SAMPLE_SIZE)
							: sample_disk(&old, old_state);

	if (deaf)
		powercut_ignore_flushes(pc);
	*u = (struct sample_update){ &old, &image, old_state, 0, 0, 0 };
	if (write_sample(pc, 0, &e) < 0)
		fail_msg("%s", e.text);
	*r = powercut_sweep(pc, sample_startable_is_whole, u);
	powercut_free(pc);
}

static void test_cut(void **state)
{
	static const int states[] = { BANK_UNKNOWN, BANK_VALID, BANK_INVALID };
	struct powercut_result r;
	struct sample_update u;

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		sweep(states[i], false, &r, &u);
		assert_string_equal(r.first, "");
		assert_true(r.disks > 500 && u.seen_new > 0 && u.seen_nothing > 0);
	}
	/* A disk that lies. */
	sweep(BANK_VALID, true, &r, &u);
	assert_true(r.failures > 0);
}

/* The medium is pulled out at every step; the source breaks off at every kilobyte. */
static void test_pulled(void **state)
{
	struct sample_update u = { &old, &image, BANK_VALID, 0, 0, 0 };
	struct err e;
	int rc = -1;

	(void)state;
	for (long n = 0; rc < 0; n++) {
		struct powercut *pc = sample_disk(&old, BANK_VALID);
		char why[256] = "";

		powercut_pull(pc, n);
		rc = write_sample(pc, 0, &e);
		powercut_pull(pc, -1);
		assert_true(rc == 0 || e.kind == ERR_UNAVAILABLE);
		if (sample_startable_is_whole(&u, powercut_disk(pc), why) != 0)
			fail_msg("pulled at %ld: %s", n, why);
		powercut_free(pc);
	}
	for (size_t at = 4096; at < 12000; at += 1000) {
		struct powercut *pc = sample_disk(&old, BANK_VALID);
		char why[256] = "";

		assert_int_equal(write_sample(pc, at, &e), -1);
		if (sample_startable_is_whole(&u, powercut_disk(pc), why) != 0)
			fail_msg("broken off at %zu: %s", at, why);
		powercut_free(pc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_pulled),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
