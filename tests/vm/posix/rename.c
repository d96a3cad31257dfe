// SPDX-License-Identifier: Apache-2.0
/* Renaming: all kinds of things over all kinds of things, and the flags. */
#include <linux/fs.h>
#include <sys/sysmacros.h>

#include "posix.h"

static int rename_flags(const char *from, const char *to, unsigned int flags)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void over_each_other(void)
{
	ino_t ino = st("file").st_ino;

	OK(rename("file", "moved"));
	IS(st("moved").st_ino == ino, 1);
	IS(exists("file"), 0);
	OK(rename("moved", "dir/a"));
	IS(st("dir/a").st_ino == ino, 1);
	OK(rename("dir/a", "file"));
	FAILS(ENOENT, rename("dir/a", "x"));
	FAILS(EISDIR, rename("file", "dir"));
	FAILS(ENOTDIR, rename("dir", "file"));
	FAILS(EINVAL, rename("dir", "dir/sub/x"));
	FAILS(EBUSY, rename(".", "x"));
	FAILS(EBUSY, rename("dir/..", "x"));
	FAILS(EBUSY, rename("dir/sub", "dir/."));
	FAILS(EBUSY, rename("void", "."));
	OK(rename("sym", "empty")); /* the link itself */
	IS(S_ISLNK(st("empty").st_mode), 1);
	OK(rename("fifo", "sym"));
	IS(S_ISFIFO(st("sym").st_mode), 1);
	OK(rename("dangling", "null"));
	IS(S_ISLNK(st("null").st_mode), 1);
	FAILS(EXDEV, rename("file", "/proc/x"));
}

static void directories(void)
{
	OK(mkdir("one", 0755));
	OK(mkdir("two", 0755));
	OK(mkdir("one/below", 0755));
	OK(make("one/below/f", 0644));
	nlink_t links = st(".").st_nlink;

	OK(rename("one/below", "two/below"));
	IS(st("one").st_nlink, 2);
	IS(st("two").st_nlink, 3);
	TRUE(exists("two/below/f"));
	TRUE(st("two/below/..").st_ino == st("two").st_ino);
	FAILS(ENOTEMPTY, rename("one", "two"));
	OK(rename("two/below", "one"));
	TRUE(exists("one/f"));
	IS(st("two").st_nlink, 2);
	OK(rename("one", "two"));
	TRUE(exists("two/f"));
	IS(st(".").st_nlink, links - 1);
	OK(rename("two", "void"));
	TRUE(exists("void/f"));
	/* A directory that a tardisk has a part in stays where it is. */
	if (from_tardisk)
		FAILS(EXDEV, rename("dir", "other"));
	else
		OK(rename("dir", "other"));
}

static void flags(void)
{
	ino_t a, b;

	OK(put("x", "x"));
	OK(put("y", "y"));
	OK(mkdir("d", 0755));
	OK(mkdir("d/below", 0755));
	FAILS(EEXIST, rename_flags("x", "y", RENAME_NOREPLACE));
	FAILS(EEXIST, rename_flags("d", "x", RENAME_NOREPLACE));
	OK(rename_flags("x", "x2", RENAME_NOREPLACE));
	OK(rename_flags("x2", "x", RENAME_NOREPLACE));
	FAILS(ENOENT, rename_flags("x", "none", RENAME_EXCHANGE));
	FAILS(EINVAL, rename_flags("x", "y", RENAME_EXCHANGE | RENAME_NOREPLACE));
	FAILS(EINVAL, rename_flags("x", "y", RENAME_EXCHANGE | RENAME_WHITEOUT));
	FAILS(EINVAL, rename_flags("x", "y", 1u << 20));
	a = st("x").st_ino;
	b = st("y").st_ino;
	OK(rename_flags("x", "y", RENAME_EXCHANGE));
	TRUE(holds("x", "y") && holds("y", "x"));
	TRUE(st("x").st_ino == b && st("y").st_ino == a);
	nlink_t links = st(".").st_nlink;

	OK(rename_flags("x", "d/below", RENAME_EXCHANGE)); /* a file and a directory */
	TRUE(holds("d/below", "y"));
	IS(S_ISDIR(st("x").st_mode), 1);
	IS(st("d").st_nlink, 2);
	IS(st(".").st_nlink, links + 1);
	FAILS(EINVAL, rename_flags("d", "d/below", RENAME_EXCHANGE));
	OK(rename_flags("hard1", "big", RENAME_EXCHANGE));
	IS(st("hard1").st_size, 1);
	IS(st("big").st_nlink, 2);
	OK(rename_flags("hard1", "big", RENAME_EXCHANGE));
	/* A character device 0,0 stays where the file was. */
	OK(rename_flags("y", "z", RENAME_WHITEOUT));
	TRUE(holds("z", "x"));
	IS(st("y").st_mode, S_IFCHR);
	IS(st("y").st_rdev, 0);
	OK(rename_flags("hard1", "z", RENAME_WHITEOUT));
	IS(st("hard1").st_mode, S_IFCHR);
	IS(st("z").st_nlink, 2);
	OK(unlink("y"));
	OK(unlink("hard1"));
	IS(exists("hard1"), 0);
	OK(make("hard1", 0600));
	become(USER, USER);
	OK(put("open/f", "f"));
	OK(rename_flags("open/f", "open/g", RENAME_WHITEOUT)); /* that node anybody may make */
	root();
}

/* Open files and lists of names across a rename. */
static void while_open(void)
{
	int fd = open("big", O_RDONLY | O_CLOEXEC);
	unsigned char byte;
	struct stat s;

	OK(put("z2", "z"));
	OK(rename("z2", "big"));
	OK(fstat(fd, &s));
	IS(s.st_nlink, 0);
	IS(s.st_size, BIG_SIZE);
	IS(pread(fd, &byte, 1, BIG_SIZE - 1), 1);
	IS(byte, pattern(BIG_SIZE - 1));
	close(fd);
	TRUE(holds("big", "z"));
	/* Times of the directories, and of what was moved. */
	OK(make("t", 0644));
	TIMES2("dir", M_TIME | C_TIME, "void", M_TIME | C_TIME,
	       make("dir/t", 0644) ?: rename("dir/t", "void/t") ?: unlink("void/t"));
	TIMES("t", C_TIME, rename("t", "t2") ?: rename("t2", "t"));
}

void topic_rename(void)
{
	over_each_other();
	while_open();
	flags();
	directories();
}
