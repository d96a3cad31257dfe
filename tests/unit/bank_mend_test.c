// SPDX-License-Identifier: Apache-2.0
/* A bank is damaged in every part, in every way, and put right by whoever has the bytes. */
#include "userworld/bank/mend.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"

#define SECTOR POWERCUT_SECTOR

/* A disk of which some sectors cannot be read until they are written. */
struct rotten {
	struct blkio io;
	struct blkio *disk;
	bool bad[SAMPLE_SIZE / SECTOR];
};

static int rotten_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	struct rotten *r = (struct rotten *)io;

	for (uint64_t s = at / SECTOR; s * SECTOR < at + len; s++)
		if (r->bad[s])
			return err_set(e, ERR_UNAVAILABLE, "sector %u", (unsigned int)s);
	return blkio_read(r->disk, buf, len, at, e);
}

static int rotten_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	struct rotten *r = (struct rotten *)io;

	assert_int_equal(at % SECTOR + len % SECTOR, 0);
	memset(&r->bad[at / SECTOR], 0, len / SECTOR);
	return blkio_write(r->disk, buf, len, at, e);
}

static int rotten_flush(struct blkio *io, struct err *e)
{
	return blkio_flush(((struct rotten *)io)->disk, e);
}

static const struct blkio_ops rotten_ops = {
	.read = rotten_read,
	.write = rotten_write,
	.flush = rotten_flush,
};

/* Image 2 in one bank, and the same, of another age, in the other one. */
struct pair {
	struct sample s;
	struct powercut *pc, *other;
	uint8_t right[SAMPLE_SIZE]; /* the first one as it was made */
	struct bank_layout l, other_l;
	struct bank_beside beside;
	struct bank_source source;
	struct rotten rotten;
};

static void learn(struct bank_layout *l, struct powercut *pc)
{
	struct bank *b = malloc(sizeof(*b));

	assert_non_null(b);
	assert_int_equal(bank_look(powercut_disk(pc), b, NULL), 0);
	assert_int_equal(bank_layout_learn(l, powercut_disk(pc), b, NULL), 1);
	free(b);
}

static int setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	sample_make(&p->s, 2);
	p->pc = sample_disk(&p->s, BANK_VALID);
	p->s.cfg.updated = 1;
	p->other = sample_disk(&p->s, BANK_INVALID);
	memcpy(p->right, powercut_bytes(p->pc), SAMPLE_SIZE);
	learn(&p->l, p->pc);
	learn(&p->other_l, p->other);
	p->beside = (struct bank_beside){ powercut_disk(p->other), &p->other_l };
	p->source = (struct bank_source){ "bank 1", bank_beside_read, &p->beside };
	p->rotten.disk = powercut_disk(p->pc);
	p->rotten.io = *p->rotten.disk;
	p->rotten.io.ops = &rotten_ops;
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct pair *p = *state;

	powercut_free(p->pc);
	powercut_free(p->other);
	sample_free(&p->s);
	free(p);
	return 0;
}

static uint64_t place_of(const struct pair *p, size_t part)
{
	return part == BANK_HEAD ? 0 : p->l.files[part].at;
}

static uint64_t size_of(const struct pair *p, size_t part)
{
	return part == BANK_HEAD ? p->l.plan.data_at : p->l.files[part].size;
}

enum way { ONE_BIT, LAST_BYTE, ALL, UNREADABLE, WAYS };

static void damage(struct pair *p, struct powercut *pc, size_t part, enum way way)
{
	uint8_t *bytes = powercut_bytes(pc) + place_of(p, part);
	uint64_t size = size_of(p, part);

	switch (way) {
	case ONE_BIT:
		bytes[size / 3] ^= 4;
		break;
	case LAST_BYTE:
		bytes[size - 1] ^= 0x80;
		break;
	case ALL:
		memset(bytes, 'x', size);
		break;
	default:
		memset(bytes, 'x', size);
		memset(&p->rotten.bad[place_of(p, part) / SECTOR], 1, (size + SECTOR - 1) / SECTOR);
	}
}

static void examine(struct pair *p, struct bank_report *r)
{
	assert_int_equal(bank_examine(&p->rotten.io, &p->l, r, NULL, NULL, NULL), 0);
}

static void mend(struct pair *p, size_t sources, struct bank_report *r)
{
	assert_int_equal(bank_mend(&p->rotten.io, &p->l, &p->source, sources, r, NULL), 0);
}

static void back(struct pair *p)
{
	memcpy(powercut_bytes(p->pc), p->right, SAMPLE_SIZE);
	memset(p->rotten.bad, 0, sizeof(p->rotten.bad));
	powercut_mark(p->pc);
}

static void test_good_bank_is_only_read(void **state)
{
	struct pair *p = *state;
	struct bank_report r;

	examine(p, &r);
	assert_int_equal(r.damaged + r.mended, 0);
	mend(p, 1, &r);
	assert_int_equal(r.damaged + r.mended, 0);
	assert_int_equal(powercut_writes(p->pc), 0);
}

