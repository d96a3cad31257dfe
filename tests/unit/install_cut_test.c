// SPDX-License-Identifier: Apache-2.0
/* A disk becomes a medium, with the power cut everywhere. */
#include "userworld/install/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"
#include "userworld/medium/blkio_part.h"

#define MIB (1u << 20)
#define SIZE (11 * MIB)
#define BIOS 4096u
#define ESP 8192u
#define STATE 65536u
#define EDGE (GPT_SECTOR + GPT_COPY) /* the least: each sector of it costs 30 disks */
#define SKELETON (GPT_SECTOR + BIOS + ESP)

static const struct install_layout layout = { BIOS, ESP, STATE, SAMPLE_SIZE, EDGE };

#define GENERATION 9000u /* bytes of what stands for a generation of state */

/*
 * What is installed: number 1 and 3 differ in everything. 1 is an install, 3 a medium that is
 * rebuilt: to bank 1, with the number that it had, and with state.
 */
struct what {
	struct sample sample;
	unsigned int bank;
	unsigned long updated;
	uint8_t generation[GENERATION];
	uint8_t skeleton[SKELETON];
	size_t given;
	struct install_guids guids;
	struct install_plan plan;
};

static int give_skeleton(void *context, void *buf, size_t len, struct err *e)
{
	struct what *w = context;

	(void)e;
	assert_true(w->given + len <= SKELETON);
	memcpy(buf, w->skeleton + w->given, len);
	w->given += len;
	return 0;
}

static int give_files(void *context, struct bank_write *bank, struct err *e)
{
	const struct what *w = context;

	for (size_t i = 0; i < SAMPLE_FILES; i++)
		if (bank_write_add(bank, w->sample.data[i], w->sample.sizes[i], e) < 0)
			return -1;
	return 0;
}

/* As a store does: its content, then what says that it is there. */
static int give_state(void *context, struct blkio *part, struct err *e)
{
	const struct what *w = context;

	if (blkio_write(part, w->generation + GPT_SECTOR, GENERATION - GPT_SECTOR, GPT_SECTOR, e) <
		    0 ||
	    blkio_flush(part, e) < 0 || blkio_write(part, w->generation, GPT_SECTOR, 0, e) < 0)
		return -1;
	return blkio_flush(part, e);
}

static void make(struct what *w, unsigned int number)
{
	memset(w, 0, sizeof(*w));
	w->bank = number == 3;
	w->updated = w->bank ? 7 : 1;
	memset(w->generation, 'g', sizeof(w->generation));
	sample_make(&w->sample, number);
	srandom(number);
	for (size_t i = 0; i < SKELETON; i++)
		w->skeleton[i] = (uint8_t)random();
	memset(&w->guids, (int)number, sizeof(w->guids));
}

static int install(struct what *w, struct blkio *disk, struct err *e)
{
	const struct install_image image = {
		.cfg = &w->sample.cfg,
		.sizes = w->sample.sizes,
		.bank = w->bank,
		.updated = w->updated,
		.files = give_files,
		.skeleton = give_skeleton,
		.state = w->bank ? give_state : NULL,
		.context = w,
	};

	w->given = 0;
	if (install_plan(&w->plan, &layout, disk->size, disk->sector, &image, e) < 0)
		return -1;
	return install_write(disk, &w->plan, &image, &w->guids, e);
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	while (len > 0 && !*bytes) {
		bytes++;
		len--;
	}
	return len == 0;
}

static const uint8_t *part_of(const struct what *w, struct powercut *pc, enum medium_part part)
{
	return powercut_bytes(pc) + w->plan.part[part].at;
}

