// SPDX-License-Identifier: Apache-2.0
/*
 * The disks that a cut could have left. One image is changed and changed back: what is done to it
 * goes through a journal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/powercut/journal.h"
#include "tests/unit/powercut_record.h"
#include "tests/unit/unit.h"

#define FEW 8	       /* sectors of which all sets are tried: 256 disks */
#define RANDOM_SETS 64 /* of more sectors than that */
#define TEARS 4	       /* places where the changed part of a sector is cut */

struct sweep {
	struct blkio io; /* what the check gets */
	struct journal disk;
	const struct powercut_step *pending; /* sectors written since the last flush */
	size_t pending_count;
	bool *keep; /* which of them the disk has */
	uint64_t seed;
	powercut_check *check;
	void *context;
	struct powercut_result result;
};

static struct sweep *of(struct blkio *io)
{
	return (struct sweep *)io;
}

static int image_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	(void)e;
	memcpy(buf, of(io)->disk.bytes + at, len);
	return 0;
}

static int image_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	(void)e;
	journal_write(&of(io)->disk, at, buf, len);
	return 0;
}

static int image_flush(struct blkio *io, struct err *e)
{
	(void)io;
	(void)e;
	return 0;
}

static void image_close(struct blkio *io)
{
	(void)io;
}

static const struct blkio_ops image_ops = {
	.read = image_read,
	.write = image_write,
	.flush = image_flush,
	.close = image_close,
};

static void check_disk(struct sweep *s, const char *what, size_t detail)
{
	char why[256] = "";
	size_t before = s->disk.count;

	s->result.disks++;
	if (s->check(s->context, &s->io, why) != 0 && s->result.failures++ == 0)
		snprintf(s->result.first, sizeof(s->result.first),
			 "disk %lu, %zu sectors since the last flush, %s %zu: %s", s->result.disks,
			 s->pending_count, what, detail, why);
	journal_back(&s->disk, before);
}

/* The same disk with sector i torn at some of the places where old and new differ. */
static void check_torn(struct sweep *s, size_t i)
{
	const struct powercut_step *step = &s->pending[i];
	uint8_t old[POWERCUT_SECTOR], torn[POWERCUT_SECTOR];
	size_t first = 0, last = POWERCUT_SECTOR;
	size_t before = s->disk.count;

	memcpy(old, s->disk.bytes + step->at, POWERCUT_SECTOR);
	while (first < POWERCUT_SECTOR && old[first] == step->data[first])
		first++;
	while (last > first && old[last - 1] == step->data[last - 1])
		last--;
	for (size_t t = 1; t <= TEARS && last - first >= 2; t++) {
		size_t cut = first + 1 + (last - first - 2) * (t - 1) / (TEARS - 1);

		memcpy(torn, step->data, cut);
		memcpy(torn + cut, old + cut, POWERCUT_SECTOR - cut);
		journal_set(&s->disk, step->at, torn);
		check_disk(s, "a sector's first bytes are new, up to", cut);
		journal_back(&s->disk, before);
		memcpy(torn, old, cut);
		memcpy(torn + cut, step->data + cut, POWERCUT_SECTOR - cut);
		journal_set(&s->disk, step->at, torn);
		check_disk(s, "a sector's last bytes are new, from", cut);
		journal_back(&s->disk, before);
	}
}

/* The disk with the sectors that keep[] has; and that with sector torn of them torn (-1: none). */
static void check_set(struct sweep *s, const char *what, size_t detail, long torn)
{
	size_t before = s->disk.count;

	for (size_t i = 0; i < s->pending_count; i++)
		if (s->keep[i] && (long)i != torn)
			journal_set(&s->disk, s->pending[i].at, s->pending[i].data);
	check_disk(s, what, detail);
	if (torn >= 0)
		check_torn(s, (size_t)torn);
	journal_back(&s->disk, before);
}

static size_t random_below(struct sweep *s, size_t n)
{
	s->seed = s->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (size_t)(s->seed >> 33) % n;
}

static void fill(struct sweep *s, size_t from, size_t to)
{
	for (size_t i = 0; i < s->pending_count; i++)
		s->keep[i] = i >= from && i < to;
}

static void check_all_sets(struct sweep *s)
{
	for (size_t set = 0; set < (size_t)1 << s->pending_count; set++) {
		for (size_t i = 0; i < s->pending_count; i++)
			s->keep[i] = set >> i & 1;
		for (size_t i = 0; i < s->pending_count; i++)
			if (!s->keep[i])
				check_set(s, "set", set, (long)i);
		check_set(s, "set", set, -1);
	}
}

static void check_some_sets(struct sweep *s)
{
	size_t n = s->pending_count;

	for (size_t i = 0; i <= n; i++) {
		fill(s, 0, i);
		check_set(s, "the first", i, i < n ? (long)i : -1);
	}
	for (size_t i = 0; i < n; i++) {
		fill(s, i, i + 1);
		check_set(s, "only number", i, -1);
		fill(s, i, n);
		check_set(s, "those from", i, -1);
		fill(s, 0, n);
		s->keep[i] = false;
		check_set(s, "all but", i, (long)i);
	}
	for (size_t r = 0; r < RANDOM_SETS; r++) {
		for (size_t i = 0; i < n; i++)
			s->keep[i] = random_below(s, 2);
		check_set(s, "random set", r, (long)random_below(s, n));
	}
}

static void check_pending(struct sweep *s, const struct powercut_step *steps, size_t count)
{
	s->pending = steps;
	s->pending_count = count;
	if (count <= FEW)
		check_all_sets(s);
	else
		check_some_sets(s);
	for (size_t i = 0; i < count; i++)
		memcpy(s->disk.bytes + steps[i].at, steps[i].data, POWERCUT_SECTOR);
}

struct powercut_result powercut_sweep(struct powercut *pc, powercut_check *check, void *context)
{
	struct sweep s = {
		.io = { &image_ops, "a disk after a cut", pc->io.size, POWERCUT_SECTOR },
		.disk.bytes = malloc(pc->io.size),
		.keep = calloc(pc->count + 1, sizeof(bool)),
		.seed = 1,
		.check = check,
		.context = context,
	};
	size_t start = 0;

	assert_non_null(s.disk.bytes);
	assert_non_null(s.keep);
	memcpy(s.disk.bytes, pc->base, pc->io.size);
	for (size_t i = 0; i <= pc->count; i++)
		if (i == pc->count || pc->steps[i].flush) {
			check_pending(&s, pc->steps + start, i - start);
			start = i + 1;
		}
	free(s.disk.bytes);
	free(s.keep);
	journal_clear(&s.disk);
	return s.result;
}
