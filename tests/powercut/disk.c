// SPDX-License-Identifier: Apache-2.0
#include "tests/powercut/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"

#define SIGNATURE_AT 510 /* of a boot sector */

/* FNV-1a by words: what matters is that two contents of one sector have two values. */
static uint64_t mix(uint64_t at, const uint8_t *data)
{
	uint64_t h = 0xcbf29ce484222325ull ^ at, word;

	for (size_t i = 0; i < CUT_SECTOR; i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		h = (h ^ word) * 0x100000001b3ull;
		h ^= h >> 29;
	}
	return h;
}

static struct cutpart *part_at(struct cutdisk *d, uint64_t at)
{
	for (int i = 0; i < MEDIUM_PARTS; i++)
		if (at >= d->part[i].offset && at - d->part[i].offset < d->part[i].io.size)
			return &d->part[i];
	return NULL;
}

static void count_in(struct journal *j, uint64_t at, const uint8_t *data)
{
	struct cutdisk *d = (struct cutdisk *)j;
	struct cutpart *p = part_at(d, at);

	*(p ? &p->sum : &d->edge_sum) += mix(at, data) - mix(at, j->bytes + at);
}

bool cutdisk_signed(const struct cutdisk *d)
{
	return d->size >= CUT_SECTOR && memcmp(d->journal.bytes + SIGNATURE_AT, "\x55\xaa", 2) == 0;
}

uint64_t cutdisk_frame(const struct cutdisk *d)
{
	return d->edge_sum + d->part[MEDIUM_BIOS].sum + d->part[MEDIUM_ESP].sum;
}

void cutdisk_set(struct cutdisk *d, uint64_t at, const uint8_t *data)
{
	static const uint8_t zeros[CUT_SECTOR];

	if (at < d->size)
		journal_set(&d->journal, at, data ? data : zeros);
}

void cutdisk_back(struct cutdisk *d, size_t to)
{
	journal_back(&d->journal, to);
}

int cutdisk_write(const struct cutdisk *d, const char *path, struct err *e)
{
	static const uint8_t zeros[65536];
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || ftruncate(fd, (off_t)d->size) < 0)
		return err_sys(e, errno, "%s", path);
	for (uint64_t at = 0; at < d->size; at += sizeof(zeros)) {
		size_t n = d->size - at < sizeof(zeros) ? d->size - at : sizeof(zeros);

		if (memcmp(d->journal.bytes + at, zeros, n) != 0 &&
		    pwrite(fd, d->journal.bytes + at, n, (off_t)at) != (ssize_t)n)
			return err_sys(e, errno ? errno : EIO, "%s: write", path);
	}
	return 0;
}

static int part_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	struct cutpart *p = (struct cutpart *)io;

	(void)e;
	memcpy(buf, p->disk->journal.bytes + p->offset + at, len);
	return 0;
}

static int part_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	struct cutpart *p = (struct cutpart *)io;

	(void)e;
	journal_write(&p->disk->journal, p->offset + at, buf, len);
	return 0;
}

static int part_flush(struct blkio *io, struct err *e)
{
	(void)io;
	(void)e;
	return 0;
}

static void part_close(struct blkio *io)
{
	(void)io;
}

static const struct blkio_ops part_ops = { part_read, part_write, part_flush, part_close };

/* libmedium reads the table of a file as of a device; it only finds no device for a partition. */
static int find_parts(struct cutdisk *d, const char *path, struct err *e)
{
	_cleanup_free_ char *folder = strdup(path);
	struct medium_where where = { .dev = ".", .sysfs = "/nowhere" };
	const char *name = path;
	struct medium m;
	char *slash;

	if (!folder)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	slash = strrchr(folder, '/');
	if (slash) {
		*slash = '\0';
		where.dev = slash == folder ? "/" : folder;
		name = slash + 1;
	}
	if (medium_read(&where, name, &m, e) < 0)
		return -1;
	for (int i = 0; i < MEDIUM_PARTS; i++) {
		struct medium_partition *p = &m.part[i];

		if (!p->number || p->offset % CUT_SECTOR || p->offset + p->size > d->size)
			return err_set(e, ERR_INVALID, "%s: no partition %s", path,
				       medium_part_name((enum medium_part)i));
		d->part[i] = (struct cutpart){
			.io = { &part_ops, medium_part_name((enum medium_part)i), p->size,
				CUT_SECTOR },
			.disk = d,
			.offset = p->offset,
		};
	}
	return 0;
}

int cutdisk_open(struct cutdisk *d, const char *path, const char *table, struct err *e)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	memset(d, 0, sizeof(*d));
	d->journal.changes = count_in;
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, errno, "%s", path);
	d->size = (uint64_t)st.st_size - (uint64_t)st.st_size % CUT_SECTOR;
	d->journal.bytes =
		mmap(NULL, d->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
	if (d->journal.bytes == MAP_FAILED) {
		d->journal.bytes = NULL;
		return err_sys(e, errno, "%s: mmap", path);
	}
	return find_parts(d, table, e);
}

void cutdisk_close(struct cutdisk *d)
{
	if (d->journal.bytes)
		munmap(d->journal.bytes, d->size);
	journal_clear(&d->journal);
	memset(d, 0, sizeof(*d));
}
