// SPDX-License-Identifier: Apache-2.0
/* The operations of failnth: what each needs, does, and must have done. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "failnth.h"
#include "visorfs/uapi/visorfs.h"

#define MIB (1024 * 1024)
#define PLACE 100001 /* inside of a large folio of big, not at the border of a page */
#define TEXT "0123456789"
#define SHORT "a"
#define LONG                                                                                      \
	"/a/target/that/is/longer/than/what/a/short/link/may/have/so/that/it/is/charged/one/page" \
	"/of/its/ramdisk/and/kept/in/memory/of/its/own/until/the/link/is/removed/again/from/there"

static char buffer[MIB];

static int with_fd(const char *path, int flags, int (*use)(int fd))
{
	int fd = open(path, flags | O_CLOEXEC, 0644);
	int ret;

	if (fd < 0)
		return -errno;
	ret = use ? use(fd) : 0;
	close(fd);
	return ret;
}

static int write_at(int fd, size_t len, off_t at)
{
	ssize_t n = pwrite(fd, buffer, len, at);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENOMEM; /* a short write says why when it is continued */
}

static int write_text(int fd)
{
	memcpy(buffer, TEXT, sizeof(TEXT));
	return write_at(fd, sizeof(TEXT), 0);
}

static int write_mib(int fd)
{
	memset(buffer, 'm', sizeof(buffer));
	return write_at(fd, sizeof(buffer), 0);
}

static int write_place(int fd)
{
	memcpy(buffer, TEXT, sizeof(TEXT));
	return write_at(fd, sizeof(TEXT), PLACE);
}

static int poke(int fd)
{
	char *map = mmap(NULL, BIG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		return -errno;
	memcpy(map + PLACE, TEXT, sizeof(TEXT));
	return sys(munmap(map, BIG_SIZE));
}

static int allocate(int fd)
{
	return sys(fallocate(fd, 0, 0, 10 * 4096));
}

static int punch(int fd)
{
	return sys(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PLACE, 50000));
}

/* Whether big is what the tardisk says, up to size, but for TEXT at PLACE if it was written. */
static int big_is(off_t size, int written)
{
	int fd = open(MNT "/big", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;
	char want[BIG_SIZE + 8];

	for (int i = 1; len < BIG_SIZE; i++)
		len += (size_t)sprintf(want + len, "%d\n", i);
	if (written)
		memcpy(want + PLACE, TEXT, sizeof(TEXT));
	n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer));
	if (fd >= 0)
		close(fd);
	return n == size && !memcmp(buffer, want, (size_t)size) ? 0 : -EBADMSG;
}

static int big_pristine(void)
{
	return big_is(BIG_SIZE, 0);
}

static int big_written(void)
{
	return big_is(BIG_SIZE, 1);
}

static int big_cut(void)
{
	return big_is(PLACE, 0);
}

static int starts(const char *path, const char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer));

	if (fd >= 0)
		close(fd);
	return n >= (ssize_t)strlen(text) && !memcmp(buffer, text, strlen(text)) ? 0 : -EBADMSG;
}

static int exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? -errno : 0;
}

static int make_file(void)
{
	return with_fd(MNT "/file", O_CREAT | O_EXCL | O_WRONLY, write_text);
}

static int make_two(void)
{
	return make_file() ?: with_fd(MNT "/other", O_CREAT | O_WRONLY, write_text);
}

static int make_dir(void)
{
	return sys(mkdir(MNT "/made", 0750));
}

static int make_ramdisk_dir(void)
{
	return sys(mkdir(MNT "/rd", 0755));
}

static int add_ramdisk(void)
{
	return ramdisk(VISORFS_IOC_RAMDISK_ADD, MNT "/rd", 2 * MIB);
}

static int make_ramdisk(void)
{
	return make_ramdisk_dir() ?: add_ramdisk();
}

static int resize_ramdisk(void)
{
	return ramdisk(VISORFS_IOC_RAMDISK_RESIZE, MNT, 4 * MIB);
}

static int file_in_ramdisk(void)
{
	return make_ramdisk() ?: with_fd(MNT "/rd/file", O_CREAT | O_WRONLY, write_text);
}

static int change_big(void)
{
	return with_fd(MNT "/big", O_RDWR, write_place);
}

static int change_state(void)
{
	return with_fd(MNT "/etc/state", O_WRONLY, write_text) ?: sys(unlink(MNT "/etc/a"));
}

