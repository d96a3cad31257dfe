// SPDX-License-Identifier: Apache-2.0
/* A copy of the partition table is lost, and written anew from the other, with the power cut. */
#include "userworld/install/gpt_mend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/powercut.h"
#include "tests/unit/unit.h"
#include "userworld/install/gpt.h"

#define SIZE (6u << 20)
#define BACKUP (SIZE - GPT_COPY)
#define HEADER (SIZE - GPT_SECTOR) /* of the backup */

static const struct gpt_part part = { "VISOROS-STATE", { 1 }, { 2 }, GPT_FIRST, 2048 };

static void make_table(uint8_t *bytes, uint64_t size, uint8_t guid)
{
	struct gpt gpt = { .guid = { guid }, .sectors = size / GPT_SECTOR, .n = 1, .parts = &part };

	gpt_primary(&gpt, bytes + GPT_SECTOR);
	gpt_backup(&gpt, bytes + size - GPT_COPY);
}

static struct powercut *new_disk(void)
{
	struct powercut *pc = powercut_new(NULL, SIZE);

	make_table(powercut_bytes(pc), SIZE, 7);
	return pc;
}

static enum gpt_health health_of(struct powercut *pc)
{
	enum gpt_health h;

	assert_int_equal(gpt_examine(powercut_disk(pc), &h, NULL), 0);
	return h;
}

static void test_one_copy(void **state)
{
	static const struct {
		uint64_t at;
		enum gpt_health health;
	} damages[] = {
		{ GPT_SECTOR + 3, GPT_PRIMARY_DAMAGED }, { GPT_SECTOR + 60, GPT_PRIMARY_DAMAGED },
		{ 2 * GPT_SECTOR, GPT_PRIMARY_DAMAGED }, { GPT_COPY, GPT_PRIMARY_DAMAGED },
		{ BACKUP + 40, GPT_BACKUP_DAMAGED },	 { HEADER, GPT_BACKUP_DAMAGED },
		{ HEADER + 88, GPT_BACKUP_DAMAGED },
	};
	uint8_t *right = malloc(SIZE);
	struct powercut *pc = new_disk();
	enum gpt_health h;

	(void)state;
	memcpy(right, powercut_bytes(pc), SIZE);
	assert_int_equal(health_of(pc), GPT_GOOD);
	assert_int_equal(gpt_mend(powercut_disk(pc), &h, NULL), 1);
	assert_int_equal(powercut_writes(pc), 0);
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		powercut_bytes(pc)[damages[i].at] ^= 1;
		assert_int_equal(health_of(pc), damages[i].health);
		assert_int_equal(gpt_mend(powercut_disk(pc), &h, NULL), 1);
		assert_int_equal(h, damages[i].health);
		assert_memory_equal(powercut_bytes(pc), right, SIZE);
	}
	memset(powercut_bytes(pc), 0, GPT_COPY + GPT_SECTOR);
	assert_int_equal(gpt_mend(powercut_disk(pc), &h, NULL), 1);
	assert_memory_equal(powercut_bytes(pc), right, SIZE);
	powercut_free(pc);
	free(right);
}

/* What cannot be proved is left. */
static void test_left_alone(void **state)
{
	struct powercut *pc = new_disk();
	uint8_t *other = calloc(1, SIZE);
	enum gpt_health h;

	(void)state;
	powercut_bytes(pc)[GPT_SECTOR + 60] ^= 1;
	powercut_bytes(pc)[HEADER + 60] ^= 1;
	assert_int_equal(gpt_mend(powercut_disk(pc), &h, NULL), 0);
	assert_int_equal(h, GPT_BOTH_DAMAGED);
	/* Two tables. */
	make_table(powercut_bytes(pc), SIZE, 7);
	make_table(other, SIZE, 8);
	memcpy(powercut_bytes(pc) + GPT_SECTOR, other + GPT_SECTOR, GPT_COPY);
	assert_int_equal(gpt_mend(powercut_disk(pc), &h, NULL), 0);
	assert_int_equal(h, GPT_DIFFERENT);
	assert_int_equal(powercut_writes(pc), 0);
	/* Written to a larger disk as it was: its backup is in the middle, and good. */
	memset(powercut_bytes(pc), 0, SIZE);
	make_table(powercut_bytes(pc), SIZE / 2, 9);
	assert_int_equal(health_of(pc), GPT_GOOD);
	powercut_bytes(pc)[SIZE / 2 - 1 - GPT_COPY / 2] ^= 1;
	assert_int_equal(gpt_mend(powercut_disk(pc), &h, NULL), 1);
	assert_int_equal(h, GPT_BACKUP_DAMAGED);
	/* No table at all. */
	memset(powercut_bytes(pc), 0, SIZE);
	assert_int_equal(health_of(pc), GPT_BOTH_DAMAGED);
	powercut_pull(pc, 0);
	assert_int_equal(gpt_examine(powercut_disk(pc), &h, NULL), -1);
	powercut_free(pc);
	free(other);
}

/* One copy is good, whatever is cut: the same again makes both so. */
static int one_is_good(void *context, struct blkio *disk, char why[static 256])
{
	enum gpt_health h;

	(void)context;
	if (gpt_mend(disk, &h, NULL) == 1)
		return 0;
	return snprintf(why, 256, "health %d", h) > 0;
}

static void test_cut(void **state)
{
	const uint64_t places[] = { GPT_SECTOR, BACKUP };
	struct powercut *pc = new_disk();
	struct powercut_result r;
	enum gpt_health h;

	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(powercut_bytes(pc) + places[i], 'x', GPT_COPY);
		powercut_mark(pc);
		assert_int_equal(gpt_mend(powercut_disk(pc), &h, NULL), 1);
		r = powercut_sweep(pc, one_is_good, NULL);
		assert_string_equal(r.first, "");
		assert_true(r.disks > 50);
	}
	powercut_free(pc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_copy),
		cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