static void test_every_part_in_every_way(void **state)
{
	struct pair *p = *state;
	struct bank_report r;

	for (size_t part = 0; part < BANK_PARTS; part++)
		for (enum way way = 0; bank_has_part(&p->l, part) && way < WAYS; way++) {
			bool file = part >= BANK_FIRST && part < BANK_FILES;

			damage(p, p->pc, part, way);
			examine(p, &r);
			assert_int_equal(r.damaged, 1);
			assert_int_equal(r.part[part].health, BANK_DAMAGED);
			/* A file needs somebody who has it; the rest follows from boot.cfg. */
			mend(p, 0, &r);
			assert_int_equal(r.mended, !file);
			assert_int_equal(r.damaged, file);
			mend(p, 1, &r);
			assert_int_equal(r.damaged, 0);
			assert_int_equal(r.part[part].health, BANK_MENDED);
			assert_true(!file == !r.part[part].from);
			if (way < ALL)
				assert_int_equal(powercut_writes(p->pc), 1);
			assert_memory_equal(powercut_bytes(p->pc), p->right, SAMPLE_SIZE);
			examine(p, &r);
			assert_int_equal(r.damaged, 0);
			back(p);
		}
}

/* Both banks have lost a bit of one file: nobody can prove what belongs there. */
static void test_source_that_is_damaged_too(void **state)
{
	struct pair *p = *state;
	struct bank_source sources[2] = { p->source, p->source };
	struct bank_beside good = { powercut_disk(p->pc), &p->l };
	struct bank_report r;

	damage(p, p->pc, BANK_FIRST, ONE_BIT);
	damage(p, p->other, BANK_FIRST, LAST_BYTE);
	examine(p, &r);
	mend(p, 1, &r);
	assert_int_equal(r.damaged, 1);
	assert_int_equal(powercut_writes(p->pc), 0);
	/* The next one is asked: here the bank as it was. */
	good.io = powercut_disk(p->other);
	memcpy(powercut_bytes(p->other), p->right, SAMPLE_SIZE);
	sources[1].context = &good;
	sources[1].name = "memory";
	sources[0].context = &(struct bank_beside){ powercut_disk(p->pc), &p->l };
	assert_int_equal(bank_mend(&p->rotten.io, &p->l, sources, 2, &r, NULL), 0);
	assert_int_equal(r.mended, 1);
	assert_string_equal(r.part[BANK_FIRST].from, "memory");
	assert_memory_equal(powercut_bytes(p->pc), p->right, SAMPLE_SIZE);
}

/* A bank does not become one before all of its files are good. */
static void test_config_waits_for_files(void **state)
{
	struct pair *p = *state;
	struct bank_report r;

	damage(p, p->pc, BANK_CFG, ALL);
	damage(p, p->pc, BANK_FIRST + 1, ONE_BIT);
	damage(p, p->pc, BANK_HEAD, ONE_BIT);
	examine(p, &r);
	assert_int_equal(r.damaged, 3);
	mend(p, 0, &r);
	assert_int_equal(r.mended, 1);
	assert_int_equal(r.part[BANK_CFG].health, BANK_DAMAGED);
	mend(p, 1, &r);
	assert_int_equal(r.damaged, 0);
	assert_memory_equal(powercut_bytes(p->pc), p->right, SAMPLE_SIZE);
}

/* Whichever state it is in stays; one that cannot be becomes that of the layout. */
static void test_state_is_not_damage(void **state)
{
	struct pair *p = *state;
	uint64_t at = p->l.files[BANK_CFG].at + p->l.cfg.state_at;
	struct bank_report r;

	for (char digit = '0'; digit <= '3'; digit++) {
		powercut_bytes(p->pc)[at] = (uint8_t)digit;
		examine(p, &r);
		assert_int_equal(r.damaged, 0);
	}
	powercut_bytes(p->pc)[at] = '8';
	examine(p, &r);
	assert_int_equal(r.part[BANK_CFG].health, BANK_DAMAGED);
	mend(p, 0, &r);
	assert_memory_equal(powercut_bytes(p->pc), p->right, SAMPLE_SIZE);
}

static int end_at_once(void *context, size_t bytes, struct err *e)
{
	*(size_t *)context += bytes;
	return err_set(e, ERR_CONFLICT, "enough");
}

static void test_ends(void **state)
{
	struct pair *p = *state;
	struct err e = ERR_INIT;
	struct bank_report r;
	size_t bytes = 0;

	assert_int_equal(bank_examine(&p->rotten.io, &p->l, &r, end_at_once, &bytes, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_true(bytes > 0);
	powercut_pull(p->pc, 0);
	assert_int_equal(bank_examine(&p->rotten.io, &p->l, &r, NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
}

/* What others have laid out is not taken for damaged. */
static void test_other_layout(void **state)
{
	struct pair *p = *state;
	struct bank *b = malloc(sizeof(*b));
	struct bank_layout *l = malloc(sizeof(*l));

	assert_true(b && l);
	assert_int_equal(bank_look(powercut_disk(p->pc), b, NULL), 0);
	/* The first cluster of the kernel's entry. */
	powercut_bytes(p->pc)[p->l.plan.root_at + 3 * 32 + 26] ^= 1;
	assert_int_equal(bank_layout_learn(l, powercut_disk(p->pc), b, NULL), 0);
	free(b);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good_bank_is_only_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_part_in_every_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_source_that_is_damaged_too, setup, teardown),
		cmocka_unit_test_setup_teardown(test_config_waits_for_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_state_is_not_damage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_layout, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
