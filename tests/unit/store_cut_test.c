// SPDX-License-Identifier: Apache-2.0
/* The power is cut everywhere while state is saved: the old generation or the new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/powercut.h"
#include "tests/unit/unit.h"
#include "userworld/state/store.h"

#define SLOTS 8

/* What may be found: the generation from before, or one of those that were saved then. */
struct expected {
	uint64_t old, saves;
	uint32_t size;
	bool may_be_blank;
};

static uint8_t *payload_of(uint64_t number, uint32_t size)
{
	uint8_t *data = malloc(size);

	for (uint32_t i = 0; i < size; i++)
		data[i] = (uint8_t)(number * 31 + i * 7 + i / 251);
	return data;
}

static int append(struct state_store *s, uint32_t size, struct err *e)
{
	const struct state_header *keep = s->ring.count ? &s->ring.list[0] : NULL;
	struct state_header h = { .format = STATE_FORMAT, .follows = keep ? keep->number : 0 };
	uint8_t *data = payload_of(state_ring_next(&s->ring), size);
	int rc = state_store_append(s, keep, &h, data, size, e);

	free(data);
	return rc;
}

static bool is_right(const struct state_header *h, const uint8_t *data)
{
	uint8_t *want = payload_of(h->number, h->size);
	bool same = memcmp(want, data, h->size) == 0;

	free(want);
	return same;
}

/* As a host that boots from that disk; and then it saves, which must work, too. */
static int old_or_new(void *context, struct blkio *disk, char why[static 256])
{
	const struct expected *x = context;
	enum state_store_kind kind;
	struct state_header h = { 0 };
	struct err e = ERR_INIT;
	struct state_store s;
	uint8_t *data = NULL;
	int rc;

	if (state_store_open(&s, disk, &kind, NULL, NULL, &e) < 0) {
		snprintf(why, 256, "%.200s", e.text);
		return 1;
	}
	if (kind == STATE_STORE_BLANK) {
		state_store_close(&s);
		snprintf(why, 256, "the store is gone");
		return !x->may_be_blank;
	}
	rc = state_store_newest(&s, &h, &data, NULL, NULL, &e);
	if (rc == 0 && x->old == 0) {
		state_store_close(&s);
		return 0;
	}
	snprintf(why, 256, "generation %llu", (unsigned long long)h.number);
	rc = rc == 1 && h.number >= x->old && h.number <= x->old + x->saves && is_right(&h, data)
		     ? 0
		     : 1;
	free(data);
	if (rc == 0 && append(&s, x->size, &e) < 0) {
		snprintf(why, 256, "cannot save after it: %.200s", e.text);
		rc = 1;
	}
	state_store_close(&s);
	return rc;
}

/* So many saves that are not looked at, then some with cuts everywhere. */
static struct powercut_result sweep(unsigned int before, unsigned int saves, uint32_t size,
				    bool lies)
{
	struct powercut *pc = powercut_new(NULL, (size_t)SLOTS * STATE_SLOT);
	struct expected x = { .old = before, .saves = saves, .size = size };
	struct powercut_result r;
	struct err e = ERR_INIT;
	struct state_store s;

	assert_int_equal(state_store_make(&s, powercut_disk(pc), &e), 0);
	for (unsigned int i = 0; i < before; i++)
		assert_int_equal(append(&s, size, &e), 0);
	powercut_mark(pc);
	if (lies)
		powercut_ignore_flushes(pc);
	for (unsigned int i = 0; i < saves; i++)
		assert_int_equal(append(&s, size, &e), 0);
	state_store_close(&s);
	r = powercut_sweep(pc, old_or_new, &x);
	powercut_free(pc);
	return r;
}

static void small_saves(void **state)
{
	unsigned long disks = 0;

	(void)state;
	/* The first one, and the one that goes back to the begin of the ring. */
	for (unsigned int before = 0; before < SLOTS; before += SLOTS - 1) {
		struct powercut_result r = sweep(before, 1, 700, false);

		if (r.failures)
			fail_msg("%lu of %lu: %s", r.failures, r.disks, r.first);
		disks += r.disks;
	}
	assert_true(disks > 500);
	print_message("%lu disks\n", disks);
}

/* A payload of two slots, of which the second is on top of the one before the last. */
static void large_saves(void **state)
{
	struct powercut_result r = sweep(2, 1, STATE_SLOT + 5000, false);

	(void)state;
	if (r.failures)
		fail_msg("%lu of %lu: %s", r.failures, r.disks, r.first);
	print_message("%lu disks\n", r.disks);
}

/*
 * Several in a row; and more than a round of the ring on a disk whose flushes do nothing: there
 * some cut must have left none, or this test could not find anything.
 */
static void many_saves(void **state)
{
	struct powercut_result good = sweep(SLOTS - 2, 3, 700, false);
	struct powercut_result lies = sweep(2, SLOTS + 1, 700, true);

	(void)state;
	if (good.failures)
		fail_msg("%lu of %lu: %s", good.failures, good.disks, good.first);
	assert_true(lies.failures > 0);
	print_message("%lu disks; with flushes that do nothing %lu of %lu fail\n", good.disks,
		      lies.failures, lies.disks);
}

static void a_new_store(void **state)
{
	struct powercut *pc = powercut_new(NULL, (size_t)SLOTS * STATE_SLOT);
	struct expected x = { .size = 10, .may_be_blank = true };
	struct powercut_result r;
	struct err e = ERR_INIT;
	struct state_store s;

	(void)state;
	assert_int_equal(state_store_make(&s, powercut_disk(pc), &e), 0);
	state_store_close(&s);
	r = powercut_sweep(pc, old_or_new, &x);
	if (r.failures)
		fail_msg("%lu of %lu: %s", r.failures, r.disks, r.first);
	powercut_free(pc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_saves),
		cmocka_unit_test(large_saves),
		cmocka_unit_test(many_saves),
		cmocka_unit_test(a_new_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
