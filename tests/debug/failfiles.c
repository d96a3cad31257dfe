// SPDX-License-Identifier: Apache-2.0
/* failnth's files: making them, changing them, and what they must have. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failnth.h"
#include "visorfs/uapi/visorfs.h"

char buffer[MIB];

int with_fd(const char *path, int flags, int (*use)(int fd))
{
	int fd = open(path, flags | O_CLOEXEC, 0644);
	int ret;

	if (fd < 0)
		return -errno;
	ret = use ? use(fd) : 0;
	close(fd);
	return ret;
}

int write_at(int fd, size_t len, off_t at)
{
	ssize_t n = pwrite(fd, buffer, len, at);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENOMEM; /* a short write says why when it is continued */
}

int write_text(int fd)
{
	memcpy(buffer, TEXT, sizeof(TEXT));
	return write_at(fd, sizeof(TEXT), 0);
}

int write_place(int fd)
{
	memcpy(buffer, TEXT, sizeof(TEXT));
	return write_at(fd, sizeof(TEXT), PLACE);
}

/* Whether fd is what the tardisk says of big, up to size, but for TEXT at PLACE if written. */
static int fd_is(int fd, off_t size, int written)
{
	char want[BIG_SIZE + 8];
	size_t len = 0;
	ssize_t n;

	for (int i = 1; len < BIG_SIZE; i++)
		len += (size_t)sprintf(want + len, "%d\n", i);
	if (written)
		memcpy(want + PLACE, TEXT, sizeof(TEXT));
	n = pread(fd, buffer, sizeof(buffer), 0);
	return n == size && !memcmp(buffer, want, (size_t)size) ? 0 : -EBADMSG;
}

int big_fd_is_pristine(int fd)
{
	return fd_is(fd, BIG_SIZE, 0);
}

static int fd_is_written(int fd)
{
	return fd_is(fd, BIG_SIZE, 1);
}

static int fd_is_cut(int fd)
{
	return fd_is(fd, PLACE, 0);
}

int big_pristine(void)
{
	return with_fd(MNT "/big", O_RDONLY, big_fd_is_pristine);
}

int big_written(void)
{
	return with_fd(MNT "/big", O_RDONLY, fd_is_written);
}

int big_cut(void)
{
	return with_fd(MNT "/big", O_RDONLY, fd_is_cut);
}

int starts(const char *path, const char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer));

	if (fd >= 0)
		close(fd);
	return n >= (ssize_t)strlen(text) && !memcmp(buffer, text, strlen(text)) ? 0 : -EBADMSG;
}

int exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? -errno : 0;
}

int make_file(void)
{
	return with_fd(MNT "/file", O_CREAT | O_EXCL | O_WRONLY, write_text);
}

int make_two(void)
{
	return make_file() ?: with_fd(MNT "/other", O_CREAT | O_WRONLY, write_text);
}

int make_dir(void)
{
	return sys(mkdir(MNT "/made", 0750));
}

int change_big(void)
{
	return with_fd(MNT "/big", O_RDWR, write_place);
}

int make_ramdisk_dir(void)
{
	return sys(mkdir(MNT "/rd", 0755));
}

int add_ramdisk(void)
{
	return ramdisk(VISORFS_IOC_RAMDISK_ADD, MNT "/rd", 2 * MIB);
}

int make_ramdisk(void)
{
	return make_ramdisk_dir() ?: add_ramdisk();
}

int file_in_ramdisk(void)
{
	return make_ramdisk() ?: with_fd(MNT "/rd/file", O_CREAT | O_WRONLY, write_text);
}
