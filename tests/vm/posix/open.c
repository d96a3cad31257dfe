// SPDX-License-Identifier: Apache-2.0
/* open(2) and its flags; files without a name. */
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "posix.h"

static void direct(void)
{
	char *buf = aligned_alloc(4096, 8192);
	int fd = (int)OK(open("big", O_RDWR | O_DIRECT | O_CLOEXEC));

	IS(pread(fd, buf, 8192, 4096), 8192);
	IS((unsigned char)buf[0], pattern(4096));
	IS((unsigned char)buf[8191], pattern(12287));
	memset(buf, 'd', 4096);
	IS(pwrite(fd, buf, 4096, 8192), 4096);
	IS(pread(fd, buf + 4096, 4096, 8192), 4096);
	IS(buf[4096], 'd');
	IS(pread(fd, buf, 4096, BIG_SIZE / 4096 * 4096), BIG_SIZE % 4096);
	close(fd);
	free(buf);
}

static void directory(void)
{
	int fd;

	FAILS(EISDIR, open_close("dir", O_WRONLY));
	FAILS(EISDIR, open_close("dir", O_RDWR));
	FAILS(EISDIR, open_close("dir", O_RDONLY | O_CREAT));
	FAILS(EINVAL, open_close("dir", O_RDONLY | O_DIRECTORY | O_CREAT));
	FAILS(EISDIR, open_close("dir", O_RDONLY | O_TRUNC));
	FAILS(ENOTDIR, open_close("file", O_RDONLY | O_DIRECTORY));
	FAILS(ENOTDIR, open_close("file/", O_RDONLY));
	FAILS(EISDIR, open_close("none/", O_CREAT | O_WRONLY));
	fd = (int)OK(open("dir", O_RDONLY | O_CLOEXEC));
	FAILS(EISDIR, read(fd, (char[4]){ 0 }, 4));
	FAILS(EBADF, write(fd, "x", 1));
	FAILS(EINVAL, ftruncate(fd, 0));
	OK(fsync(fd));
	close(fd);
}

void topic_open(void)
{
	char buf[16], *volatile bad = (char *)1;
	int fd, n = 0;

	FAILS(EEXIST, open_close("sym", O_CREAT | O_EXCL | O_WRONLY));
	FAILS(EEXIST, open_close("dangling", O_CREAT | O_EXCL | O_WRONLY));
	FAILS(ENOENT, open_close("dangling", O_RDONLY));
	OK(open_close("dangling", O_CREAT | O_WRONLY)); /* makes the target */
	TRUE(exists("nowhere"));
	FAILS(ELOOP, open_close("loop", O_RDONLY));
	FAILS(ELOOP, open_close("sym", O_RDONLY | O_NOFOLLOW));
	fd = (int)OK(open("sym", O_PATH | O_NOFOLLOW | O_CLOEXEC));
	FAILS(EBADF, read(fd, buf, 1));
	IS(readlinkat(fd, "", buf, sizeof(buf)), 4);
	close(fd);
	OK(open_close("file", O_RDONLY | O_TRUNC)); /* unspecified by POSIX; Linux truncates */
	IS(st("file").st_size, 0);
	OK(put("file", "0123456789"));
	fd = (int)OK(open("file", O_RDWR | O_APPEND | O_CLOEXEC));
	IS(pwrite(fd, "ab", 2, 0), 2); /* appends all the same on Linux */
	TRUE(holds("file", "0123456789ab"));
	IS(lseek(fd, 2, SEEK_SET), 2);
	IS(write(fd, "c", 1), 1);
	IS(lseek(fd, 0, SEEK_CUR), 13);
	close(fd);
	fd = (int)OK(open("file", O_RDONLY | O_CLOEXEC));
	FAILS(EBADF, write(fd, "x", 1));
	FAILS(EINVAL, ftruncate(fd, 0));
	FAILS(EINVAL, lseek(fd, -1, SEEK_SET));
	FAILS(EINVAL, pread(fd, buf, 1, -1));
	IS(lseek(fd, 100, SEEK_END), 113);
	IS(read(fd, buf, 1), 0);
	IS(ioctl(fd, FIONREAD, &n), 0);
	FAILS(ENOTTY, ioctl(fd, 0x5401, buf)); /* TCGETS */
	close(fd);
	fd = (int)OK(open("file", O_WRONLY | O_CLOEXEC));
	FAILS(EBADF, read(fd, buf, 1));
	FAILS(EFAULT, write(fd, bad, 1));
	OK(fdatasync(fd));
	OK(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE));
	close(fd);
	OK(open_close("file", O_WRONLY | O_SYNC));
	OK(open_close("file", O_WRONLY | O_DSYNC | O_NONBLOCK | O_NOCTTY));
	become(USER, USER);
	FAILS(EPERM, open_close("file", O_RDONLY | O_NOATIME));
	OK(open_close("owned", O_RDONLY | O_NOATIME));
	root();
	directory();
	direct();
}

void topic_tmpfile(void)
{
	char name[64];
	int fd = (int)OK(open("dir", O_TMPFILE | O_RDWR | O_CLOEXEC, 0640));
	struct stat s;

	OK(fstat(fd, &s));
	IS(s.st_nlink, 0);
	IS(s.st_mode, S_IFREG | 0640);
	IS(write(fd, "named", 5), 5);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	OK(linkat(AT_FDCWD, name, AT_FDCWD, "dir/named", AT_SYMLINK_FOLLOW));
	TRUE(holds("dir/named", "named"));
	IS(st("dir/named").st_nlink, 1);
	OK(linkat(fd, "", AT_FDCWD, "dir/again", AT_EMPTY_PATH));
	IS(st("dir/named").st_nlink, 2);
	OK(unlink("dir/named"));
	OK(unlink("dir/again"));
	/* It had names: it gets none again. */
	FAILS(ENOENT, linkat(AT_FDCWD, name, AT_FDCWD, "dir/named", AT_SYMLINK_FOLLOW));
	IS(pread(fd, name, 5, 0), 5);
	close(fd);
	fd = (int)OK(open("dir", O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	FAILS(ENOENT, linkat(AT_FDCWD, name, AT_FDCWD, "dir/named", AT_SYMLINK_FOLLOW));
	close(fd);
	FAILS(EINVAL, open_close("dir", O_TMPFILE | O_RDONLY));
	FAILS(ENOTDIR, open_close("file", O_TMPFILE | O_RDWR));
	FAILS(ENOENT, open_close("none", O_TMPFILE | O_RDWR));
	become(USER, USER);
	FAILS(EACCES, open_close("dir", O_TMPFILE | O_RDWR));
	fd = (int)OK(open("setgid", O_TMPFILE | O_RDWR | O_CLOEXEC, 02770));
	OK(fstat(fd, &s));
	IS(s.st_gid, OTHER);
	close(fd);
	root();
}
