// SPDX-License-Identifier: Apache-2.0
/* Which bank is started: every combination of two banks. */
#include "userworld/bank/choice.h"

#include <string.h>

#include "tests/unit/unit.h"

#define EACH 14 /* kinds of bank */

/* Kind 0 does not count; the others have each state with each of three numbers. */
static struct bank_view kind(int k)
{
	if (k < 2)
		return (struct bank_view){ .counts = false, .state = k - 1, .updated = 9 };
	k -= 2;
	return (struct bank_view){ .counts = true, .state = k % 4, .updated = 1 + (unsigned)k / 4 };
}

typedef void each_fn(const struct bank_view views[BANKS]);

static void each(each_fn *fn)
{
	for (int a = 0; a < EACH; a++)
		for (int b = 0; b < EACH; b++) {
			struct bank_view views[BANKS] = { kind(a), kind(b) };

			fn(views);
		}
}

static void apply(struct bank_view *views, const struct bank_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(views[steps[i].bank].state, steps[i].from);
		views[steps[i].bank].state = steps[i].to;
	}
}

static bool good(const struct bank_view *v)
{
	return v->counts && (v->state == BANK_VALID || v->state == BANK_UPGRADING);
}

/* The table of docs/media.md, said in another way. */
static void check_rule(const struct bank_view views[BANKS])
{
	const struct bank_view *a = &views[0], *b = &views[1];
	const struct bank_view *own, *other;
	struct bank_choice c;

	bank_choose(views, &c);
	if (!a->counts && !b->counts) {
		assert_int_equal(c.reason, BANK_NONE);
		assert_int_equal(c.n, 0);
		return;
	}
	own = &views[c.bank];
	other = &views[1 - c.bank];
	assert_true(own->counts);
	if (good(a) || good(b)) {
		assert_true(good(own));
		assert_true(!good(other) || own->updated >= other->updated);
		assert_int_equal(c.reason,
				 own->state == BANK_VALID ? BANK_CONFIRMED : BANK_ON_TRIAL);
		return;
	}
	/* As nothing good is left, nothing is written. */
	assert_int_equal(c.n, 0);
	assert_int_equal(c.reason, own->state == BANK_DIRTY ? BANK_LAST_DIRTY : BANK_LAST_INVALID);
	assert_true(!other->counts || own->state < other->state ||
		    (own->state == other->state && own->updated >= other->updated));
}

static void check_changes(const struct bank_view views[BANKS])
{
	struct bank_choice c;

	bank_choose(views, &c);
	for (size_t i = 0; i < c.n; i++) {
		/* A bank that is confirmed is never written to by the loader. */
		assert_int_not_equal(c.changes[i].from, BANK_VALID);
		assert_true((c.changes[i].from == BANK_UPGRADING && c.changes[i].to == BANK_DIRTY &&
			     c.changes[i].bank == c.bank) ||
			    (c.changes[i].from == BANK_DIRTY && c.changes[i].to == BANK_INVALID &&
			     c.changes[i].bank != c.bank));
	}
}

/* The power comes and goes while nothing confirms: what was confirmed keeps its place. */
static void check_flicker(const struct bank_view views[BANKS])
{
	struct bank_view now[BANKS] = { views[0], views[1] };
	struct bank_choice c, first;

	bank_choose(now, &first);
	if (first.reason == BANK_NONE)
		return;
	for (int i = 0; i < 10; i++) {
		bank_choose(now, &c);
		assert_true(now[c.bank].counts);
		if (first.reason == BANK_CONFIRMED)
			assert_int_equal(c.bank, first.bank);
		apply(now, c.changes, c.n);
	}
	/* It settles: the last of ten starts wrote nothing. */
	assert_int_equal(c.n, 0);
}

static void check_plan(const struct bank_view views[BANKS])
{
	for (unsigned int target = 0; target < BANKS; target++) {
		struct bank_view now[BANKS] = { views[0], views[1] };
		struct bank_step steps[BANKS];
		struct err e = ERR_INIT;
		struct bank_choice c;
		size_t n;

		if (bank_plan_start(views, target, steps, &n, &e) < 0) {
			assert_int_equal(e.kind, ERR_CONFLICT);
			assert_true(!views[target].counts || views[target].state == BANK_DIRTY);
			continue;
		}
		bank_choose(now, &c);
		if (n == 0)
			assert_int_equal(c.bank, target);
		for (size_t i = 0; i < n; i++) {
			bool had = good(&now[0]) || good(&now[1]);

			apply(now, steps + i, 1);
			assert_true(!had || good(&now[0]) || good(&now[1]));
		}
		bank_choose(now, &c);
		assert_int_equal(c.bank, target);
		assert_true(c.reason == BANK_CONFIRMED || c.reason == BANK_ON_TRIAL);
	}
}

static void test_rule(void **state)
{
	(void)state;
	each(check_rule);
}

static void test_changes(void **state)
{
	(void)state;
	each(check_changes);
}

static void test_flicker(void **state)
{
	(void)state;
	each(check_flicker);
}

static void test_plan(void **state)
{
	(void)state;
	each(check_plan);
}

/* An update that is never confirmed, start by start. */
static void test_failed_update(void **state)
{
	struct bank_view v[BANKS] = { { true, BANK_VALID, 4 }, { true, BANK_UPGRADING, 5 } };
	struct bank_choice c;

	(void)state;
	assert_int_equal(bank_next_updated(v), 6);
	bank_choose(v, &c);
	assert_int_equal(c.bank, 1);
	assert_int_equal(c.reason, BANK_ON_TRIAL);
	apply(v, c.changes, c.n);
	assert_int_equal(v[1].state, BANK_DIRTY);
	bank_choose(v, &c);
	assert_int_equal(c.bank, 0);
	assert_int_equal(c.reason, BANK_CONFIRMED);
	apply(v, c.changes, c.n);
	assert_int_equal(v[1].state, BANK_INVALID);
	assert_int_equal(v[0].state, BANK_VALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rule),	      cmocka_unit_test(test_changes),
		cmocka_unit_test(test_flicker),	      cmocka_unit_test(test_plan),
		cmocka_unit_test(test_failed_update),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
