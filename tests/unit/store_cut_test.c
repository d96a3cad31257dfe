// SPDX-License-Identifier: Apache-2.0
/* The power is cut everywhere while state is saved: the old generation or the new one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_seal.h"
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

/* Is the payload of a generation there as it is, of one that was saved before a conversion? */
static bool has_plain(struct blkio *disk)
{
	for (uint32_t slot = 1; slot < SLOTS; slot++) {
		uint8_t found[64];

		assert_int_equal(blkio_read(disk, found, sizeof(found),
					    state_slot_at(slot) + STATE_BLOCK, NULL),
				 0);
		for (uint64_t n = 1; n <= SLOTS; n++) {
			uint8_t *want = payload_of(n, sizeof(found));
			bool same = memcmp(found, want, sizeof(found)) == 0;

			free(want);
			if (same)
				return true;
		}
	}
	return false;
}

static uint8_t number = 5;

/* As a host that boots from that disk; and then it saves, which must work, too. */
static int old_or_new(void *context, struct blkio *disk, char why[static 256])
{
	const struct expected *x = context;
	struct state_seal tpm = fake_seal(&number);
	enum state_store_kind kind;
	struct state_header h = { 0 };
	struct err e = ERR_INIT;
	struct state_store s;
	uint8_t *data = NULL;
	int rc;

	if (state_store_open(&s, disk, &tpm, &kind, NULL, NULL, &e) < 0) {
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
	if (rc == 0 && (append(&s, x->size, &e) < 0 || state_store_wipe(&s, &e) < 0)) {
		snprintf(why, 256, "cannot save after it: %.200s", e.text);
		rc = 1;
	}
	if (rc == 0 && s.record.sealed && has_plain(disk)) {
		snprintf(why, 256, "generations in the clear are still there");
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

	assert_int_equal(state_store_make(&s, powercut_disk(pc), NULL, &e), 0);
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
	assert_int_equal(state_store_make(&s, powercut_disk(pc), NULL, &e), 0);
	state_store_close(&s);
	r = powercut_sweep(pc, old_or_new, &x);
	if (r.failures)
		fail_msg("%lu of %lu: %s", r.failures, r.disks, r.first);
	powercut_free(pc);
}

/*
 * A store in the clear is sealed, its old generations are wiped, and it is saved to once more; or
 * the way back.
 */
static struct powercut_result convert(unsigned int before, bool to_sealed, bool lies)
{
	struct powercut *pc = powercut_new(NULL, (size_t)SLOTS * STATE_SLOT);
	struct state_seal tpm = fake_seal(&number);
	struct expected x = { .old = before, .saves = 2, .size = 700 };
	uint8_t *data = payload_of(before + 1, 700);
	struct state_header h = { .format = STATE_FORMAT }, keep;
	struct powercut_result r;
	struct err e = ERR_INIT;
	struct state_store s;

	assert_int_equal(state_store_make(&s, powercut_disk(pc), to_sealed ? NULL : &tpm, &e), 0);
	for (unsigned int i = 0; i < before; i++)
		assert_int_equal(append(&s, 700, &e), 0);
	assert_int_equal(state_store_wipe(&s, &e), 0);
	powercut_mark(pc);
	if (lies)
		powercut_ignore_flushes(pc);
	keep = s.ring.list[0];
	assert_int_equal(state_store_convert(&s, to_sealed ? &tpm : NULL, &keep, &h, data, 700, &e),
			 0);
	assert_int_equal(state_store_wipe(&s, &e), 0);
	assert_int_equal(append(&s, 700, &e), 0);
	state_store_close(&s);
	free(data);
	r = powercut_sweep(pc, old_or_new, &x);
	powercut_free(pc);
	return r;
}

static void conversions(void **state)
{
	unsigned long disks = 0;
	struct powercut_result lies;

	(void)state;
	/* Behind the newest one, and at the begin of the ring. */
	for (unsigned int i = 0; i < 3; i++) {
		struct powercut_result r = convert(i == 1 ? SLOTS - 1 : 2, i < 2, false);

		if (r.failures)
			fail_msg("conversion %u: %lu of %lu: %s", i, r.failures, r.disks, r.first);
		disks += r.disks;
	}
	lies = convert(2, true, true);
	assert_true(lies.failures > 0);
	print_message("%lu disks; with flushes that do nothing %lu of %lu fail\n", disks,
		      lies.failures, lies.disks);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_saves), cmocka_unit_test(large_saves),
		cmocka_unit_test(many_saves),  cmocka_unit_test(a_new_store),
		cmocka_unit_test(conversions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
