// SPDX-License-Identifier: Apache-2.0
/* A bank gets a larger partition: where, and with the power cut everywhere while it does. */
#include "userworld/install/grow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/le.h"
#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"
#include "userworld/install/gpt_mend.h"
#include "userworld/medium/blkio_part.h"

#define MIB ((uint64_t)GROW_MIB)

/* Memory that is asked for has no zeros, however much it is: what is compared has to be set. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "max_malloc_fill_size=1000000";
}

/* Rooms by hand: a disk with partitions at MiB, of which the first one grows. */
static struct grow_room room_of(const unsigned int (*parts)[2], size_t n, unsigned int end)
{
	struct grow_room room = { .n = n, .first = MIB, .end = end * MIB };

	for (size_t i = 0; i < n; i++)
		room.part[i] = (struct grow_extent){ parts[i][0] * MIB, parts[i][1] * MIB };
	return room;
}

static void expect(const struct grow_room *room, unsigned int mib, enum grow_how how,
		   unsigned int at)
{
	struct err e = ERR_INIT;
	struct grow_plan plan;

	if (grow_plan(room, mib, &plan, &e) < 0)
		fail_msg("%u MiB: %s", mib, e.text);
	assert_int_equal(plan.how, how);
	assert_int_equal(plan.to.first, at * MIB);
	assert_int_equal(plan.to.sectors, mib * MIB);
	assert_int_equal(plan.from.first, room->part[room->own].first);
}

static void expect_refused(const struct grow_room *room, unsigned int mib, enum err_kind kind,
			   const char *words)
{
	struct err e = ERR_INIT;
	struct grow_plan plan;

	assert_int_equal(grow_plan(room, mib, &plan, &e), -1);
	assert_int_equal(e.kind, kind);
	if (!strstr(e.text, words))
		fail_msg("%u MiB: %s", mib, e.text);
}

static void test_in_place(void **state)
{
	/* The last bank; another partition is behind it. */
	static const unsigned int parts[][2] = { { 210, 128 }, { 82, 128 }, { 1000, 100 } };
	const struct grow_room room = room_of(parts, 3, 1200);

	(void)state;
	expect(&room, 129, GROW_STAYS, 210);
	expect(&room, 790, GROW_STAYS, 210);
	assert_int_equal(grow_most(&room, true), 790);
	expect_refused(&room, 791, ERR_NO_SPACE, "1 MiB are missing");
	expect_refused(&room, 128, ERR_INVALID, "128 is no more");
	expect_refused(&room, 2048, ERR_INVALID, "2047 MiB at most");
}

static void test_moves(void **state)
{
	/* The first bank, with the other one behind it, and two holes. */
	static const unsigned int parts[][2] = { { 82, 128 }, { 210, 128 }, { 400, 50 } };
	const struct grow_room room = room_of(parts, 3, 1000);

	(void)state;
	expect(&room, 256, GROW_MOVES, 450);
	expect(&room, 550, GROW_MOVES, 450);
	assert_int_equal(grow_most(&room, false), 550);
	expect_refused(&room, 600, ERR_NO_SPACE, "50 MiB are missing");
}

static void test_lowest_hole_that_is_enough(void **state)
{
	static const unsigned int parts[][2] = { { 2, 10 }, { 12, 10 }, { 40, 10 }, { 80, 10 } };
	const struct grow_room room = room_of(parts, 4, 200);

	(void)state;
	expect(&room, 18, GROW_MOVES, 22);
	expect(&room, 19, GROW_MOVES, 50);
	expect(&room, 31, GROW_MOVES, 90);
}

static void test_over_itself(void **state)
{
	/* Before it is a hole, behind it nothing. */
	static const unsigned int parts[][2] = { { 210, 128 }, { 82, 10 }, { 338, 256 } };
	const struct grow_room room = room_of(parts, 3, 600);

	(void)state;
	expect(&room, 200, GROW_ANEW, 92);
	expect(&room, 246, GROW_ANEW, 92);
	assert_int_equal(grow_most(&room, false), 246);
	assert_int_equal(grow_most(&room, true), 128);
	expect_refused(&room, 247, ERR_NO_SPACE, "can have 246 MiB at most");
}

static void test_full(void **state)
{
	static const unsigned int parts[][2] = { { 210, 128 }, { 82, 128 } };
	const struct grow_room room = room_of(parts, 2, 338);

	(void)state;
	expect_refused(&room, 256, ERR_NO_SPACE, "the largest has 128, 128 MiB are missing");
}

/* A whole disk: two banks, of which one grows and the other one runs, and somebody's partition. */

#define DISK (20u << 20)
#define TABLED (16u << 20) /* the size that the table was made for */
#define BANK (SAMPLE_SIZE / GPT_SECTOR)

enum { BANK0, BANK1, THEIRS, PARTS };

struct place {
	unsigned int at[PARTS]; /* MiB */
	unsigned int theirs;	/* MiB that the third one has */
	uint64_t tabled;	/* bytes that the disk had when the table was written */
};

