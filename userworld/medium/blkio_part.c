// SPDX-License-Identifier: Apache-2.0
#include "blkio_part.h"

static struct blkio_part *of(struct blkio *io)
{
	return (struct blkio_part *)io;
}

static int part_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	return blkio_read(of(io)->disk, buf, len, of(io)->at + at, e);
}

static int part_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	return blkio_write(of(io)->disk, buf, len, of(io)->at + at, e);
}

static int part_flush(struct blkio *io, struct err *e)
{
	return blkio_flush(of(io)->disk, e);
}

static void part_close(struct blkio *io)
{
	(void)io;
}

static const struct blkio_ops part_ops = {
	.read = part_read,
	.write = part_write,
	.flush = part_flush,
	.close = part_close,
};

struct blkio *blkio_part(struct blkio_part *part, struct blkio *disk, const char *name, uint64_t at,
			 uint64_t size)
{
	*part = (struct blkio_part){
		.io = { .ops = &part_ops, .name = name, .size = size, .sector = disk->sector },
		.disk = disk,
		.at = at,
	};
	return &part->io;
}
