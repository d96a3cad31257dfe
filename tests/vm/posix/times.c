// SPDX-License-Identifier: Apache-2.0
/* Which time stamps each call marks for update, and setting them. */
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/xattr.h>

#include "posix.h"

#define MC (M_TIME | C_TIME)

static int write_some(const char *path, int flags)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags);
	ssize_t n = fd < 0 ? -1 : write(fd, "x", 1);

	close(fd);
	return n == 1 ? 0 : -1;
}

static int read_some(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buf[10];
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	close(fd);
	return n > 0 ? 0 : -1;
}

static int poke(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	if (map == MAP_FAILED)
		return -1;
	map[0] = 'm';
	if (msync(map, 4096, MS_SYNC))
		return -1;
	return munmap(map, 4096);
}

static int allocate(const char *path, int mode, off_t at, off_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = fallocate(fd, mode, at, len);

	close(fd);
	return ret;
}

static int set_times(const char *path, long atime, long mtime)
{
	struct timespec ts[2] = { { atime, 123456789 }, { mtime, 987654321 } };

	return utimensat(AT_FDCWD, path, ts, AT_SYMLINK_NOFOLLOW);
}

static void contents(void)
{
	TIMES("file", MC, write_some("file", 0));
	TIMES("file", MC, write_some("file", O_APPEND));
	TIMES("file", 0, open_close("file", O_RDWR));
	TIMES("big", MC, truncate("big", 1000));
	TIMES("big", MC, truncate("big", BIG_SIZE));
	TIMES("big", A_TIME | MC, poke("big")); /* mapped pages count as read */
	TIMES("big", MC, open_close("big", O_WRONLY | O_TRUNC));
	TIMES("empty", MC, open_close("empty", O_WRONLY | O_TRUNC));
	TIMES("hard1", MC, allocate("hard1", 0, 0, 2 * FILE_SIZE));
	TIMES("hard1", MC, allocate("hard1", FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 100));
	/* A size that stays is no change for truncate(2), but it is for ftruncate(2). */
	{
		int fd = open("owned", O_RDWR | O_CLOEXEC);

		TIMES("owned", MC, ftruncate(fd, FILE_SIZE));
		TIMES("owned", 0, pwrite(fd, "", 0, 0));
		close(fd);
	}
}

static void reading(void)
{
	/* relatime: a time of reading older than the last change is renewed. */
	OK(set_times("file", 1000, 2000));
	TIMES("file", A_TIME, read_some("file"));
	OK(truncate("empty", 100000)); /* nothing but a hole */
	OK(set_times("empty", 1000, 2000));
	TIMES("empty", A_TIME, read_some("empty"));
	OK(set_times("sym", 1000, 2000));
	TIMES("sym", A_TIME, readlink("sym", (char[16]){ 0 }, 16));
	OK(set_times("dir/a", 1000, 2000));
	{
		int fd = open("dir/a", O_RDONLY | O_NOATIME | O_CLOEXEC);

		TIMES("dir/a", 0, read(fd, (char[4]){ 0 }, 4));
		close(fd);
	}
}

static void attributes(void)
{
	TIMES("file", C_TIME, chmod("file", 0600));
	TIMES("file", C_TIME, chown("file", USER, USER));
	TIMES("file", C_TIME, setxattr("file", "user.x", "1", 1, 0));
	TIMES("file", C_TIME, removexattr("file", "user.x"));
	TIMES("dir", C_TIME, chmod("dir", 0750));
	TIMES("dir", C_TIME, chown("dir", USER, USER));
	TIMES("sym", C_TIME, lchown("sym", USER, USER));
	TIMES("fifo", C_TIME, chmod("fifo", 0600));
	TIMES("file", A_TIME | MC, utimensat(AT_FDCWD, "file", NULL, 0));
}

static void names(void)
{
	TIMES("dir", MC, make("dir/new", 0644));
	TIMES2("dir", MC, "file", C_TIME, link("file", "dir/link"));
	TIMES2("dir", MC, "file", C_TIME, unlink("dir/link"));
	TIMES("dir", MC, mkdir("dir/d", 0755));
	TIMES("dir", MC, rmdir("dir/d"));
	TIMES("dir", MC, symlink("x", "dir/s"));
	TIMES("dir", MC, mkfifo("dir/f", 0644));
	TIMES2("dir", MC, "void", MC, rename("dir/f", "void/f"));
	TIMES("dir", MC, rename("dir/s", "dir/new"));
	TIMES("dir", 0, make("dir/a", 0644) ? 0 : -1);
	TIMES("dir", 0, rmdir("dir/sub/..") ? 0 : -1);
	TIMES("dir", 0, write_some("dir/a", 0));
	/* The last name goes while the file is open. */
	{
		int fd = open("dir/a", O_RDONLY | O_CLOEXEC);
		struct stat a, b;

		OK(fstat(fd, &a));
		tick();
		OK(unlink("dir/a"));
		OK(fstat(fd, &b));
		TRUE(b.st_ctim.tv_sec > a.st_ctim.tv_sec || b.st_ctim.tv_nsec > a.st_ctim.tv_nsec);
		close(fd);
	}
}

static void new_files(void)
{
	struct stat parent, s;

	tick();
	OK(make("open/n", 0644));
	s = st("open/n");
	parent = st("open");
	TRUE(!memcmp(&s.st_mtim, &s.st_ctim, sizeof(s.st_mtim)));
	TRUE(!memcmp(&s.st_mtim, &s.st_atim, sizeof(s.st_mtim)));
	TRUE(parent.st_mtim.tv_sec >= s.st_mtim.tv_sec &&
	     parent.st_mtim.tv_sec < s.st_mtim.tv_sec + 60);
}

static void setting(void)
{
	struct timespec now_keep[2] = { { 0, UTIME_OMIT }, { 0, UTIME_NOW } };
	struct timespec keep[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };
	struct timespec bad[2] = { { 0, 1000000000 }, { 0, 0 } };
	static const long seconds[] = { 0, 1, -1, -1000000000, 2147483648, 4294967296, 8589934591 };
	static const char *const paths[] = { "file", "dir", "sym", "fifo" };

	for (size_t p = 0; p < 4; p++) {
		for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
			OK(set_times(paths[p], seconds[i], seconds[i] + 5));
			IS(st(paths[p]).st_atim.tv_sec, seconds[i]);
			IS(st(paths[p]).st_mtim.tv_sec, seconds[i] + 5);
			IS(st(paths[p]).st_atim.tv_nsec, 123456789);
			IS(st(paths[p]).st_mtim.tv_nsec, 987654321);
		}
		TIMES("file", C_TIME, set_times("file", 100, 100));
	}
	TIMES("file", 0, utimensat(AT_FDCWD, "file", keep, 0));
	OK(utimensat(AT_FDCWD, "file", now_keep, 0));
	IS(st("file").st_atim.tv_sec, 100);
	TRUE(st("file").st_mtim.tv_sec > 100);
	FAILS(EINVAL, utimensat(AT_FDCWD, "file", bad, 0));
	become(USER, USER);
	FAILS(EPERM, set_times("hard2", 1, 1));
	FAILS(EACCES, utimensat(AT_FDCWD, "hard2", NULL, 0));
	OK(set_times("owned", 1, 1));
	OK(utimensat(AT_FDCWD, "owned", NULL, 0));
	OK(utimensat(AT_FDCWD, "sticky/r", NULL, 0)); /* may be written: may be set to now */
	FAILS(EPERM, set_times("sticky/r", 1, 1));
	root();
}

void topic_times(void)
{
	new_files();
	contents();
	attributes();
	reading();
	names();
	setting();
}
