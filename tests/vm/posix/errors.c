// SPDX-License-Identifier: Apache-2.0
/*
 * What every call says to a bad path. One table of calls, one of paths: each
 * call is made with each path, as the first and where it has two as the
 * second argument.
 */
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#include "posix.h"

/* What a call does with the last name of its path. */
#define FOLLOWS 1 /* the target of a symbolic link */
#define MAKES 2	  /* it must not be there */
#define DIR_OP 4  /* wants a directory */
#define RENAMES 8 /* the second path of two */

static const char *path;

static long do_open(void)
{
	return open_close(path, O_RDONLY);
}
static long do_open_write(void)
{
	return open_close(path, O_WRONLY);
}
static long do_create(void)
{
	return open_close(path, O_CREAT | O_EXCL | O_WRONLY);
}
static long do_opendir(void)
{
	return open_close(path, O_RDONLY | O_DIRECTORY);
}
static long do_mkdir(void)
{
	return mkdir(path, 0755);
}
static long do_rmdir(void)
{
	return rmdir(path);
}
static long do_mkfifo(void)
{
	return mkfifo(path, 0644);
}
static long do_mknod(void)
{
	return mknod(path, S_IFREG | 0644, 0);
}
static long do_symlink(void)
{
	return symlink("target", path);
}
static long do_link_from(void)
{
	return link(path, "from-link");
}
static long do_link_to(void)
{
	return link("file", path);
}
static long do_rename_from(void)
{
	return rename(path, "from-rename");
}
static long do_rename_to(void)
{
	return rename("empty", path);
}
static long do_unlink(void)
{
	return unlink(path);
}
static long do_stat(void)
{
	struct stat s;

	return stat(path, &s);
}
static long do_lstat(void)
{
	struct stat s;

	return lstat(path, &s);
}
static long do_statfs(void)
{
	struct statfs s;

	return statfs(path, &s);
}
static long do_access(void)
{
	return faccessat(AT_FDCWD, path, F_OK, AT_EACCESS);
}
static long do_chmod(void)
{
	return chmod(path, 0644);
}
static long do_chown(void)
{
	return chown(path, 0, 0);
}
static long do_lchown(void)
{
	return lchown(path, 0, 0);
}
static long do_truncate(void)
{
	return truncate(path, 5);
}
static long do_utime(void)
{
	return utime(path, NULL);
}
static long do_utimens(void)
{
	return utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW);
}
static long do_readlink(void)
{
	char buf[16];

	return readlink(path, buf, sizeof(buf));
}
static long do_chdir(void)
{
	return chdir(path);
}
static long do_getxattr(void)
{
	return getxattr(path, "user.none", NULL, 0);
}
static long do_setxattr(void)
{
	return setxattr(path, "user.x", "1", 1, 0);
}
static long do_listxattr(void)
{
	return listxattr(path, NULL, 0);
}

static const struct {
	const char *name;
	long (*run)(void);
	int flags;
} calls[] = {
	{ "open", do_open, FOLLOWS },
	{ "open to write", do_open_write, FOLLOWS },
	{ "create", do_create, MAKES },
	{ "open a directory", do_opendir, FOLLOWS | DIR_OP },
	{ "mkdir", do_mkdir, MAKES | DIR_OP },
	{ "rmdir", do_rmdir, DIR_OP },
	{ "mkfifo", do_mkfifo, MAKES },
	{ "mknod", do_mknod, MAKES },
	{ "symlink", do_symlink, MAKES },
	{ "link from", do_link_from, 0 },
	{ "link to", do_link_to, MAKES },
	{ "rename from", do_rename_from, 0 },
	{ "rename to", do_rename_to, MAKES | RENAMES },
	{ "unlink", do_unlink, 0 },
	{ "stat", do_stat, FOLLOWS },
	{ "lstat", do_lstat, 0 },
	{ "statfs", do_statfs, FOLLOWS },
	{ "access", do_access, FOLLOWS },
	{ "chmod", do_chmod, FOLLOWS },
	{ "chown", do_chown, FOLLOWS },
	{ "lchown", do_lchown, 0 },
	{ "truncate", do_truncate, FOLLOWS },
	{ "utime", do_utime, FOLLOWS },
	{ "utimensat", do_utimens, 0 },
	{ "readlink", do_readlink, 0 },
	{ "chdir", do_chdir, FOLLOWS | DIR_OP },
	{ "getxattr", do_getxattr, FOLLOWS },
	{ "setxattr", do_setxattr, FOLLOWS },
	{ "listxattr", do_listxattr, FOLLOWS },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

static void all_fail(const char *p, int error, int skip)
{
	char what[64];

	path = p;
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].flags & skip)
			continue;
		snprintf(what, sizeof(what), "%s %.30s", calls[i].name, error == EFAULT ? "?" : p);
		check_fails(__FILE__, __LINE__, what, calls[i].run(), error);
	}
}