static const struct place usual = { { 1, 4, 14 }, 1, DISK };

struct world {
	struct powercut *pc;
	struct gpt_table table;
	struct grow_plan plan;
	size_t entry; /* that grows */
	uint64_t keep;
	struct grow_extent was, running;
	struct sample sample;
	uint64_t theirs; /* first sector */
	unsigned long seen_old, seen_new;
};

static void put_table(uint8_t *bytes, const struct place *p)
{
	const struct gpt_part parts[PARTS] = {
		{ "VISOROS-BANK0", { 1 }, { 2 }, p->at[BANK0] * MIB, BANK },
		{ "VISOROS-BANK1", { 1 }, { 3 }, p->at[BANK1] * MIB, BANK },
		{ "THEIRS", { 4 }, { 5 }, p->at[THEIRS] * MIB, p->theirs * MIB },
	};
	struct gpt gpt = { .guid = { 7 }, .sectors = p->tabled / 512, .n = PARTS, .parts = parts };

	bytes[GPT_MBR_SIGNATURE] = 0x55;
	bytes[GPT_MBR_SIGNATURE + 1] = 0xaa;
	gpt_protect(gpt.sectors, bytes + GPT_MBR_ENTRY);
	gpt_primary(&gpt, bytes + GPT_SECTOR);
	gpt_backup(&gpt, bytes + p->tabled - GPT_COPY);
}

static struct blkio *part_at(struct blkio_part *part, struct blkio *disk, struct grow_extent x)
{
	return blkio_part(part, disk, "bank", x.first * GPT_SECTOR, x.sectors * GPT_SECTOR);
}

static void plan_it(struct world *w, unsigned int mib)
{
	struct blkio *disk = powercut_disk(w->pc);
	struct grow_room room;
	struct err e = ERR_INIT;

	if (gpt_load(disk, &w->table, &e) < 0 ||
	    grow_room(&w->table, DISK / GPT_SECTOR, w->entry, &room) < 0 ||
	    grow_plan(&room, mib, &w->plan, &e) < 0)
		fail_msg("%s", e.text);
	w->was = w->plan.from;
}

/* Both banks have an image of the same size, of which one grows. */
static void make_world(struct world *w, size_t entry, unsigned int mib, const struct place *p)
{
	struct blkio_part part;
	struct blkio *disk;

	memset(w, 0, sizeof(*w));
	w->entry = entry;
	w->pc = powercut_new(NULL, DISK);
	disk = powercut_disk(w->pc);
	w->theirs = p->at[THEIRS] * MIB;
	put_table(powercut_bytes(w->pc), p);
	plan_it(w, mib);
	gpt_place(&w->table, 1 - entry, &w->running.first, &w->running.sectors);
	sample_make(&w->sample, 3);
	assert_int_equal(sample_write(&w->sample, part_at(&part, disk, w->was), BANK_VALID, NULL),
			 0);
	assert_int_equal(bank_end(&part.io, &w->keep, NULL), 0);
	assert_int_equal(
		sample_write(&w->sample, part_at(&part, disk, w->running), BANK_VALID, NULL), 0);
	/* What somebody left in the new place is no bank, when the table says that it is one. */
	if (w->plan.how == GROW_ANEW)
		assert_int_equal(sample_write(&w->sample, part_at(&part, disk, w->plan.to),
					      BANK_VALID, NULL),
				 0);
	powercut_mark(w->pc);
}

static void free_world(struct world *w)
{
	sample_free(&w->sample);
	powercut_free(w->pc);
}

static int grow(struct world *w, struct err *e)
{
	return grow_write(powercut_disk(w->pc), &w->table, w->entry, &w->plan, w->keep, e);
}

static bool is_whole(struct blkio *disk, struct grow_extent x)
{
	struct blkio_part part;
	struct bank b;

	return bank_look(part_at(&part, disk, x), &b, NULL) == 0 && b.there &&
	       bank_verify(&part.io, &b, NULL, NULL, NULL) == 0;
}

/* As GRUB does: it asks the first copy where the entries are, and no checksum. */
static struct grow_extent grub_sees(struct blkio *disk, size_t entry)
{
	uint8_t header[GPT_SECTOR], raw[GPT_ENTRY_SIZE];
	struct grow_extent x = { 0 };

	blkio_read(disk, header, sizeof(header), GPT_SECTOR, NULL);
	blkio_read(disk, raw, sizeof(raw),
		   le_get64(header + GPT_H_ENTRIES_AT) * GPT_SECTOR + entry * GPT_ENTRY_SIZE, NULL);
	if (memcmp(header, GPT_MAGIC, 8) != 0)
		return x;
	x.first = le_get64(raw + 32);
	x.sectors = le_get64(raw + 40) + 1 - x.first;
	return x;
}

static bool same(struct grow_extent a, struct grow_extent b)
{
	return a.first == b.first && a.sectors == b.sectors;
}

