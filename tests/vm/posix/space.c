// SPDX-License-Identifier: Apache-2.0
/* Sizes: truncating, allocating, holes, and what is read there. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "posix.h"

static bool zeroes(int fd, off_t from, off_t to)
{
	char buf[4096];

	while (from < to) {
		ssize_t n = pread(fd, buf, (size_t)(to - from < 4096 ? to - from : 4096), from);

		if (n <= 0)
			return false;
		for (ssize_t i = 0; i < n; i++)
			if (buf[i])
				return false;
		from += n;
	}
	return true;
}

static bool same(int fd, off_t from, off_t to)
{
	unsigned char byte;

	for (; from < to; from++)
		if (pread(fd, &byte, 1, from) != 1 || byte != pattern((size_t)from))
			return false;
	return true;
}

void topic_truncate(void)
{
	struct rlimit limit, old;
	int fd = (int)OK(open("big", O_RDWR | O_CLOEXEC));

	OK(truncate("big", 5000));
	IS(st("big").st_size, 5000);
	OK(truncate("big", 20000));
	TRUE(same(fd, 0, 5000) && zeroes(fd, 5000, 20000));
	OK(ftruncate(fd, 4096));
	OK(ftruncate(fd, 4097));
	TRUE(same(fd, 4000, 4096) && zeroes(fd, 4096, 4097));
	OK(ftruncate(fd, 0));
	IS(st("big").st_blocks, 0);
	OK(ftruncate(fd, 1LL << 40));
	IS(st("big").st_size, 1LL << 40);
	TRUE(zeroes(fd, (1LL << 40) - 5000, 1LL << 40));
	IS(st("big").st_blocks, 0);
	IS(pwrite(fd, "x", 1, 1LL << 39), 1);
	IS(st("big").st_blocks, 8);
	FAILS(EINVAL, ftruncate(fd, -1));
	FAILS(EINVAL, truncate("big", -5));
	FAILS(EISDIR, truncate("dir", 0));
	FAILS(EINVAL, truncate("fifo", 0));
	OK(truncate("sym", 100));
	IS(st("file").st_size, 100);
	close(fd);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	limit = old;
	limit.rlim_cur = 8192;
	setrlimit(RLIMIT_FSIZE, &limit);
	FAILS(EFBIG, truncate("file", 8193));
	OK(truncate("file", 8192));
	fd = (int)OK(open("file", O_RDWR | O_CLOEXEC));
	FAILS(EFBIG, pwrite(fd, "x", 1, 8192));
	IS(pwrite(fd, "xyz", 3, 8190), 2);
	setrlimit(RLIMIT_FSIZE, &old);
	close(fd);
}

static void seeking(int fd)
{
	off_t page = 4096;

	OK(ftruncate(fd, 0));
	OK(ftruncate(fd, 40 * page));
	IS(pwrite(fd, "x", 1, 10 * page + 5), 1);
	IS(pwrite(fd, "x", 1, 20 * page), 1);
	IS(lseek(fd, 0, SEEK_DATA), 10 * page);
	IS(lseek(fd, 10 * page + 7, SEEK_DATA), 10 * page + 7);
	IS(lseek(fd, 0, SEEK_HOLE), 0);
	IS(lseek(fd, 10 * page, SEEK_HOLE), 11 * page);
	IS(lseek(fd, 11 * page, SEEK_DATA), 20 * page);
	FAILS(ENXIO, lseek(fd, 21 * page, SEEK_DATA));
	IS(lseek(fd, 39 * page, SEEK_HOLE), 39 * page);
	FAILS(ENXIO, lseek(fd, 40 * page, SEEK_HOLE));
	FAILS(ENXIO, lseek(fd, 40 * page, SEEK_DATA));
	FAILS(ENXIO, lseek(fd, -1, SEEK_DATA));
	OK(ftruncate(fd, 20 * page + 100));
	IS(lseek(fd, 20 * page, SEEK_HOLE), 20 * page + 100);
}

static int answers(int ret)
{
	return ret && errno != EOPNOTSUPP ? -1 : 0;
}

static void punching(int fd)
{
	int punch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

	TRUE(same(fd, 0, 100));
	OK(fallocate(fd, punch, 100, 10000));
	TRUE(same(fd, 0, 100) && zeroes(fd, 100, 10100) && same(fd, 10100, 12000));
	OK(fallocate(fd, punch, 20000, 50));
	TRUE(same(fd, 19900, 20000) && zeroes(fd, 20000, 20050) && same(fd, 20050, 20100));
	OK(fallocate(fd, punch, BIG_SIZE - 50, 100000));
	IS(st("big").st_size, BIG_SIZE);
	TRUE(zeroes(fd, BIG_SIZE - 50, BIG_SIZE));
	OK(fallocate(fd, punch, 0, BIG_SIZE));
	TRUE(zeroes(fd, 0, BIG_SIZE));
	FAILS(EOPNOTSUPP, fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 100));
}

void topic_space(void)
{
	int fd = (int)OK(open("big", O_RDWR | O_CLOEXEC));
	struct statvfs before, after;

	punching(fd);
	seeking(fd);
	OK(ftruncate(fd, 0));
	OK(statvfs(".", &before));
	OK(fallocate(fd, 0, 0, 100000));
	IS(st("big").st_size, 100000);
	IS(st("big").st_blocks, 25 * 8);
	TRUE(zeroes(fd, 0, 100000));
	OK(statvfs(".", &after));
	IS(before.f_bfree - after.f_bfree, 25);
	OK(fallocate(fd, FALLOC_FL_KEEP_SIZE, 100000, 100000));
	IS(st("big").st_size, 100000);
	FAILS(EINVAL, fallocate(fd, 0, 0, 0));
	FAILS(EINVAL, fallocate(fd, 0, -1, 10));
	FAILS(ENOSPC, fallocate(fd, 0, 0, 1LL << 40));
	IS(st("big").st_size, 100000);
	OK(posix_fallocate(fd, 0, 200000));
	/* An answer, or a clear no. */
	OK(answers(fallocate(fd, FALLOC_FL_ZERO_RANGE, 4000, 10000)));
	OK(answers(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 4096, 4096)));
	OK(answers(fallocate(fd, FALLOC_FL_INSERT_RANGE, 4096, 4096)));
	OK(answers(fallocate(fd, FALLOC_FL_UNSHARE_RANGE, 0, 4096)));
	close(fd);
	fd = (int)OK(open("file", O_RDONLY | O_CLOEXEC));
	FAILS(EBADF, fallocate(fd, 0, 0, 100));
	close(fd);
	fd = (int)OK(open("dir", O_RDONLY | O_CLOEXEC));
	FAILS(EBADF, fallocate(fd, 0, 0, 100));
	close(fd);
	fd = (int)OK(open("fifo", O_RDWR | O_CLOEXEC));
	FAILS(ESPIPE, fallocate(fd, 0, 0, 100));
	close(fd);
	IS(before.f_bsize, 4096);
	IS(before.f_namemax, 255);
	TRUE(before.f_blocks >= before.f_bfree && before.f_bfree >= before.f_bavail);
	TRUE(before.f_files >= before.f_ffree);
	/* A file gives its inode back when it goes. */
	OK(make("inode", 0644));
	OK(statvfs(".", &after));
	OK(unlink("inode"));
	OK(statvfs(".", &before));
	IS(before.f_ffree - after.f_ffree, 1);
	OK(put("open/page", "x"));
	OK(statvfs(".", &after));
	OK(unlink("open/page"));
	OK(statvfs(".", &before));
	IS(before.f_bfree - after.f_bfree, 1);
}
