// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include "userworld/core/internal.h"

static struct progress *of(struct blkio *io)
{
	return (struct progress *)io;
}

static int progress_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	if (blkio_read(of(io)->disk, buf, len, at, e) < 0)
		return -1;
	core_progress_bytes(len);
	return 0;
}

static int progress_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	if (blkio_write(of(io)->disk, buf, len, at, e) < 0)
		return -1;
	core_progress_bytes(len);
	return 0;
}

static int progress_flush(struct blkio *io, struct err *e)
{
	return blkio_flush(of(io)->disk, e);
}

static void progress_close(struct blkio *io)
{
	(void)io;
}

static const struct blkio_ops progress_ops = {
	.read = progress_read,
	.write = progress_write,
	.flush = progress_flush,
	.close = progress_close,
};

struct blkio *progress_start(struct progress *p, struct blkio *disk, uint64_t total)
{
	*p = (struct progress){ .io = *disk, .disk = disk };
	p->io.ops = &progress_ops;
	core_progress_expect(total);
	return &p->io;
}

struct blkio *progress_files(struct progress *p, struct blkio *disk, const uint32_t *sizes,
			     size_t n, unsigned int passes)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += (uint64_t)passes * sizes[i];
	core_progress_rest();
	return progress_start(p, disk, total);
}