static int check_places(struct world *w, struct blkio *disk, const char *who, char why[static 256])
{
	struct grow_extent grows = grub_sees(disk, w->entry);

	if (!same(grub_sees(disk, 1 - w->entry), w->running) || !is_whole(disk, w->running))
		return snprintf(why, 256, "%s: the running bank", who);
	if (!same(grows, w->was) && !same(grows, w->plan.to))
		return snprintf(why, 256, "%s: the bank is at %llu", who,
				(unsigned long long)grows.first);
	if (w->plan.how == GROW_ANEW && same(grows, w->plan.to) && is_whole(disk, grows))
		return snprintf(why, 256, "%s: an image of somebody", who);
	/* With an image that is not lost by plan there is one, wherever the table says. */
	if (w->keep && w->plan.how != GROW_ANEW && !is_whole(disk, grows))
		return snprintf(why, 256, "%s: no image at %llu", who,
				(unsigned long long)grows.first);
	return 0;
}

/* Old or new for the loader at once; after a repair both copies are good. The same again works. */
static int is_old_or_new(void *context, struct blkio *disk, char why[static 256])
{
	struct world *w = context;
	struct gpt_table *t = malloc(sizeof(*t));
	enum gpt_health h;
	struct err e = ERR_INIT;
	int rc = check_places(w, disk, "loader", why);

	if (!rc && (gpt_mend(disk, &h, NULL) < 0 || gpt_load(disk, t, &e) < 0))
		rc = snprintf(why, 256, "table: %s", e.text);
	if (!rc)
		rc = check_places(w, disk, "after repair", why);
	if (!rc) {
		if (same(grub_sees(disk, w->entry), w->was))
			w->seen_old++;
		else
			w->seen_new++;
		if (gpt_move(disk, t, w->entry, w->plan.to.first, w->plan.to.sectors, &e) < 0)
			rc = snprintf(why, 256, "again: %s", e.text);
	}
	free(t);
	return rc != 0;
}

static void expect_grown(struct world *w)
{
	struct blkio *disk = powercut_disk(w->pc);
	struct grow_extent at;
	enum gpt_health h;

	assert_int_equal(gpt_examine(disk, &h, NULL), 0);
	assert_int_equal(h, GPT_GOOD);
	assert_int_equal(gpt_load(disk, &w->table, NULL), 0);
	assert_true(gpt_place(&w->table, w->entry, &at.first, &at.sectors));
	assert_true(same(at, w->plan.to));
	assert_true(gpt_place(&w->table, THEIRS, &at.first, &at.sectors));
	assert_int_equal(at.first, w->theirs);
	assert_int_equal(w->table.backup.own, DISK / 512 - 1);
	assert_int_equal(le_get32(powercut_bytes(w->pc) + GPT_MBR_ENTRY + 12), DISK / 512 - 1);
	assert_memory_equal(powercut_bytes(w->pc) + GPT_MBR_SIGNATURE, "\x55\xaa", 2);
	assert_true(is_whole(disk, w->running));
}

static void cut(size_t entry, unsigned int mib, enum grow_how how, const struct place *p)
{
	struct powercut_result r;
	struct err e = ERR_INIT;
	struct world w;

	make_world(&w, entry, mib, p);
	assert_int_equal(w.plan.how, how);
	if (grow(&w, &e) < 0)
		fail_msg("%s", e.text);
	expect_grown(&w);
	assert_int_equal(is_whole(powercut_disk(w.pc), w.plan.to), how != GROW_ANEW);
	r = powercut_sweep(w.pc, is_old_or_new, &w);
	assert_string_equal(r.first, "");
	assert_true(w.seen_old > 10 && w.seen_new > 10);
	free_world(&w);
}

static void test_cut_in_place(void **state)
{
	(void)state;
	cut(BANK1, 8, GROW_STAYS, &usual);
}

static void test_cut_on_a_larger_disk(void **state)
{
	static const struct place smaller = { { 1, 4, 14 }, 1, TABLED };

	(void)state;
	cut(BANK1, 9, GROW_STAYS, &smaller);
}

static void test_cut_moves(void **state)
{
	(void)state;
	cut(BANK0, 6, GROW_MOVES, &usual);
}

/* Bank 1 has only the hole before it. */
static void test_cut_anew(void **state)
{
	static const struct place full = { { 1, 7, 10 }, 9, DISK };

	(void)state;
	cut(BANK1, 5, GROW_ANEW, &full);
}

/* A disk whose flushes do nothing fails the same sweep. */
static void test_control(void **state)
{
	struct powercut_result r;
	struct world w;

	(void)state;
	make_world(&w, BANK0, 6, &usual);
	powercut_ignore_flushes(w.pc);
	assert_int_equal(grow(&w, NULL), 0);
	r = powercut_sweep(w.pc, is_old_or_new, &w);
	assert_true(r.failures > 0);
	free_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_lowest_hole_that_is_enough),
		cmocka_unit_test(test_over_itself),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_cut_in_place),
		cmocka_unit_test(test_cut_on_a_larger_disk),
		cmocka_unit_test(test_cut_moves),
		cmocka_unit_test(test_cut_anew),
		cmocka_unit_test(test_control),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
