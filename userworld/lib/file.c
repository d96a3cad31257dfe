// SPDX-License-Identifier: Apache-2.0
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"

static ssize_t read_some(int fd, char *buf, size_t size)
{
	size_t have = 0;

	while (have < size) {
		ssize_t n = read(fd, buf + have, size - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

int file_read_fd(int fd, const char *path, size_t max, char **out, size_t *len, struct err *e)
{
	_cleanup_free_ char *buf = NULL;
	size_t have = 0, room = 0;

	/* Sizes of files in /proc and sysfs are not to be trusted: grow by reading. */
	for (;;) {
		char *more;
		ssize_t n;

		room = room ? room * 2 : 4096;
		if (room > max + 1)
			room = max + 1;
		more = realloc(buf, room + 1);
		if (!more)
			return err_sys(e, ENOMEM, "%s: read", path);
		buf = more;
		n = read_some(fd, buf + have, room - have);
		if (n < 0)
			return err_sys(e, errno, "%s: read", path);
		have += (size_t)n;
		if (have > max)
			return err_set(e, ERR_INVALID, "%s: larger than %zu bytes", path, max);
		if (have < room)
			break;
	}
	buf[have] = '\0';
	*out = TAKE_PTR(buf);
	if (len)
		*len = have;
	return 0;
}

int file_read(const char *path, size_t max, char **out, size_t *len, struct err *e)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, errno, "%s: open", path);
	return file_read_fd(fd, path, max, out, len, e);
}

int file_read_at(int dirfd, const char *path, char *buf, size_t size, struct err *e)
{
	_cleanup_close_ int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return err_sys(e, errno, "%s: open", path);
	n = read_some(fd, buf, size - 1);
	if (n < 0)
		return err_sys(e, errno, "%s: read", path);
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return (int)n;
}

int file_read_u64(const char *path, uint64_t *value, struct err *e)
{
	char buf[64];
	char *end;

	if (file_read_at(AT_FDCWD, path, buf, sizeof(buf), e) < 0)
		return -1;
	if (!strcmp(buf, "max")) {
		*value = UINT64_MAX;
		return 0;
	}
	errno = 0;
	*value = strtoull(buf, &end, 10);
	if (errno || end == buf || (*end && *end != '\n') || buf[0] < '0' || buf[0] > '9')
		return err_set(e, ERR_INVALID, "%s: '%s' is not a number", path, buf);
	return 0;
}

int file_write_at(int dirfd, const char *path, const char *text, struct err *e)
{
	_cleanup_close_ int fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return err_sys(e, errno, "%s: open", path);
	do {
		n = write(fd, text, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(e, errno, "%s: write '%s'", path, text);
	if ((size_t)n != len)
		return err_set(e, ERR_SYSTEM, "%s: write '%s': only %zd bytes taken", path, text,
			       n);
	return 0;
}

int fd_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The rename is durable only once the directory is on the medium, too. */
static void sync_parent(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	_cleanup_close_ int fd = -1;

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(len ? len : 1) : 1, slash ? path : ".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		(void)fsync(fd);
}

static int fill_temp(int fd, const void *data, size_t len, mode_t mode)
{
	if (fd_write_all(fd, data, len) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0)
		return -1;
	return 0;
}

int file_write_atomic(const char *path, const void *data, size_t len, mode_t mode, struct err *e)
{
	_cleanup_close_ int fd = -1;
	char temp[PATH_MAX];

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= (int)sizeof(temp))
		return err_sys(e, ENAMETOOLONG, "%s: write", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s: make a new file beside it", path);
	if (fill_temp(fd, data, len, mode) < 0 || rename(temp, path) < 0) {
		int num = errno;

		unlink(temp);
		return err_sys(e, num, "%s: write", path);
	}
	sync_parent(path);
	return 0;
}

int file_make_dirs(const char *path, struct err *e)
{
	char part[PATH_MAX];

	if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
		return err_sys(e, ENAMETOOLONG, "%s: mkdir", path);
	for (char *p = part + 1; part[0]; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return err_sys(e, errno, "%s: mkdir", part);
		*p = c;
		if (c == '\0')
			break;
	}
	return 0;
}
