// SPDX-License-Identifier: Apache-2.0
/* When state is saved, who is said to have changed it, and when its key is sealed. */
#include "tests/unit/unit.h"
#include "userworld/stated/note.h"
#include "userworld/stated/pace.h"
#include "userworld/stated/seal_want.h"

/* Goes on until it is saved; returns when. */
static int64_t save(struct pace *p, int64_t now, bool written)
{
	now += pace_due(p, now);
	assert_int_equal(pace_due(p, now), 0);
	pace_saved(p, now, written);
	assert_int_equal(pace_due(p, now), -1);
	return now;
}

static void within_a_second(void **state)
{
	struct pace p = { 0 };
	int64_t now = 5000;

	(void)state;
	assert_int_equal(pace_due(&p, now), -1);
	pace_change(&p, now);
	assert_int_equal(pace_due(&p, now), PACE_QUIET);
	assert_int_equal(save(&p, now, true), now + PACE_QUIET);
	/* Somebody who writes all the time does not put it off. */
	now = 100000;
	for (int i = 0; i < 100; i++)
		pace_change(&p, now + i * 50);
	assert_int_equal(pace_due(&p, now + 100), PACE_MOST - 100);
	assert_true(PACE_MOST < 1000);
}

/* A day of changes, ten in a second. */
static void bounded(void **state)
{
	struct pace p = { 0 };
	int64_t now = 0, end = 86400 * 1000;
	unsigned int saves = 0;

	(void)state;
	while (now < end) {
		pace_change(&p, now);
		now = save(&p, now, true) + 100;
		saves++;
		if (saves <= PACE_BURST)
			assert_true(now < 1000 * saves);
	}
	assert_in_range(saves, 86400 / (PACE_EACH / 1000),
			86400 / (PACE_EACH / 1000) + PACE_BURST + 1);
	assert_false(pace_held(&p, now));
	pace_change(&p, now);
	assert_true(pace_held(&p, now + PACE_MOST));
	/* What was not written costs nothing; and a quiet time pays for the next burst. */
	now = save(&p, now, true) + 2 * PACE_BURST * PACE_EACH;
	for (int i = 0; i < 1000; i++) {
		pace_change(&p, now);
		assert_int_equal(pace_due(&p, now), PACE_QUIET);
		now = save(&p, now, false);
	}
}

static void tries_again(void **state)
{
	struct pace p = { 0 };
	int64_t now = 1000, pause = 0;

	(void)state;
	pace_change(&p, now);
	now += pace_due(&p, now);
	for (int i = 0; i < 20; i++) {
		pace_failed(&p, now);
		assert_true(pace_due(&p, now) >= pause);
		pause = pace_due(&p, now);
		assert_in_range(pause, 1000, PACE_RETRY_MAX);
		now += pause;
	}
	assert_int_equal(pause, PACE_RETRY_MAX);
	pace_saved(&p, now, true);
	pace_change(&p, now);
	assert_int_equal(pace_due(&p, now), PACE_QUIET);
}

static void notes(void **state)
{
	struct note n = { "", "" };

	(void)state;
	note_add(&n, "root (network)", "system.hostname.set");
	assert_string_equal(n.what, "system.hostname.set: ");
	note_add(&n, "root (network)", "system.hostname.set");
	assert_string_equal(n.what, "system.hostname.set: ");
	note_add(&n, "ann (local)", "account.password.set");
	assert_string_equal(n.who, "root (network), ann (local)");
	assert_string_equal(n.what, "system.hostname.set, account.password.set: ");
	/* As much as there is room for, without end. */
	for (int i = 0; i < 100; i++) {
		char who[] = "user00 (local)";

		who[4] = (char)('0' + i / 10);
		who[5] = (char)('0' + i % 10);
		note_add(&n, who, who);
	}
	note_clear(&n);
	assert_string_equal(n.who, "");
}

static void sealing(void **state)
{
	static const struct {
		struct seal_view view;
		enum seal_want want;
	} cases[] = {
		/* A TPM is used as soon as it is there, but for an image that may be rolled back.
		 */
		{ { 0 }, SEAL_LEAVE },
		{ { .tpm = true }, SEAL_TPM },
		{ { .tpm = true, .trial = true }, SEAL_LEAVE },
		{ { .tpm = true, .failed = true }, SEAL_LEAVE },
		{ { .tpm = true, .sealed = true }, SEAL_LEAVE },
		{ { .tpm = true, .sealed = true, .pcr7 = true }, SEAL_LEAVE },
		/* off: no store is sealed, and what is becomes clear, without the TPM, too. */
		{ { .tpm = true, .wish = SEAL_WISH_OFF }, SEAL_LEAVE },
		{ { .sealed = true, .wish = SEAL_WISH_OFF }, SEAL_CLEAR },
		{ { .sealed = true, .trial = true, .wish = SEAL_WISH_OFF }, SEAL_LEAVE },
		/* From one binding to another one, if that is said. */
		{ { .tpm = true, .wish = SEAL_WISH_PCR7 }, SEAL_PCR7 },
		{ { .wish = SEAL_WISH_PCR7 }, SEAL_LEAVE },
		{ { .tpm = true, .sealed = true, .wish = SEAL_WISH_PCR7 }, SEAL_PCR7 },
		{ { .tpm = true, .sealed = true, .pcr7 = true, .wish = SEAL_WISH_PCR7 },
		  SEAL_LEAVE },
		{ { .tpm = true, .sealed = true, .pcr7 = true, .wish = SEAL_WISH_TPM }, SEAL_TPM },
		{ { .tpm = true, .sealed = true, .wish = SEAL_WISH_TPM }, SEAL_LEAVE },
		{ { .tpm = true, .wish = SEAL_WISH_TPM }, SEAL_TPM },
	};
	enum seal_wish wish = SEAL_WISH_TPM;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (seal_want(&cases[i].view) != cases[i].want)
			fail_msg("case %zu: %d", i, seal_want(&cases[i].view));
	assert_int_equal(seal_wish_read("off", &wish, &e), 0);
	assert_int_equal(wish, SEAL_WISH_OFF);
	assert_int_equal(seal_wish_read("pcr7", &wish, &e), 0);
	assert_int_equal(wish, SEAL_WISH_PCR7);
	assert_int_equal(seal_wish_read("on", &wish, &e), -1);
	assert_int_equal(wish, SEAL_WISH_AUTO);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_a_second), cmocka_unit_test(bounded),
		cmocka_unit_test(tries_again),	   cmocka_unit_test(notes),
		cmocka_unit_test(sealing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
