// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/powercut.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/powercut_record.h"
#include "tests/unit/unit.h"

static struct powercut *of(struct blkio *io)
{
	return (struct powercut *)io;
}

static struct powercut_step *new_step(struct powercut *pc)
{
	if (pc->count == pc->room) {
		pc->room = pc->room ? pc->room * 2 : 64;
		pc->steps = realloc(pc->steps, pc->room * sizeof(*pc->steps));
		assert_non_null(pc->steps);
	}
	memset(&pc->steps[pc->count], 0, sizeof(*pc->steps));
	return &pc->steps[pc->count++];
}

static int pulled(struct blkio *io, struct err *e)
{
	err_set(e, ERR_UNAVAILABLE, "%s: it was pulled out", io->name);
	if (e)
		e->num = ENODEV;
	return -1;
}

static int disk_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	struct powercut *pc = of(io);

	if (pc->pull == 0)
		return pulled(io, e);
	memcpy(buf, pc->bytes + at, len);
	return 0;
}

static void put(struct powercut *pc, const void *buf, size_t len, uint64_t at)
{
	memcpy(pc->bytes + at, buf, len);
	for (uint64_t s = at - at % POWERCUT_SECTOR; s < at + len; s += POWERCUT_SECTOR) {
		struct powercut_step *step = new_step(pc);

		step->at = s;
		memcpy(step->data, pc->bytes + s, POWERCUT_SECTOR);
	}
}

static int disk_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	struct powercut *pc = of(io);

	if (pc->pull == 0) {
		put(pc, buf, len / 2, at);
		return pulled(io, e);
	}
	if (pc->pull > 0)
		pc->pull--;
	pc->writes++;
	put(pc, buf, len, at);
	return 0;
}

static int disk_flush(struct blkio *io, struct err *e)
{
	struct powercut *pc = of(io);

	if (pc->pull == 0)
		return pulled(io, e);
	if (pc->pull > 0)
		pc->pull--;
	if (!pc->deaf) {
		pc->flushes++;
		new_step(pc)->flush = true;
	}
	return 0;
}

static void disk_close(struct blkio *io)
{
	(void)io;
}

static const struct blkio_ops ops = {
	.read = disk_read,
	.write = disk_write,
	.flush = disk_flush,
	.close = disk_close,
};

struct powercut *powercut_new(const void *image, size_t size)
{
	struct powercut *pc = calloc(1, sizeof(*pc));

	assert_non_null(pc);
	assert_int_equal(size % POWERCUT_SECTOR, 0);
	pc->io = (struct blkio){
		.ops = &ops, .name = "the disk in memory", .size = size, .sector = POWERCUT_SECTOR
	};
	pc->bytes = calloc(1, size);
	pc->base = calloc(1, size);
	assert_non_null(pc->bytes);
	assert_non_null(pc->base);
	pc->pull = -1;
	if (image)
		memcpy(pc->bytes, image, size);
	powercut_mark(pc);
	return pc;
}

void powercut_free(struct powercut *pc)
{
	if (!pc)
		return;
	free(pc->bytes);
	free(pc->base);
	free(pc->steps);
	free(pc);
}

struct blkio *powercut_disk(struct powercut *pc)
{
	return &pc->io;
}

uint8_t *powercut_bytes(struct powercut *pc)
{
	return pc->bytes;
}

void powercut_mark(struct powercut *pc)
{
	memcpy(pc->base, pc->bytes, pc->io.size);
	pc->count = pc->writes = pc->flushes = 0;
}

void powercut_ignore_flushes(struct powercut *pc)
{
	pc->deaf = true;
}

void powercut_pull(struct powercut *pc, long n)
{
	pc->pull = n;
}

size_t powercut_writes(const struct powercut *pc)
{
	return pc->writes;
}

size_t powercut_flushes(const struct powercut *pc)
{
	return pc->flushes;
}
