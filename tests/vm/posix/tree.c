// SPDX-License-Identifier: Apache-2.0
/* The files that every topic finds in its directory. */
#include <dirent.h>
#include <error.h>
#include <sys/sysmacros.h>

#include "posix.h"

/* Contents of "file" and "big": each page differs. */
unsigned char pattern(size_t at)
{
	return (unsigned char)(at * 7 + at / 4096 * 13 + 1);
}

static void write_file(int dir, const char *name, mode_t mode, uid_t uid, size_t size)
{
	static unsigned char buf[BIG_SIZE];
	int fd = openat(dir, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	for (size_t i = 0; i < size; i++)
		buf[i] = pattern(i);
	if (fd < 0 || write(fd, buf, size) != (ssize_t)size || fchown(fd, uid, uid) ||
	    fchmod(fd, mode) || close(fd))
		error(1, errno, "%s", name);
}

static void make_dir(int dir, const char *name, mode_t mode, uid_t uid)
{
	if (mkdirat(dir, name, 0700) || fchownat(dir, name, uid, uid, 0) ||
	    fchmodat(dir, name, mode, 0))
		error(1, errno, "%s", name);
}

static void fill(int dir)
{
	static const struct {
		const char *name;
		mode_t mode;
		uid_t uid;
		size_t size;
	} files[] = {
		{ "file", 0644, 0, FILE_SIZE }, { "owned", 0644, USER, FILE_SIZE },
		{ "empty", 0644, 0, 0 },	{ "big", 0644, 0, BIG_SIZE },
		{ "setid", 06755, USER, 100 },	{ "hard1", 0644, 0, FILE_SIZE },
		{ "dir/a", 0644, 0, 10 },	{ "dir/b", 0600, 0, 20 },
		{ "sticky/u", 0666, USER, 1 },	{ "sticky/o", 0666, OTHER, 1 },
		{ "sticky/r", 0666, 0, 1 },	{ "private/x", 0666, 0, 1 },
	};
	static const struct {
		const char *name;
		mode_t mode;
		uid_t uid;
	} dirs[] = {
		{ "dir", 0755, 0 },	      { "dir/sub", 0755, 0 },	  { "void", 0755, 0 },
		{ "udir", 0755, USER },	      { "open", 0777, 0 },	  { "sticky", 01777, 0 },
		{ "sticky/od", 0777, OTHER }, { "setgid", 02777, OTHER }, { "private", 0700, 0 },
	};

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		make_dir(dir, dirs[i].name, dirs[i].mode, dirs[i].uid);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		write_file(dir, files[i].name, files[i].mode, files[i].uid, files[i].size);
	if (linkat(dir, "hard1", dir, "hard2", 0) || symlinkat("file", dir, "sym") ||
	    symlinkat("nowhere", dir, "dangling") || symlinkat("loop", dir, "loop") ||
	    symlinkat("dir", dir, "dirsym") || mknodat(dir, "fifo", S_IFIFO | 0644, 0) ||
	    mknodat(dir, "null", S_IFCHR | 0666, makedev(1, 3)))
		error(1, errno, "links and nodes");
}

/* "exe" in the topic that needs it: this program. */
static void copy_self(int dir)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = openat(dir, "exe", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);
	char buf[65536];
	ssize_t n;

	while (from >= 0 && to >= 0 && (n = read(from, buf, sizeof(buf))) > 0)
		if (write(to, buf, (size_t)n) != n)
			break;
	if (from < 0 || to < 0 || n || close(to))
		error(1, errno, "exe");
	close(from);
}

void make_tree(const char *path)
{
	int top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	umask(0);
	for (const struct topic *t = topics; top >= 0 && t->name; t++) {
		int dir;

		make_dir(top, t->name, 0755, 0);
		dir = openat(top, t->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			error(1, errno, "%s", t->name);
		fill(dir);
		if (!strcmp(t->name, "exec"))
			copy_self(dir);
		close(dir);
	}
	if (top < 0)
		error(1, errno, "%s", path);
	close(top);
}

/* Writes a byte that was there already, so that the file is a branch afterwards. */
static void change_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_CLOEXEC);
	struct stat s;
	char byte;

	if (fd < 0 || fstat(fd, &s))
		error(1, errno, "%s", name);
	if (pread(fd, &byte, 1, 0) == 1 && pwrite(fd, &byte, 1, 0) != 1)
		error(1, errno, "%s", name);
	if (fchmod(fd, s.st_mode & 07777)) /* what the write took away */
		error(1, errno, "%s", name);
	close(fd);
}

static void change_dir(int dir)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = again < 0 ? NULL : fdopendir(again);
	struct dirent *e;

	if (!d || mkdirat(dir, "changed", 0700) || unlinkat(dir, "changed", AT_REMOVEDIR))
		error(1, errno, "cannot change a directory");
	while ((e = readdir(d))) {
		if (e->d_type == DT_REG) {
			change_file(dir, e->d_name);
		} else if (e->d_type == DT_DIR && e->d_name[0] != '.') {
			int sub = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

			change_dir(sub);
			close(sub);
		}
	}
	closedir(d);
}

void change_tree(const char *path)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		error(1, errno, "%s", path);
	change_dir(dir);
	close(dir);
}