/* The disk is as docs/media.md says. */
static void expect_whole(const struct what *w, struct powercut *pc)
{
	const uint8_t *bytes = powercut_bytes(pc);
	struct blkio_part part;
	struct bank b;

	assert_memory_equal(bytes, w->skeleton, INSTALL_CODE);
	assert_memory_equal(bytes + GPT_MBR_SIGNATURE, "\x55\xaa", 2);
	assert_memory_equal(bytes + GPT_SECTOR, "EFI PART", 8);
	assert_memory_equal(bytes + SIZE - GPT_SECTOR, "EFI PART", 8);
	assert_int_equal(w->plan.part[MEDIUM_BIOS].at, MIB);
	assert_memory_equal(part_of(w, pc, MEDIUM_BIOS), w->skeleton + GPT_SECTOR, BIOS);
	assert_memory_equal(part_of(w, pc, MEDIUM_ESP), w->skeleton + GPT_SECTOR + BIOS, ESP);
	if (w->bank)
		assert_memory_equal(part_of(w, pc, MEDIUM_STATE), w->generation, GENERATION);
	else
		assert_true(is_zero(part_of(w, pc, MEDIUM_STATE), STATE));
	blkio_part(&part, powercut_disk(pc), "bank", w->plan.part[MEDIUM_BANK0 + w->bank].at,
		   SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	assert_true(b.there && b.has_kernel);
	assert_string_equal(b.cfg.build, w->sample.cfg.build);
	assert_string_equal(b.cfg.options, w->sample.cfg.options);
	assert_int_equal(b.cfg.state, BANK_VALID);
	assert_int_equal(b.cfg.updated, w->updated);
	assert_int_equal(bank_verify(&part.io, &b, NULL, NULL, NULL), 0);
	blkio_part(&part, powercut_disk(pc), "other", w->plan.part[MEDIUM_BANK1 - w->bank].at,
		   SAMPLE_SIZE);
	assert_int_equal(bank_look(&part.io, &b, NULL), 0);
	assert_false(b.there);
	assert_string_equal(b.why_not, "");
}

struct cut {
	uint8_t *old, *new; /* SIZE bytes */
	unsigned long seen_old, seen_nothing, seen_new;
};

/* What has a signature starts: that must be one of both disks, to the last byte. */
static int old_nothing_or_new(void *context, struct blkio *disk, char why[static 256])
{
	static uint8_t bytes[SIZE];
	struct cut *c = context;
	uint8_t signature[2];

	blkio_read(disk, signature, 2, GPT_MBR_SIGNATURE, NULL);
	if (memcmp(signature, "\x55\xaa", 2) != 0) {
		c->seen_nothing++;
		return 0;
	}
	blkio_read(disk, bytes, SIZE, 0, NULL);
	if (memcmp(bytes, c->new, SIZE) == 0)
		c->seen_new++;
	else if (memcmp(bytes, c->old, SIZE) == 0)
		c->seen_old++;
	else
		return snprintf(why, 256, "it starts, and is neither the old nor the new one") > 0;
	return 0;
}

static uint8_t *copy_of(struct powercut *pc)
{
	uint8_t *copy = malloc(SIZE);

	assert_non_null(copy);
	memcpy(copy, powercut_bytes(pc), SIZE);
	return copy;
}

/* old: number of what was installed before; 0: another system, with bytes everywhere. */
static struct powercut *disk_with(unsigned int old)
{
	struct powercut *pc = powercut_new(NULL, SIZE);
	struct what w;

	memset(powercut_bytes(pc), 'o', SIZE);
	memcpy(powercut_bytes(pc) + GPT_MBR_SIGNATURE, "\x55\xaa", 2);
	if (old) {
		make(&w, old);
		assert_int_equal(install(&w, powercut_disk(pc), NULL), 0);
		sample_free(&w.sample);
	}
	powercut_mark(pc);
	return pc;
}

static void sweep(unsigned int old, bool deaf, struct powercut_result *r, struct cut *c)
{
	struct powercut *pc = disk_with(old);
	struct err e = ERR_INIT;
	struct what w;

	*c = (struct cut){ .old = copy_of(pc) };
	make(&w, 3);
	if (deaf)
		powercut_ignore_flushes(pc);
	if (install(&w, powercut_disk(pc), &e) < 0)
		fail_msg("%s", e.text);
	expect_whole(&w, pc);
	c->new = copy_of(pc);
	*r = powercut_sweep(pc, old_nothing_or_new, c);
	powercut_free(pc);
	sample_free(&w.sample);
	free(c->old);
	free(c->new);
}

static void test_cut(void **state)
{
	struct powercut_result r;
	struct cut c;

	(void)state;
	for (unsigned int old = 0; old < 2; old++) {
		sweep(old, false, &r, &c);
		assert_string_equal(r.first, "");
		assert_int_equal(r.failures, 0);
		assert_true(r.disks > 3000);
		assert_true(c.seen_old > 0 && c.seen_nothing > 0 && c.seen_new > 0);
	}
}

static void test_cut_without_flushes(void **state)
{
	struct powercut_result r;
	struct cut c;

	(void)state;
	sweep(1, true, &r, &c);
	assert_true(r.failures > 0);
}

/* The disk is pulled out before each write and flush; then it comes back, and all is repeated. */
static void test_pulled(void **state)
{
	struct err e = ERR_INIT;
	struct what w;
	long n;
	int rc;

	(void)state;
	make(&w, 3);
	for (n = 0, rc = -1; rc < 0; n++) {
		struct powercut *pc = disk_with(0);

		powercut_pull(pc, n);
		rc = install(&w, powercut_disk(pc), &e);
		powercut_pull(pc, -1);
		if (rc < 0) {
			assert_int_equal(e.kind, ERR_UNAVAILABLE);
			assert_int_equal(install(&w, powercut_disk(pc), &e), 0);
		}
		expect_whole(&w, pc);
		powercut_free(pc);
	}
	assert_true(n > 12);
	sample_free(&w.sample);
}

static void test_refused(void **state)
{
	struct powercut *pc = disk_with(0);
	struct powercut *small = powercut_new(NULL, SIZE - POWERCUT_SECTOR);
	struct err e = ERR_INIT;
	struct what w;

	(void)state;
	make(&w, 3);
	assert_int_equal(install(&w, powercut_disk(small), &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_non_null(strstr(e.text, "512 are missing"));
	powercut_free(small);
	powercut_disk(pc)->sector = 4096;
	assert_int_equal(install(&w, powercut_disk(pc), &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	powercut_disk(pc)->sector = POWERCUT_SECTOR;
	/* An image that is too large for a bank. */
	w.sample.sizes[2] = 3 * MIB;
	assert_int_equal(install(&w, powercut_disk(pc), &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_int_equal(powercut_writes(pc), 0);
	sample_free(&w.sample);
	/* Files that are not those of the digests: nothing starts. */
	make(&w, 3);
	w.sample.data[1][0] ^= 1;
	assert_int_equal(install(&w, powercut_disk(pc), &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_true(is_zero(powercut_bytes(pc), MIB / 64));
	sample_free(&w.sample);
	powercut_free(pc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_without_flushes),
		cmocka_unit_test(test_pulled),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
