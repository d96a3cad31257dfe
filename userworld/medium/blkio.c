// SPDX-License-Identifier: Apache-2.0
#include "blkio.h"

static int check_range(const struct blkio *io, size_t len, uint64_t at, struct err *e)
{
	if (at > io->size || len > io->size - at)
		return err_set(e, ERR_INVALID, "%s: %zu bytes at %llu are beyond its end, %llu",
			       io->name, len, (unsigned long long)at, (unsigned long long)io->size);
	return 0;
}

int blkio_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	if (check_range(io, len, at, e) < 0)
		return -1;
	return io->ops->read(io, buf, len, at, e);
}

int blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	if (check_range(io, len, at, e) < 0)
		return -1;
	return io->ops->write(io, buf, len, at, e);
}

int blkio_flush(struct blkio *io, struct err *e)
{
	return io->ops->flush(io, e);
}

void blkio_close(struct blkio *io)
{
	if (io)
		io->ops->close(io);
}
