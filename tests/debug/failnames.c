// SPDX-License-Identifier: Apache-2.0
/* failnth's operations on names: what each needs, does, and must have done. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "failnth.h"

#define SHORT "a"
#define LONG                                                                                      \
	"/a/target/that/is/longer/than/what/a/short/link/may/have/so/that/it/is/charged/one/page" \
	"/of/its/ramdisk/and/kept/in/memory/of/its/own/until/the/link/is/removed/again/from/there"
/* The rest of a name this long is charged as well. */
#define LONG_NAME                                                                               \
	"/a-name-that-is-longer-than-what-an-inode-pays-for-so-that-the-rest-of-it-is-a-record" \
	"-of-the-ramdisk-that-holds-it"

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

static int name_fd(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return sys(linkat(AT_FDCWD, path, AT_FDCWD, MNT "/new", AT_SYMLINK_FOLLOW));
}

static int write_and_name(int fd)
{
	return write_text(fd) ?: name_fd(fd);
}

static int rename_with(const char *from, const char *to, unsigned int flags)
{
	return sys(renameat2(AT_FDCWD, from, AT_FDCWD, to, flags));
}

/* What RENAME_WHITEOUT leaves. */
static int is_node(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return -errno;
	return S_ISCHR(st.st_mode) && st.st_rdev == makedev(0, 0) ? 0 : -EBADMSG;
}

/* clang-format off */
RUN(create, with_fd(MNT "/new", O_CREAT | O_EXCL | O_WRONLY, NULL))
RUN(create_long, with_fd(MNT LONG_NAME, O_CREAT | O_EXCL | O_WRONLY, NULL))
RUN(mkdir_long, sys(mkdir(MNT LONG_NAME, 0700)))
RUN(mknod, sys(mknod(MNT "/new", S_IFIFO | 0600, 0)))
RUN(tmpfile, with_fd(MNT, O_TMPFILE | O_RDWR, write_text))
RUN(tmpfile_link, with_fd(MNT, O_TMPFILE | O_RDWR, write_and_name))
RUN(symlink, sys(symlink(SHORT, MNT "/new")))
RUN(symlink_long, sys(symlink(LONG, MNT "/new")))
RUN(link, sys(link(MNT "/file", MNT "/new")))
RUN(link_long, sys(link(MNT "/file", MNT LONG_NAME)))
RUN(link_branch, sys(link(MNT "/etc/b", MNT "/new")))
RUN(rename, rename_with(MNT "/file", MNT "/new", RENAME_NOREPLACE))
RUN(rename_long, sys(rename(MNT "/file", MNT LONG_NAME)))
RUN(rename_over, sys(rename(MNT "/file", MNT "/other")))
RUN(rename_dir, sys(rename(MNT "/made", MNT "/new")))
RUN(rename_branch, sys(rename(MNT "/etc/a", MNT "/new")))
RUN(rename_branch_over, sys(rename(MNT "/etc/a", MNT "/dir/x")))
RUN(rename_to_ramdisk, sys(rename(MNT "/big", MNT "/rd/big")))
RUN(whiteout, rename_with(MNT "/file", MNT "/new", RENAME_WHITEOUT))
RUN(whiteout_branch, rename_with(MNT "/etc/a", MNT "/new", RENAME_WHITEOUT))
RUN(whiteout_over, rename_with(MNT "/etc/a", MNT "/dir/x", RENAME_WHITEOUT))
RUN(exchange, rename_with(MNT "/file", MNT "/other", RENAME_EXCHANGE))
RUN(exchange_dir, rename_with(MNT "/file", MNT "/made", RENAME_EXCHANGE))
RUN(exchange_branch, rename_with(MNT "/etc/a", MNT "/dir/x", RENAME_EXCHANGE))
RUN(unlink, sys(unlink(MNT "/file")))
RUN(unlink_tardisk, sys(unlink(MNT "/etc/a")))
RUN(unlink_branch, sys(unlink(MNT "/big")))
RUN(rmdir, sys(rmdir(MNT "/made")))
RUN(rmdir_tardisk, sys(rmdir(MNT "/dir")))
RUN(mkdir_again, sys(mkdir(MNT "/dir", 0750)))
RUN(lookup, exists(MNT "/dir/x"))
RUN(lookup_missing, exists(MNT "/dir/y") == -ENOENT ? 0 : -errno)
RUN(readlink, readlink(MNT "/etc/link", buffer, sizeof(buffer)) == 1 ? 0 : -errno)

static int prepare_rmdir(void)
{
	return sys(unlink(MNT "/dir/x"));
}