static int list_state(void)
{
	static struct visorfs_state st;
	int fd = open(MNT, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret, n = 0;

	if (fd < 0)
		return -errno;
	memset(&st, 0, sizeof(st));
	st.size = sizeof(st);
	while (!(ret = sys(ioctl(fd, VISORFS_IOC_STATE_NEXT, &st))))
		n += !strcmp(st.path, "/etc/state");
	close(fd);
	return ret != -ENOENT ? ret : n == 1 ? 0 : -EBADMSG;
}

static int list_dir(void)
{
	DIR *dir = opendir(MNT "/etc");
	int n = 0, err;

	if (!dir)
		return -errno;
	errno = 0;
	while (readdir(dir))
		n++;
	err = errno;
	closedir(dir);
	return err ? -err : n == 7 ? 0 : -EBADMSG;
}

static int read_big(void)
{
	int fd = open(MNT "/big", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buffer, sizeof(buffer));
	close(fd);
	return n < 0 ? -errno : n == BIG_SIZE ? 0 : -ENOMEM;
}

/* clang-format off */
#define RUN(NAME, ...) static int run_##NAME(void) { return __VA_ARGS__; }
#define CHECK(NAME, ...) static int check_##NAME(void) { return __VA_ARGS__; }
/* clang-format on */

RUN(create, with_fd(MNT "/new", O_CREAT | O_EXCL | O_WRONLY, NULL))
RUN(mknod, sys(mknod(MNT "/new", S_IFIFO | 0644, 0)))
RUN(tmpfile, with_fd(MNT, O_TMPFILE | O_RDWR, write_text))
RUN(symlink, sys(symlink(SHORT, MNT "/new")))
RUN(symlink_long, sys(symlink(LONG, MNT "/new")))
RUN(link, sys(link(MNT "/file", MNT "/new")))
RUN(link_branch, sys(link(MNT "/etc/b", MNT "/new")))
RUN(rename, sys(rename(MNT "/file", MNT "/new")))
RUN(rename_over, sys(rename(MNT "/file", MNT "/other")))
RUN(rename_dir, sys(rename(MNT "/made", MNT "/new")))
RUN(rename_branch, sys(rename(MNT "/etc/a", MNT "/new")))
RUN(rename_branch_over, sys(rename(MNT "/etc/a", MNT "/dir/x")))
RUN(rename_to_ramdisk, sys(rename(MNT "/big", MNT "/rd/new")))
RUN(exchange, sys(renameat2(AT_FDCWD, MNT "/file", AT_FDCWD, MNT "/other", RENAME_EXCHANGE)))
RUN(exchange_branch,
    sys(renameat2(AT_FDCWD, MNT "/etc/a", AT_FDCWD, MNT "/dir/x", RENAME_EXCHANGE)))
RUN(unlink, sys(unlink(MNT "/file")))
RUN(unlink_tardisk, sys(unlink(MNT "/etc/a")))
RUN(unlink_branch, sys(unlink(MNT "/big")))
RUN(rmdir, sys(rmdir(MNT "/made")))
RUN(rmdir_tardisk, sys(rmdir(MNT "/dir")))
RUN(mkdir_again, sys(mkdir(MNT "/dir", 0750)))
RUN(open_write, with_fd(MNT "/big", O_RDWR, NULL))
RUN(open_truncate, with_fd(MNT "/big", O_WRONLY | O_TRUNC, NULL))
RUN(write, with_fd(MNT "/file", O_WRONLY, write_text))
RUN(write_branch, with_fd(MNT "/etc/a", O_WRONLY, write_text))
RUN(write_1m, with_fd(MNT "/file", O_WRONLY, write_mib))
RUN(write_mapped, with_fd(MNT "/big", O_RDWR, poke))
RUN(truncate_down, sys(truncate(MNT "/big", PLACE)))
RUN(truncate_up, sys(truncate(MNT "/etc/a", 10 * MIB)))
RUN(fallocate, with_fd(MNT "/file", O_RDWR, allocate))
RUN(punch_hole, with_fd(MNT "/big", O_RDWR, punch))
RUN(setxattr, sys(setxattr(MNT "/file", "user.t", TEXT, sizeof(TEXT), 0)))
RUN(setxattr_branch, sys(setxattr(MNT "/etc/a", "user.t", TEXT, sizeof(TEXT), 0)))
RUN(removexattr, sys(removexattr(MNT "/file", "user.t")))
RUN(chmod_branch, sys(chmod(MNT "/etc/a", 0600)))
RUN(lookup, exists(MNT "/dir/x"))
RUN(readlink, readlink(MNT "/etc/link", buffer, sizeof(buffer)) == 1 ? 0 : -errno)
RUN(attach, do_switch(TWO, NULL, 0))
RUN(detach_keep, do_switch(NULL, ONE, 0))
RUN(detach_discard, do_switch(NULL, ONE, VISORFS_DETACH_DISCARD))
RUN(replace, do_switch(TWO, ONE, VISORFS_DETACH_DISCARD))

static int prepare_rmdir(void)
{
	return sys(unlink(MNT "/dir/x"));
}

static int prepare_mkdir_again(void)
{
	return prepare_rmdir() ?: run_rmdir_tardisk();
}

static int prepare_removexattr(void)
{
	return make_file() ?: run_setxattr();
}

CHECK(new, exists(MNT "/new"))
CHECK(made, exists(MNT "/made"))
CHECK(new_file, starts(MNT "/new", TEXT))
CHECK(new_a, starts(MNT "/new", "one"))
CHECK(new_b, starts(MNT "/new", "one") ?: starts(MNT "/etc/b-too", "one"))
CHECK(new_other, starts(MNT "/other", TEXT))
CHECK(new_x, starts(MNT "/dir/x", "one"))
CHECK(swapped_x, starts(MNT "/dir/x", "one") ?: starts(MNT "/etc/a", "x"))
CHECK(file, starts(MNT "/file", TEXT))
CHECK(file_1m, starts(MNT "/file", "mmmmmmmm"))
CHECK(a, starts(MNT "/etc/a", TEXT))
CHECK(one, starts(MNT "/etc/a", "one"))
CHECK(two, starts(MNT "/etc/a", "two") ?: exists(MNT "/opt/two/file"))
CHECK(only_two, starts(MNT "/etc/a", "two") ?: exists(MNT "/big") == -ENOENT ? 0 : -EBADMSG)
CHECK(gone, exists(MNT "/big") == -ENOENT ? 0 : -EBADMSG)
CHECK(empty_again, rmdir(MNT "/dir"))

const struct op ops[] = {
	{ "create", NULL, run_create, check_new, 0 },
	{ "mkdir", NULL, make_dir, check_made, 0 },
	{ "mkdir-again", prepare_mkdir_again, run_mkdir_again, check_empty_again, 0 },
	{ "mknod", NULL, run_mknod, check_new, 0 },
	{ "tmpfile", NULL, run_tmpfile, NULL, 0 },
	{ "symlink", NULL, run_symlink, check_new, 0 },
	{ "symlink-long", NULL, run_symlink_long, check_new, 0 },
	{ "link", make_file, run_link, check_new_file, 0 },
	{ "link-branch", NULL, run_link_branch, check_new_b, GROWS },
	{ "rename", make_file, run_rename, check_new_file, 0 },
	{ "rename-over", make_two, run_rename_over, check_new_other, 0 },
	{ "rename-dir", make_dir, run_rename_dir, check_new, 0 },
	{ "rename-branch", NULL, run_rename_branch, check_new_a, GROWS },
	{ "rename-branch-over", NULL, run_rename_branch_over, check_new_x, GROWS },
	{ "rename-to-ramdisk", make_ramdisk, run_rename_to_ramdisk, check_gone, GROWS },
	{ "exchange", make_two, run_exchange, check_file, 0 },
	{ "exchange-branch", NULL, run_exchange_branch, check_swapped_x, GROWS },
	{ "unlink", make_file, run_unlink, NULL, 0 },
	{ "unlink-tardisk", NULL, run_unlink_tardisk, NULL, 0 },
	{ "unlink-branch", change_big, run_unlink_branch, check_gone, 0 },
	{ "rmdir", make_dir, run_rmdir, NULL, 0 },
	{ "rmdir-tardisk", prepare_rmdir, run_rmdir_tardisk, NULL, 0 },
	{ "open-write", NULL, run_open_write, big_pristine, GROWS | UNCACHED },
	{ "open-truncate", NULL, run_open_truncate, NULL, GROWS },
	{ "write", make_file, run_write, check_file, PARTIAL | GROWS },
	{ "write-branch", NULL, run_write_branch, check_a, PARTIAL | GROWS },
	{ "write-1m", make_file, run_write_1m, check_file_1m, PARTIAL | GROWS },
	{ "write-large-folio", NULL, change_big, big_written, GROWS },
	{ "write-mapped", NULL, run_write_mapped, big_written, GROWS },
	{ "truncate-down", NULL, run_truncate_down, big_cut, GROWS },
	{ "truncate-down-branch", change_big, run_truncate_down, big_cut, GROWS },
	{ "truncate-up", NULL, run_truncate_up, check_one, GROWS },
	{ "fallocate", make_file, run_fallocate, check_file, GROWS },
	{ "punch-hole", NULL, run_punch_hole, NULL, GROWS },
	{ "setxattr", make_file, run_setxattr, check_file, 0 },
	{ "setxattr-branch", NULL, run_setxattr_branch, check_one, GROWS },
	{ "removexattr", prepare_removexattr, run_removexattr, check_file, 0 },
	{ "chmod-branch", NULL, run_chmod_branch, check_one, GROWS },
	{ "lookup", NULL, run_lookup, NULL, UNCACHED },
	{ "readdir", NULL, list_dir, NULL, UNCACHED },
	{ "readlink", NULL, run_readlink, NULL, UNCACHED },
	{ "read", NULL, read_big, big_pristine, UNCACHED },
	{ "attach", NULL, run_attach, check_two, 0 },
	{ "attach-uncached", NULL, run_attach, check_two, UNCACHED },
	{ "detach-keep", change_big, run_detach_keep, big_written, 0 },
	{ "detach-discard", change_big, run_detach_discard, check_gone, 0 },
	{ "replace", change_big, run_replace, check_only_two, 0 },
	{ "ramdisk-add", make_ramdisk_dir, add_ramdisk, NULL, 0 },
	{ "ramdisk-resize", file_in_ramdisk, resize_ramdisk, NULL, 0 },
	{ "ramdisk-remove", make_ramdisk, drop_ramdisk, NULL, 0 },
	{ "state-next", change_state, list_state, NULL, 0 },
	{ "mount", NULL, mount_it, big_pristine, UNMOUNTED },
};

const size_t op_count = sizeof(ops) / sizeof(ops[0]);
