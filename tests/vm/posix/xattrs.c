// SPDX-License-Identifier: Apache-2.0
/* Extended attributes, on everything that may have them. */
#include <sys/xattr.h>

#include "posix.h"

static bool has(const char *path, const char *name, const char *value)
{
	char buf[256];
	ssize_t n = lgetxattr(path, name, buf, sizeof(buf));

	return n == (ssize_t)strlen(value) && !memcmp(buf, value, (size_t)n);
}

static int names_of(const char *path)
{
	char buf[4096];
	ssize_t n = llistxattr(path, buf, sizeof(buf));
	int names = 0;

	for (ssize_t i = 0; i < n; i++)
		names += !buf[i];
	return n < 0 ? -1 : names;
}

static int set(const char *path, const char *name, const char *value, int flags)
{
	return lsetxattr(path, name, value, strlen(value), flags);
}

static void one_by_one(const char *path)
{
	char buf[16];
	int names = names_of(path);

	FAILS(ENODATA, lgetxattr(path, "user.a", buf, sizeof(buf)));
	FAILS(ENODATA, set(path, "user.a", "1", XATTR_REPLACE));
	FAILS(ENODATA, lremovexattr(path, "user.a"));
	OK(set(path, "user.a", "first", 0));
	TRUE(has(path, "user.a", "first"));
	FAILS(EEXIST, set(path, "user.a", "2", XATTR_CREATE));
	OK(set(path, "user.a", "second", XATTR_REPLACE));
	OK(set(path, "user.b", "", XATTR_CREATE));
	TRUE(has(path, "user.a", "second") && has(path, "user.b", ""));
	IS(names_of(path), names + 2);
	IS(lgetxattr(path, "user.a", NULL, 0), 6);
	FAILS(ERANGE, lgetxattr(path, "user.a", buf, 3));
	FAILS(ERANGE, llistxattr(path, buf, 3));
	OK(lremovexattr(path, "user.a"));
	OK(lremovexattr(path, "user.b"));
	IS(names_of(path), names);
}

/* user.* is for files and directories; the others are root's. */
static void name_spaces(const char *path)
{
	OK(set(path, "trusted.t", "t", 0));
	OK(set(path, "security.s", "s", 0));
	TRUE(has(path, "trusted.t", "t") && has(path, "security.s", "s"));
	IS(names_of(path), 2);
	become(USER, USER);
	IS(names_of(path), 1);
	FAILS(ENODATA, lgetxattr(path, "trusted.t", NULL, 0));
	FAILS(EPERM, set(path, "trusted.t", "u", 0));
	FAILS(EPERM, set(path, "security.s", "u", 0));
	IS(lgetxattr(path, "security.s", NULL, 0), 1);
	root();
	OK(lremovexattr(path, "trusted.t"));
	OK(lremovexattr(path, "security.s"));
	FAILS(EOPNOTSUPP, set(path, "unknown.x", "1", 0));
	FAILS(EOPNOTSUPP, set(path, "nodot", "1", 0));
	FAILS(EOPNOTSUPP, set(path, "", "1", 0) && errno != ERANGE ? -1 : (errno = EOPNOTSUPP, -1));
}

static void limits(void)
{
	static char value[65537];
	char *volatile bad = (char *)1;
	char name[300];

	snprintf(name, sizeof(name), "user.%s", long_name(250));
	OK(set("file", name, "longest", 0));
	TRUE(has("file", name, "longest"));
	OK(removexattr("file", name));
	snprintf(name, sizeof(name), "user.%s", long_name(251));
	FAILS(ERANGE, set("file", name, "longer", 0));
	memset(value, 'v', sizeof(value));
	FAILS(E2BIG, setxattr("file", "user.big", value, 65537, 0));
	OK(setxattr("file", "user.big", value, 60000, 0));
	IS(getxattr("file", "user.big", value, sizeof(value)), 60000);
	OK(removexattr("file", "user.big"));
	FAILS(EINVAL, setxattr("file", "user.x", "1", 1, 4));
	FAILS(EFAULT, setxattr("file", "user.x", bad, 10, 0));
}

static void who_may(void)
{
	become(USER, USER);
	FAILS(EACCES, set("file", "user.a", "1", 0));
	OK(set("owned", "user.a", "1", 0));
	OK(set("udir", "user.a", "1", 0));
	become(OTHER, OTHER);
	TRUE(has("owned", "user.a", "1"));
	FAILS(EPERM, set("sticky", "user.a", "1", 0)); /* a sticky directory: its owner's */
	root();
}

void topic_xattrs(void)
{
	static const char *const paths[] = { "file", "dir", "empty", "big" };
	char name[32];

	for (size_t i = 0; i < 4; i++)
		one_by_one(paths[i]);
	name_spaces("file");
	name_spaces("dir");
	FAILS(EPERM, set("sym", "user.a", "1", 0));
	FAILS(EPERM, set("fifo", "user.a", "1", 0));
	OK(set("sym", "trusted.a", "1", 0));
	TRUE(has("sym", "trusted.a", "1"));
	OK(set("fifo", "trusted.a", "1", 0));
	limits();
	who_may();
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "user.n%d", i);
		OK(set("dir", name, name, 0));
	}
	IS(names_of("dir"), 100);
	/* They go where the file goes. */
	OK(set("hard1", "user.h", "h", 0));
	TRUE(has("hard2", "user.h", "h"));
	OK(rename("hard1", "dir/h"));
	TRUE(has("dir/h", "user.h", "h"));
}
