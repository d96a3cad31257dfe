// SPDX-License-Identifier: Apache-2.0
/* failnth's operations on attributes, and by file handles. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "failnth.h"

#define VALUE_MAX 3000 /* more than a slab of small values */

static int set(const char *path)
{
	return sys(setxattr(path, "user.t", TEXT, sizeof(TEXT), 0));
}

static int set_long(const char *path)
{
	memset(buffer, 'v', VALUE_MAX);
	return sys(setxattr(path, "trusted.long", buffer, VALUE_MAX, 0));
}

static int list(const char *path)
{
	ssize_t n = listxattr(path, buffer, 100);

	return n < 0 ? -errno : n == sizeof("user.t") ? 0 : -EBADMSG;
}

static int has(const char *path)
{
	ssize_t n = getxattr(path, "user.t", buffer, 100);

	return n == sizeof(TEXT) && !memcmp(buffer, TEXT, sizeof(TEXT)) ? 0 : -EBADMSG;
}

static int set_flags(int fd)
{
	int flags = FS_NODUMP_FL;

	return sys(ioctl(fd, FS_IOC_SETFLAGS, &flags));
}

static int get_flags(int fd)
{
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags))
		return -errno;
	return flags == FS_NODUMP_FL ? 0 : -EBADMSG;
}

/* By its handle, with nothing cached that would help. */
static int by_handle(const char *path, int flags)
{
	union {
		struct file_handle h;
		char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u = { .h.handle_bytes = MAX_HANDLE_SZ };
	int mount_fd, fd, id, ret = 0;

	if (name_to_handle_at(AT_FDCWD, path, &u.h, &id, 0))
		return -errno;
	mount_fd = open(MNT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount_fd < 0)
		return -errno;
	fd = open_by_handle_at(mount_fd, &u.h, flags | O_CLOEXEC);
	if (fd < 0)
		ret = -errno;
	else
		close(fd);
	close(mount_fd);
	return ret;
}

/* clang-format off */
RUN(setxattr, set(MNT "/file"))
RUN(setxattr_branch, set(MNT "/etc/a"))
RUN(setxattr_long, set_long(MNT "/file"))
RUN(setxattr_made, set(MNT "/made"))
RUN(setxattr_dir, set(MNT "/etc"))
RUN(setxattr_root, set(MNT))
RUN(removexattr, sys(removexattr(MNT "/file", "user.t")))
RUN(removexattr_dir, sys(removexattr(MNT "/etc", "user.t")))
RUN(listxattr, list(MNT "/file"))
RUN(listxattr_dir, list(MNT "/etc"))
RUN(chmod_branch, sys(chmod(MNT "/etc/a", 0600)))
RUN(chmod_dir, sys(chmod(MNT "/etc", 0700)))
RUN(chown_link, sys(lchown(MNT "/etc/link", 1, 1)))
RUN(chattr, with_fd(MNT "/file", O_RDONLY, set_flags))
RUN(chattr_branch, with_fd(MNT "/etc/a", O_RDONLY, set_flags))
RUN(chattr_dir, with_fd(MNT "/etc", O_RDONLY, set_flags))
RUN(handle, by_handle(MNT "/file", O_RDWR))
RUN(handle_tardisk, by_handle(MNT "/dir/x", O_RDONLY))
RUN(handle_link, by_handle(MNT "/etc/b-too", O_RDONLY))
RUN(handle_dir, by_handle(MNT "/etc", O_RDONLY | O_DIRECTORY))

/* Of the root stays what is charged for it: what it had is taken away again. */
static int end_root(void)
{
	return has(MNT) ?: sys(removexattr(MNT, "user.t"));
}

static int file_with_xattr(void)
{
	return make_file() ?: run_setxattr();
}

CHECK(file, starts(MNT "/file", TEXT) ?: has(MNT "/file"))
CHECK(long, getxattr(MNT "/file", "trusted.long", buffer, sizeof(buffer)) == VALUE_MAX
	? 0 : -EBADMSG)
CHECK(removed, getxattr(MNT "/file", "user.t", buffer, 100) < 0 ? 0 : -EBADMSG)
CHECK(removed_dir, getxattr(MNT "/etc", "user.t", buffer, 100) < 0 ? 0 : -EBADMSG)
CHECK(a, starts(MNT "/etc/a", "one") ?: has(MNT "/etc/a"))
CHECK(one, starts(MNT "/etc/a", "one"))
CHECK(made, has(MNT "/made"))
CHECK(dir, has(MNT "/etc"))
CHECK(flags, with_fd(MNT "/file", O_RDONLY, get_flags))
CHECK(flags_a, with_fd(MNT "/etc/a", O_RDONLY, get_flags) ?: check_one())
CHECK(flags_dir, with_fd(MNT "/etc", O_RDONLY, get_flags))

const struct op attr_ops[] = {
	{ "setxattr", make_file, run_setxattr, check_file, 0 },
	{ "setxattr-long", make_file, run_setxattr_long, check_long, 0 },
	{ "setxattr-branch", NULL, run_setxattr_branch, check_a, GROWS },
	{ "setxattr-dir", make_dir, run_setxattr_made, check_made, 0 },
	{ "setxattr-dir-tardisk", NULL, run_setxattr_dir, check_dir, GROWS },
	{ "setxattr-root", NULL, run_setxattr_root, end_root, GROWS | ROOTED },
	{ "removexattr", file_with_xattr, run_removexattr, check_removed, 0 },
	{ "removexattr-dir", run_setxattr_dir, run_removexattr_dir, check_removed_dir, 0 },
	{ "listxattr", file_with_xattr, run_listxattr, NULL, 0 },
	{ "listxattr-dir", run_setxattr_dir, run_listxattr_dir, NULL, UNCACHED },
	{ "chmod-branch", NULL, run_chmod_branch, check_one, GROWS },
	{ "chmod-dir", NULL, run_chmod_dir, check_one, GROWS },
	{ "chown-link", NULL, run_chown_link, NULL, GROWS },
	{ "chattr", make_file, run_chattr, check_flags, 0 },
	{ "chattr-branch", NULL, run_chattr_branch, check_flags_a, GROWS },
	{ "chattr-dir", NULL, run_chattr_dir, check_flags_dir, GROWS },
	{ "handle", make_file, run_handle, NULL, UNCACHED },
	{ "handle-tardisk", NULL, run_handle_tardisk, NULL, UNCACHED },
	{ "handle-link", NULL, run_handle_link, NULL, UNCACHED },
	{ "handle-dir", NULL, run_handle_dir, NULL, UNCACHED },
	{ NULL },
};
