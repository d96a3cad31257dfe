// SPDX-License-Identifier: Apache-2.0
/* Links, directories and nodes: what is counted, and what is refused. */
#include <sys/sysmacros.h>

#include "posix.h"

void topic_links(void)
{
	char buf[PATH_MAX + 2];

	IS(st("hard1").st_nlink, 2);
	IS(st("hard1").st_ino == st("hard2").st_ino, 1);
	OK(link("hard1", "dir/third"));
	IS(st("hard2").st_nlink, 3);
	OK(link("dir/third", "fourth"));
	OK(unlink("hard1"));
	IS(st("fourth").st_nlink, 3);
	IS(st("fourth").st_size, FILE_SIZE);
	OK(put("fourth", "changed"));
	TRUE(holds("hard2", "changed") && holds("dir/third", "changed"));
	OK(chmod("hard2", 0640));
	IS(mode_of("dir/third"), 0640);
	OK(unlink("hard2"));
	OK(unlink("fourth"));
	IS(st("dir/third").st_nlink, 1);
	OK(rename("dir/third", "hard1"));
	OK(link("hard1", "hard2"));
	/* Two names of one file: nothing happens. */
	OK(rename("hard1", "hard2"));
	TRUE(exists("hard1") && exists("hard2"));
	FAILS(EEXIST, link("hard1", "hard2"));
	FAILS(EEXIST, link("hard1", "dir"));
	FAILS(EPERM, link("dir", "dirlink"));
	FAILS(ENOENT, link("none", "x"));
	OK(link("sym", "symlink2")); /* the symbolic link itself */
	IS(S_ISLNK(st("symlink2").st_mode), 1);
	IS(st("sym").st_nlink, 2);
	OK(linkat(AT_FDCWD, "sym", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
	IS(st("followed").st_ino == st("file").st_ino, 1);
	IS(st("file").st_nlink, 2);
	OK(link("fifo", "fifo2"));
	IS(st("fifo").st_nlink, 2);
	FAILS(EXDEV, link("/proc/self/stat", "x"));
	/* A file of many names. */
	for (int i = 0; i < 300; i++) {
		snprintf(buf, sizeof(buf), "dir/l%d", i);
		OK(link("empty", buf));
	}
	IS(st("empty").st_nlink, 301);
	for (int i = 0; i < 300; i++) {
		snprintf(buf, sizeof(buf), "dir/l%d", i);
		OK(unlink(buf));
	}
	IS(st("empty").st_nlink, 1);
	/* Symbolic links as long as they get. */
	OK(symlink(long_name(PATH_MAX - 1), "dir/longest"));
	IS(st("dir/longest").st_size, PATH_MAX - 1);
	IS(readlink("dir/longest", buf, sizeof(buf)), PATH_MAX - 1);
	TRUE(!memcmp(buf, long_name(PATH_MAX - 1), PATH_MAX - 1));
	FAILS(ENAMETOOLONG, symlink(long_name(PATH_MAX), "dir/longer"));
	FAILS(ENAMETOOLONG, open_close("dir/longest", O_RDONLY));
	FAILS(ENOENT, symlink("", "dir/void"));
	IS(readlink("sym", buf, 2), 2);
	FAILS(EINVAL, readlink("file", buf, 2));
	FAILS(EINVAL, readlink("sym", buf, 0));
	IS(st("sym").st_mode, S_IFLNK | 0777);
	IS(st("sym").st_size, 4);
	/* 40 links in a row may be followed, 41 may not. */
	OK(put("dir/c0", "end"));
	for (int i = 1; i <= 41; i++) {
		char target[16];

		snprintf(target, sizeof(target), "c%d", i - 1);
		snprintf(buf, sizeof(buf), "dir/c%d", i);
		OK(symlink(target, buf));
	}
	TRUE(holds("dir/c40", "end"));
	FAILS(ELOOP, open_close("dir/c41", O_RDONLY));
	FAILS(ELOOP, open_close("sym", O_RDONLY | O_NOFOLLOW));
}

void topic_directories(void)
{
	char path[PATH_MAX] = "dir/sub";

	IS(st(".").st_nlink >= 2 + 7, 1);
	IS(st("dir").st_nlink, 3);
	IS(st("void").st_nlink, 2);
	OK(mkdir("dir/new", 0777));
	IS(mode_of("dir/new"), 0755); /* umask */
	IS(st("dir").st_nlink, 4);
	OK(mkdir("dir/new/er", 0700));
	FAILS(ENOTEMPTY, rmdir("dir/new"));
	FAILS(ENOTEMPTY, rmdir("dir"));
	FAILS(EINVAL, rmdir("dir/new/."));
	FAILS(ENOTEMPTY, rmdir("dir/new/.."));
	FAILS(EISDIR, unlink("dir"));
	FAILS(ENOTDIR, rmdir("file"));
	FAILS(ENOTDIR, rmdir("dirsym"));
	OK(rmdir("dir/new/er"));
	OK(rmdir("dir/new"));
	IS(st("dir").st_nlink, 3);
	OK(make("void/x", 0644));
	FAILS(ENOTEMPTY, rmdir("void"));
	OK(unlink("void/x"));
	OK(rmdir("void"));
	IS(exists("void"), 0);
	OK(mkdir("void", 0700));
	IS(mode_of("void"), 0700);
	IS(st("void").st_nlink, 2);
	/* A directory that is open outlives its name, empty. */
	{
		int fd = open("void", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct stat s;

		OK(rmdir("void"));
		OK(fstat(fd, &s));
		IS(s.st_nlink, 0);
		FAILS(ENOENT, openat(fd, "x", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
		FAILS(ENOENT, mkdirat(fd, "x", 0755));
		FAILS(ENOENT, linkat(AT_FDCWD, "file", fd, "x", 0));
		FAILS(ENOENT, renameat(AT_FDCWD, "file", fd, "x"));
		FAILS(ENOENT, symlinkat("y", fd, "x"));
		OK(mkdir("void", 0755));
		FAILS(ENOENT, openat(fd, "x", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
		close(fd);
	}
	/* Set-group-ID: group and bit are inherited. */
	OK(mkdir("setgid/d", 0755));
	IS(st("setgid/d").st_gid, OTHER);
	IS(mode_of("setgid/d"), 02755);
	OK(make("setgid/f", 0644));
	IS(st("setgid/f").st_gid, OTHER);
	OK(symlink("x", "setgid/l"));
	IS(st("setgid/l").st_gid, OTHER);
	/* As deep as a path can name, and deeper from there. */
	for (size_t len = strlen(path); len + 101 < PATH_MAX - 100; len = strlen(path)) {
		path[len] = '/';
		memcpy(path + len + 1, long_name(100), 101);
		OK(mkdir(path, 0755));
	}
	OK(chdir(path));
	for (int i = 0; i < 20; i++) {
		OK(mkdir(long_name(255), 0755));
		OK(chdir(long_name(255)));
	}
	OK(put("deep", "found"));
	TRUE(holds("deep", "found"));
	TRUE(!getcwd(path, sizeof(path)));
	OK(unlink("deep"));
}

static bool node_is(const char *path, mode_t type, unsigned int major, unsigned int minor)
{
	struct stat s = st(path);

	return (s.st_mode & S_IFMT) == type && major(s.st_rdev) == major &&
	       minor(s.st_rdev) == minor;
}

void topic_nodes(void)
{
	char byte = 1;
	int fd;

	TRUE(node_is("null", S_IFCHR, 1, 3));
	fd = (int)OK(open("null", O_RDWR | O_CLOEXEC));
	IS(write(fd, &byte, 1), 1);
	IS(read(fd, &byte, 1), 0);
	close(fd);
	OK(mknod("zero", S_IFCHR | 0600, makedev(1, 5)));
	fd = (int)OK(open("zero", O_RDWR | O_CLOEXEC));
	IS(read(fd, &byte, 1), 1);
	IS(byte, 0);
	close(fd);
	OK(mknod("block", S_IFBLK | 0600, makedev(4095, 1048575)));
	TRUE(node_is("block", S_IFBLK, 4095, 1048575));
	FAILS(ENXIO, open_close("block", O_RDONLY));
	OK(mknod("plain", S_IFREG | 0640, 0));
	IS(st("plain").st_mode, S_IFREG | 0640);
	OK(mknod("plain0", 0600, 0));
	IS(S_ISREG(st("plain0").st_mode), 1);
	FAILS(EPERM, mknod("d", S_IFDIR | 0755, 0));
	FAILS(EINVAL, mknod("d", S_IFLNK | 0755, 0));
	OK(mknod("sock", S_IFSOCK | 0600, 0));
	IS(S_ISSOCK(st("sock").st_mode), 1);
	FAILS(ENXIO, open_close("sock", O_RDWR));
	FAILS(ENXIO, open_close("fifo", O_WRONLY | O_NONBLOCK));
	fd = (int)OK(open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	OK(open_close("fifo", O_WRONLY | O_NONBLOCK));
	close(fd);
	fd = (int)OK(open("fifo", O_RDWR | O_CLOEXEC));
	IS(write(fd, "xyz", 3), 3);
	IS(read(fd, &byte, 1), 1);
	IS(byte, 'x');
	close(fd);
	FAILS(EINVAL, truncate("fifo", 0));
	OK(chmod("fifo", 0600));
	OK(chown("null", USER, USER));
	IS(st("null").st_uid, USER);
	TRUE(node_is("null", S_IFCHR, 1, 3));
	OK(rename("null", "void/null"));
	TRUE(node_is("void/null", S_IFCHR, 1, 3));
	become(USER, USER);
	FAILS(EPERM, mknod("open/c", S_IFCHR | 0600, makedev(1, 3)));
	OK(mkfifo("open/f", 0600));
	IS(st("open/f").st_uid, USER);
	OK(mknod("open/s", S_IFSOCK | 0600, 0));
	root();
}