static int prepare_mkdir_again(void)
{
	return prepare_rmdir() ?: run_rmdir_tardisk();
}

static int make_file_and_dir(void)
{
	return make_file() ?: make_dir();
}

static int make_changed_dir(void)
{
	return make_dir() ?: sys(chmod(MNT "/made", 0700));
}

CHECK(new, exists(MNT "/new"))
CHECK(made, exists(MNT "/made"))
CHECK(long, exists(MNT LONG_NAME))
CHECK(new_file, starts(MNT "/new", TEXT))
CHECK(new_a, starts(MNT "/new", "one"))
CHECK(new_b, starts(MNT "/new", "one") ?: starts(MNT "/etc/b-too", "one"))
CHECK(new_other, starts(MNT "/other", TEXT))
CHECK(new_x, starts(MNT "/dir/x", "one"))
CHECK(node, is_node(MNT "/file") ?: starts(MNT "/new", TEXT))
CHECK(node_a, is_node(MNT "/etc/a") ?: starts(MNT "/new", "one"))
CHECK(node_over, is_node(MNT "/etc/a") ?: starts(MNT "/dir/x", "one"))
CHECK(swapped_x, starts(MNT "/dir/x", "one") ?: starts(MNT "/etc/a", "x"))
CHECK(swapped_dir, starts(MNT "/made", TEXT) ?: sys(rmdir(MNT "/file")))
CHECK(file, starts(MNT "/file", TEXT))
CHECK(no_big, exists(MNT "/big") == -ENOENT ? 0 : -EBADMSG)
CHECK(empty_again, sys(rmdir(MNT "/dir")))

const struct op name_ops[] = {
	{ "create", NULL, run_create, check_new, 0 },
	{ "create-long", NULL, run_create_long, check_long, 0 },
	{ "mkdir", NULL, make_dir, check_made, 0 },
	{ "mkdir-long", NULL, run_mkdir_long, check_long, 0 },
	{ "mkdir-again", prepare_mkdir_again, run_mkdir_again, check_empty_again, 0 },
	{ "mknod", NULL, run_mknod, check_new, 0 },
	{ "tmpfile", NULL, run_tmpfile, NULL, 0 },
	{ "tmpfile-link", NULL, run_tmpfile_link, check_new_file, 0 },
	{ "symlink", NULL, run_symlink, check_new, 0 },
	{ "symlink-long", NULL, run_symlink_long, check_new, 0 },
	{ "link", make_file, run_link, check_new_file, 0 },
	{ "link-long", make_file, run_link_long, check_long, 0 },
	{ "link-branch", NULL, run_link_branch, check_new_b, GROWS },
	{ "rename", make_file, run_rename, check_new_file, 0 },
	{ "rename-long", make_file, run_rename_long, check_long, 0 },
	{ "rename-over", make_two, run_rename_over, check_new_other, 0 },
	{ "rename-dir", make_changed_dir, run_rename_dir, check_new, 0 },
	{ "rename-branch", NULL, run_rename_branch, check_new_a, GROWS },
	{ "rename-branch-over", NULL, run_rename_branch_over, check_new_x, GROWS },
	{ "rename-to-ramdisk", make_ramdisk, run_rename_to_ramdisk, check_no_big, GROWS },
	{ "whiteout", make_file, run_whiteout, check_node, 0 },
	{ "whiteout-branch", NULL, run_whiteout_branch, check_node_a, GROWS },
	{ "whiteout-over", NULL, run_whiteout_over, check_node_over, GROWS },
	{ "exchange", make_two, run_exchange, check_file, 0 },
	{ "exchange-dir", make_file_and_dir, run_exchange_dir, check_swapped_dir, 0 },
	{ "exchange-branch", NULL, run_exchange_branch, check_swapped_x, GROWS },
	{ "unlink", make_file, run_unlink, NULL, 0 },
	{ "unlink-tardisk", NULL, run_unlink_tardisk, NULL, 0 },
	{ "unlink-branch", change_big, run_unlink_branch, check_no_big, 0 },
	{ "rmdir", make_dir, run_rmdir, NULL, 0 },
	{ "rmdir-tardisk", prepare_rmdir, run_rmdir_tardisk, NULL, 0 },
	{ "lookup", NULL, run_lookup, NULL, UNCACHED },
	{ "lookup-missing", NULL, run_lookup_missing, NULL, UNCACHED },
	{ "readdir", NULL, list_dir, NULL, UNCACHED },
	{ "readlink", NULL, run_readlink, NULL, UNCACHED },
	{ NULL },
};
