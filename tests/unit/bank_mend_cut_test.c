// SPDX-License-Identifier: Apache-2.0
/* A bank is put right, with the power cut everywhere. */
#include "userworld/bank/mend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"

struct cut {
	uint8_t *damaged, *right; /* SAMPLE_SIZE bytes */
	uint64_t config;	  /* place of boot.cfg */
	bool was_bank;		  /* its first sector was not damaged */
	const struct bank_layout *l;
	struct bank_source source;
	unsigned long seen_whole;
};

static bool no_byte_is_worse(const struct cut *c, const uint8_t *sector, size_t at)
{
	if (memcmp(sector, c->right + at, POWERCUT_SECTOR) == 0)
		return true;
	for (size_t i = 0; i < POWERCUT_SECTOR; i++)
		if (sector[i] != c->right[at + i] && sector[i] != c->damaged[at + i])
			return false;
	return true;
}

/* No byte is another than before but the right one; and a bank that was none is none, or whole. */
static int no_worse(void *context, struct blkio *disk, char why[static 256])
{
	static uint8_t bytes[SAMPLE_SIZE];
	struct cut *c = context;
	struct bank_report r;

	blkio_read(disk, bytes, SAMPLE_SIZE, 0, NULL);
	for (size_t at = 0; at < SAMPLE_SIZE; at += POWERCUT_SECTOR)
		if (!no_byte_is_worse(c, bytes + at, at))
			return snprintf(why, 256, "the sector at %zu is worse than before", at) > 0;
	if (memcmp(bytes, c->right, SAMPLE_SIZE) == 0) {
		c->seen_whole++;
		return 0;
	}
	if (!c->was_bank && memcmp(bytes + c->config, c->right + c->config, POWERCUT_SECTOR) == 0)
		return snprintf(why, 256, "boot.cfg is there before the rest") > 0;
	/* The same again finds what is left. */
	if (bank_examine(disk, c->l, &r, NULL, NULL, NULL) < 0 ||
	    bank_mend(disk, c->l, &c->source, 1, &r, NULL) < 0 || r.damaged)
		return snprintf(why, 256, "it cannot be put right any more") > 0;
	blkio_read(disk, bytes, SAMPLE_SIZE, 0, NULL);
	return memcmp(bytes, c->right, SAMPLE_SIZE) != 0;
}

static uint8_t *copy_of(struct powercut *pc)
{
	uint8_t *copy = malloc(SAMPLE_SIZE);

	assert_non_null(copy);
	memcpy(copy, powercut_bytes(pc), SAMPLE_SIZE);
	return copy;
}

/* Something in every part; whole sectors, so that a torn one shows. */
static void damage(const struct bank_layout *l, uint8_t *bytes, bool config)
{
	memset(bytes + 300, 'h', 20);
	bytes[l->plan.root_at + 40] ^= 1;
	bytes[l->files[BANK_SUMS].at + 5] ^= 1;
	for (size_t i = BANK_FIRST; i < l->n; i++) {
		for (uint32_t at = 77; at < l->files[i].size; at += 2 * POWERCUT_SECTOR)
			bytes[l->files[i].at + at] ^= 1;
	}
	if (config)
		memset(bytes + l->files[BANK_CFG].at, 'c', l->text_len);
}

static void sweep(bool config, bool deaf, struct powercut_result *result, struct cut *c)
{
	static struct bank_layout l;
	struct bank *b = malloc(sizeof(*b));
	struct bank_beside beside;
	struct powercut *pc, *other;
	struct bank_report r;
	struct sample s;

	assert_non_null(b);
	sample_make(&s, 1);
	pc = sample_disk(&s, BANK_VALID);
	other = sample_disk(&s, BANK_VALID);
	assert_int_equal(bank_look(powercut_disk(pc), b, NULL), 0);
	assert_int_equal(bank_layout_learn(&l, powercut_disk(pc), b, NULL), 1);
	beside = (struct bank_beside){ powercut_disk(other), &l };
	*c = (struct cut){ .right = copy_of(pc),
			   .config = l.files[BANK_CFG].at,
			   .was_bank = !config,
			   .l = &l,
			   .source = { "bank 1", bank_beside_read, &beside } };
	damage(&l, powercut_bytes(pc), config);
	c->damaged = copy_of(pc);
	powercut_mark(pc);
	if (deaf)
		powercut_ignore_flushes(pc);
	assert_int_equal(bank_examine(powercut_disk(pc), &l, &r, NULL, NULL, NULL), 0);
	assert_int_equal(bank_mend(powercut_disk(pc), &l, &c->source, 1, &r, NULL), 0);
	assert_int_equal(r.damaged, 0);
	*result = powercut_sweep(pc, no_worse, c);
	powercut_free(pc);
	powercut_free(other);
	sample_free(&s);
	free(c->right);
	free(c->damaged);
	free(b);
}

static void test_cut(void **state)
{
	struct powercut_result r;
	struct cut c;

	(void)state;
	for (int config = 0; config < 2; config++) {
		sweep(config, false, &r, &c);
		assert_string_equal(r.first, "");
		assert_int_equal(r.failures, 0);
		assert_true(r.disks > 500 && c.seen_whole > 0);
	}
}

static void test_cut_without_flushes(void **state)
{
	struct powercut_result r;
	struct cut c;

	(void)state;
	sweep(true, true, &r, &c);
	assert_true(r.failures > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_without_flushes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