/* Those that make a name say it is there. */
static void makers_fail(const char *p)
{
	char what[64];

	path = p;
	for (size_t i = 0; i < CALLS; i++) {
		if (!(calls[i].flags & MAKES) || calls[i].flags & RENAMES)
			continue;
		snprintf(what, sizeof(what), "%s %.30s", calls[i].name, p);
		check_fails(__FILE__, __LINE__, what, calls[i].run(), EEXIST);
	}
}

static void long_names(void)
{
	static char long_path[PATH_MAX + 10];
	char name[300];

	snprintf(name, sizeof(name), "%s", long_name(256));
	all_fail(name, ENAMETOOLONG, 0);
	snprintf(name, sizeof(name), "%s/x", long_name(256));
	all_fail(name, ENAMETOOLONG, 0);
	/* PATH_MAX counts the NUL: 4095 bytes are a path, 4096 are not. */
	memset(long_path, 0, sizeof(long_path));
	for (size_t i = 0; i < PATH_MAX; i++)
		long_path[i] = i % 2 ? '/' : '.';
	all_fail(long_path, ENAMETOOLONG, 0);
	memcpy(long_path + PATH_MAX - 1 - 6, "//file", 7);
	IS(strlen(long_path), PATH_MAX - 1);
	OK(open_close(long_path, O_RDONLY));
	OK(make(long_name(255), 0644));
	OK(rename(long_name(255), "short"));
	OK(rename("short", long_name(255)));
	OK(unlink(long_name(255)));
	OK(mkdir(long_name(255), 0755));
	OK(rmdir(long_name(255)));
	OK(symlink("x", long_name(255)));
	OK(unlink(long_name(255)));
}

void topic_errors(void)
{
	all_fail("", ENOENT, 0);
	all_fail("none/x", ENOENT, 0);
	all_fail("none", ENOENT, MAKES);
	all_fail("file/x", ENOTDIR, 0);
	all_fail("file/", ENOTDIR, MAKES);
	all_fail("fifo/x", ENOTDIR, 0);
	all_fail("sym/x", ENOTDIR, 0);
	all_fail("null/x", ENOTDIR, 0);
	all_fail("loop/x", ELOOP, 0);
	all_fail("dangling/x", ENOENT, 0);
	all_fail((const char *)1, EFAULT, 0);
	makers_fail("file");
	makers_fail("dir");
	makers_fail("sym");
	makers_fail("dangling");
	makers_fail("loop");
	makers_fail("fifo");
	makers_fail(".");
	makers_fail("..");
	makers_fail("dir/.");
	long_names();
	path = "loop";
	for (size_t i = 0; i < CALLS; i++)
		if (calls[i].flags & FOLLOWS)
			check_fails(__FILE__, __LINE__, calls[i].name, calls[i].run(), ELOOP);
	become(USER, USER);
	all_fail("private/x", EACCES, 0);
	all_fail("private/none", EACCES, 0);
	root();
	IS(exists("from-link") || exists("from-rename"), 0);
}
