// SPDX-License-Identifier: Apache-2.0
/* The disk whose power is cut: it finds what goes wrong, and only that. */
#include "tests/unit/powercut.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define SIZE (64 * POWERCUT_SECTOR)
#define SIDE (16 * POWERCUT_SECTOR) /* two copies of a text, and a byte that says which counts */

/* A switch of copies as it has to be: copy, flush, the byte, flush. */
static void switch_copies(struct blkio *disk, char letter)
{
	uint8_t text[SIDE], side;

	blkio_read(disk, &side, 1, 0, NULL);
	side = side ? 0 : 1;
	memset(text, letter, sizeof(text));
	assert_int_equal(blkio_write(disk, text, sizeof(text), 512 + side * SIDE, NULL), 0);
	assert_int_equal(blkio_flush(disk, NULL), 0);
	assert_int_equal(blkio_write(disk, &side, 1, 0, NULL), 0);
	assert_int_equal(blkio_flush(disk, NULL), 0);
}

/* All of one letter, which is one of those in context. */
static int whole(void *context, struct blkio *disk, char why[static 256])
{
	uint8_t text[SIDE], side = 0;

	blkio_read(disk, &side, 1, 0, NULL);
	blkio_read(disk, text, sizeof(text), 512 + side * SIDE, NULL);
	for (size_t i = 0; i < sizeof(text); i++)
		if (text[i] != text[0] || !strchr(context, text[0])) {
			snprintf(why, 256, "byte %zu of side %u is %02x", i, side, text[i]);
			return 1;
		}
	return 0;
}

static struct powercut *new_disk(void)
{
	struct powercut *pc = powercut_new(NULL, SIZE);

	memset(powercut_bytes(pc) + 512, 'a', SIDE);
	powercut_mark(pc);
	return pc;
}

static void test_flushed_in_order(void **state)
{
	struct powercut *pc = new_disk();
	struct powercut_result r;

	(void)state;
	switch_copies(powercut_disk(pc), 'b');
	r = powercut_sweep(pc, whole, "ab");
	assert_string_equal(r.first, "");
	assert_int_equal(r.failures, 0);
	assert_true(r.disks > 100);
	assert_int_equal(powercut_writes(pc), 2);
	assert_int_equal(powercut_flushes(pc), 2);
	/* Old and new are both seen. */
	assert_true(powercut_sweep(pc, whole, "a").failures > 0);
	assert_true(powercut_sweep(pc, whole, "b").failures > 0);
	powercut_free(pc);
}

static void test_without_flushes(void **state)
{
	struct powercut *pc = new_disk();
	struct powercut_result r;

	(void)state;
	powercut_ignore_flushes(pc);
	switch_copies(powercut_disk(pc), 'b');
	r = powercut_sweep(pc, whole, "ab");
	assert_true(r.failures > 0);
	assert_non_null(strstr(r.first, "side 1"));
	powercut_free(pc);
}

struct seen {
	bool none, all, torn;
};

static int look(void *context, struct blkio *disk, char why[static 256])
{
	struct seen *seen = context;
	uint8_t text[POWERCUT_SECTOR];

	(void)why;
	blkio_read(disk, text, sizeof(text), 512, NULL);
	if (text[0] == text[POWERCUT_SECTOR - 1])
		*(text[0] == 'a' ? &seen->none : &seen->all) = true;
	else
		seen->torn = true;
	/* The disk is the check's own. */
	memset(text, 'x', sizeof(text));
	blkio_write(disk, text, sizeof(text), 512, NULL);
	return text[0] != 'x';
}

static void test_torn(void **state)
{
	struct powercut *pc = new_disk();
	struct seen seen = { 0 };
	uint8_t text[POWERCUT_SECTOR];

	(void)state;
	memset(text, 'b', sizeof(text));
	blkio_write(powercut_disk(pc), text, sizeof(text), 512, NULL);
	assert_int_equal(powercut_sweep(pc, look, &seen).failures, 0);
	assert_true(seen.none && seen.all && seen.torn);
	powercut_free(pc);
}

static void test_pulled(void **state)
{
	struct powercut *pc = new_disk();
	struct blkio *disk = powercut_disk(pc);
	struct err e = ERR_INIT;
	uint8_t byte = 1;

	(void)state;
	powercut_pull(pc, 1);
	assert_int_equal(blkio_write(disk, &byte, 1, 0, &e), 0);
	assert_int_equal(blkio_flush(disk, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_int_equal(blkio_read(disk, &byte, 1, 0, &e), -1);
	powercut_pull(pc, -1);
	assert_int_equal(blkio_read(disk, &byte, 1, 0, &e), 0);
	assert_int_equal(blkio_write(disk, &byte, 1, SIZE, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	powercut_free(pc);
}

/* The real thing on a file: any position and length, over the edges of its buffer. */
static void test_file(void **state)
{
	char path[] = "/tmp/blkio.XXXXXX";
	static uint8_t model[3 * BLKIO_BUFFER + 1536], got[sizeof(model)];
	int fd = mkstemp(path);
	struct err e = ERR_INIT;
	struct blkio *io;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, sizeof(model)), 0);
	io = blkio_open(path, true, &e);
	assert_non_null(io);
	assert_int_equal(io->size, sizeof(model));
	srandom(1);
	for (int i = 0; i < 200; i++) {
		size_t at = (size_t)random() % sizeof(model);
		size_t len = (size_t)random() % (sizeof(model) - at) + 1;

		if (i % 2)
			len = len % 700 + 1 > sizeof(model) - at ? 1 : len % 700 + 1;
		memset(model + at, i, len);
		assert_int_equal(blkio_write(io, model + at, len, at, &e), 0);
		assert_int_equal(blkio_read(io, got, len, at, &e), 0);
		assert_memory_equal(got, model + at, len);
	}
	assert_int_equal(blkio_flush(io, &e), 0);
	assert_int_equal(pread(fd, got, sizeof(got), 0), sizeof(got));
	assert_memory_equal(got, model, sizeof(model));
	blkio_close(io);
	close(fd);
	unlink(path);
	assert_null(blkio_open(path, true, &e));
	assert_int_equal(e.kind, ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flushed_in_order),
		cmocka_unit_test(test_without_flushes),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_pulled),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
