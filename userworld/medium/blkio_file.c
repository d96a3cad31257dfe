// SPDX-License-Identifier: Apache-2.0
/*
 * A block device by its descriptor. Transfers go past the kernel's page cache (O_DIRECT), in
 * pieces of one buffer: an update then needs no memory but that, and reading back asks the
 * medium. What O_DIRECT cannot do, parts of sectors, is read, changed and written as a whole;
 * the bytes that did not change are written as they were, so that a torn sector keeps them.
 * flush() is fdatasync(2), which has the device empty its own cache.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "blkio.h"
#include "cleanup.h"

struct file_blkio {
	struct blkio io;
	int fd;
	char *buffer; /* BLKIO_BUFFER bytes, aligned to a page */
	char path[];
};

static struct file_blkio *of(struct blkio *io)
{
	return (struct file_blkio *)io;
}

/* What a device says that was pulled out, or that cannot read its own sectors. */
static int device_error(struct err *e, int num, const struct blkio *io, const char *what,
			uint64_t at)
{
	switch (num) {
	case EIO:
	case ENODEV:
	case ENXIO:
	case ENOMEDIUM:
	case EREMOTEIO:
	case ESHUTDOWN:
	case ETIMEDOUT:
		err_set(e, ERR_UNAVAILABLE, "%s: %s at %llu: %s", io->name, what,
			(unsigned long long)at, strerror(num));
		break;
	default:
		err_sys(e, num, "%s: %s at %llu", io->name, what, (unsigned long long)at);
	}
	if (e)
		e->num = num;
	return -1;
}

/* Whole sectors between the buffer and the device; 0, or -1 with errno. */
static int transfer(struct file_blkio *f, bool writes, size_t len, uint64_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = writes ? pwrite(f->fd, f->buffer + done, len - done, (off_t)(at + done))
				   : pread(f->fd, f->buffer + done, len - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return -1;
		done += (size_t)n;
	}
	return 0;
}

/* The part of [at, at + len) that one buffer can take, as whole sectors around it. */
struct piece {
	uint64_t from; /* first byte of the first sector */
	size_t size;   /* bytes of the sectors */
	size_t skip;   /* bytes of them before the caller's */
	size_t len;    /* the caller's bytes */
};

static struct piece next_piece(const struct blkio *io, size_t len, uint64_t at)
{
	struct piece p = { .skip = at % io->sector };

	p.from = at - p.skip;
	p.len = len < BLKIO_BUFFER - p.skip ? len : BLKIO_BUFFER - p.skip;
	p.size = (p.skip + p.len + io->sector - 1) / io->sector * io->sector;
	/* A plain file may end within a sector; it is not opened with O_DIRECT then. */
	if (p.size > io->size - p.from)
		p.size = io->size - p.from;
	return p;
}

static int file_blkio_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	struct file_blkio *f = of(io);
	size_t done = 0;

	while (done < len) {
		struct piece p = next_piece(io, len - done, at + done);

		if (transfer(f, false, p.size, p.from) < 0)
			return device_error(e, errno, io, "read", p.from);
		memcpy((char *)buf + done, f->buffer + p.skip, p.len);
		done += p.len;
	}
	return 0;
}

static int file_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at,
			    struct err *e)
{
	struct file_blkio *f = of(io);
	size_t done = 0;

	while (done < len) {
		struct piece p = next_piece(io, len - done, at + done);

		if (p.len < p.size && transfer(f, false, p.size, p.from) < 0)
			return device_error(e, errno, io, "read", p.from);
		memcpy(f->buffer + p.skip, (const char *)buf + done, p.len);
		if (transfer(f, true, p.size, p.from) < 0)
			return device_error(e, errno, io, "write", p.from);
		done += p.len;
	}
	return 0;
}

static int file_blkio_flush(struct blkio *io, struct err *e)
{
	if (fdatasync(of(io)->fd) < 0)
		return device_error(e, errno, io, "flush", 0);
	return 0;
}

static void file_blkio_close(struct blkio *io)
{
	struct file_blkio *f = of(io);

	if (f->fd >= 0)
		close(f->fd);
	free(f->buffer);
	free(f);
}

static const struct blkio_ops file_ops = {
	.read = file_blkio_read,
	.write = file_blkio_write,
	.flush = file_blkio_flush,
	.close = file_blkio_close,
};

/* Size and sectors, of the device or of the file in its place. */
static int measure(struct file_blkio *f, struct err *e)
{
	struct stat st;
	int sector = 0;

	if (fstat(f->fd, &st) < 0)
		return device_error(e, errno, &f->io, "stat", 0);
	if (S_ISREG(st.st_mode)) {
		f->io.size = (uint64_t)st.st_size;
		f->io.sector = 512;
		return 0;
	}
	if (!S_ISBLK(st.st_mode))
		return err_set(e, ERR_INVALID, "%s: neither a block device nor a file", f->path);
	if (ioctl(f->fd, BLKGETSIZE64, &f->io.size) < 0 || ioctl(f->fd, BLKSSZGET, &sector) < 0)
		return device_error(e, errno, &f->io, "size", 0);
	if (sector < 512 || sector > BLKIO_BUFFER || BLKIO_BUFFER % sector)
		return err_set(e, ERR_INVALID, "%s: sectors of %d bytes are not supported", f->path,
			       sector);
	f->io.sector = (unsigned int)sector;
	return 0;
}

/* Files of file systems without O_DIRECT, and those with half a sector, go through the cache. */
static int open_direct(const char *path, int flags)
{
	struct stat st;
	int fd;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		return open(path, flags);
	fd = open(path, flags | O_DIRECT);
	return fd < 0 && errno == EINVAL ? open(path, flags) : fd;
}

struct blkio *blkio_open(const char *path, bool writable, struct err *e)
{
	size_t len = strlen(path) + 1;
	struct file_blkio *f = calloc(1, sizeof(*f) + len);

	if (!f) {
		err_sys(e, ENOMEM, "%s: open", path);
		return NULL;
	}
	memcpy(f->path, path, len);
	f->io.ops = &file_ops;
	f->io.name = f->path;
	f->fd = open_direct(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (f->fd < 0)
		device_error(e, errno, &f->io, "open", 0);
	else if (posix_memalign((void **)&f->buffer, 4096, BLKIO_BUFFER) != 0)
		err_sys(e, ENOMEM, "%s: open", path);
	else if (measure(f, e) == 0)
		return &f->io;
	file_blkio_close(&f->io);
	return NULL;
}
