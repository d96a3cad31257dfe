// SPDX-License-Identifier: Apache-2.0
/* failnth's operations on contents. */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failnth.h"

#define HOLE (100 * 4096)
#define OWN_SIZE (128 * 1024) /* a large folio, each page of which may be copied alone */
#define INSIDE 8192	      /* of HOLE: where a page is made */

static int write_mib(int fd)
{
	memset(buffer, 'm', sizeof(buffer));
	return write_at(fd, sizeof(buffer), 0);
}

/*
 * Writes through a mapping, the first bytes of MNT/file. A store that meets no
 * memory is SIGBUS; read(2) meets the same fault, and answers EFAULT.
 */
static int store(int fd, size_t size, off_t at, int flags)
{
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	int from, ret;

	if (map == MAP_FAILED)
		return -errno;
	from = open(MNT "/file", O_RDONLY | O_CLOEXEC);
	ret = from < 0 ? -errno : sys(read(from, map + at, sizeof(TEXT)));
	if (!ret && flags == MAP_PRIVATE && strcmp(map + at, TEXT) != 0)
		ret = -EBADMSG;
	if (from >= 0)
		close(from);
	munmap(map, size);
	return ret;
}

static int poke(int fd)
{
	return store(fd, BIG_SIZE, PLACE, MAP_SHARED);
}

static int poke_private(int fd)
{
	return store(fd, BIG_SIZE, PLACE, MAP_PRIVATE);
}

static int poke_hole(int fd)
{
	return store(fd, HOLE, INSIDE, MAP_SHARED);
}

/* Reads through a mapping: write(2) meets the fault. */
static int look(int fd, size_t size)
{
	char *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	int to, ret;

	if (map == MAP_FAILED)
		return -errno;
	to = open(MNT "/file", O_WRONLY | O_CLOEXEC);
	ret = to < 0 ? -errno : sys(pwrite(to, map + INSIDE, 10, 0));
	if (to >= 0)
		close(to);
	munmap(map, size);
	return ret;
}

static int look_at_big(int fd)
{
	return look(fd, BIG_SIZE);
}

static int look_at_hole(int fd)
{
	return look(fd, HOLE);
}

static int allocate(int fd)
{
	return sys(fallocate(fd, 0, 0, 10 * 4096));
}

static int allocate_mib(int fd)
{
	return sys(fallocate(fd, FALLOC_FL_KEEP_SIZE, 4096, MIB));
}

static int punch(int fd)
{
	return sys(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PLACE, 20000));
}

static int punch_inside(int fd)
{
	return sys(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 3, 3));
}

/* ZERO_RANGE is not supported; zeroes are had by a hole that is filled again. */
static int zero(int fd)
{
	if (!fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 4096) || errno != EOPNOTSUPP)
		return -EBADMSG;
	return punch(fd) ?: sys(fallocate(fd, 0, PLACE, 20000));
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

/* Both ends, whose descriptors and pages the loop does not count. */
static int ends[2];

static int make_pipe(void)
{
	return make_file() ?: sys(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
}

/* Out of one file, by the pipe, into the other: 20 KiB at PLACE. */
static int pump(int from, int to)
{
	off_t in = PLACE, out = PLACE;
	ssize_t n, put;

	while (read(ends[0], buffer, sizeof(buffer)) > 0)
		; /* what an attempt that failed has left there */
	n = splice(from, &in, ends[1], NULL, 20480, 0);
	for (put = 1; n > 0 && put > 0; n -= put)
		put = splice(ends[0], NULL, to, &out, (size_t)n, 0);
	return n < 0 || put < 0 ? -errno : put ? 0 : -EBADMSG;
}

static int pump_out(int fd)
{
	int to = open(MNT "/file", O_WRONLY | O_CLOEXEC), ret;

	if (to < 0)
		return -errno;
	ret = pump(fd, to);
	close(to);
	return ret;
}

static int send_out(int fd)
{
	int to = open(MNT "/file", O_WRONLY | O_TRUNC | O_CLOEXEC), ret = 0;
	off_t at = 0;

	if (to < 0)
		return -errno;
	while (!ret && at < BIG_SIZE) {
		ssize_t n = sendfile(to, fd, &at, (size_t)(BIG_SIZE - at));

		ret = n < 0 ? -errno : n ? 0 : -EBADMSG;
	}
	close(to);
	return ret;
}

static int close_pipe(void)
{
	close(ends[0]);
	return sys(close(ends[1]));
}

/* MNT/file has a hole and nothing else, MNT/other a text. */
static int make_hole(void)
{
	return make_file() ?: sys(truncate(MNT "/file", 0)) ?: sys(truncate(MNT "/file", HOLE));
}

static int make_hole_and_text(void)
{
	return make_file() ?: with_fd(MNT "/hole", O_CREAT | O_WRONLY, NULL) ?:
	       sys(truncate(MNT "/hole", HOLE));
}

static int write_own(int fd)
{
	memset(buffer, 'm', OWN_SIZE);
	return write_at(fd, OWN_SIZE, 0);
}

static int make_own(void)
{
	return with_fd(MNT "/file", O_CREAT | O_WRONLY, write_own);
}

static int file_at(off_t at, const char *text)
{
	int fd = open(MNT "/file", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : pread(fd, buffer, strlen(text), at);

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) && !memcmp(buffer, text, strlen(text)) ? 0 : -EBADMSG;
}

static int hole_at(off_t at, const char *text)
{
	int fd = open(MNT "/hole", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : pread(fd, buffer, strlen(text), at);

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) && !memcmp(buffer, text, strlen(text)) ? 0 : -EBADMSG;
}

/* clang-format off */
RUN(open_write, with_fd(MNT "/big", O_RDWR, NULL))
RUN(open_truncate, with_fd(MNT "/big", O_WRONLY | O_TRUNC, NULL))
RUN(write, with_fd(MNT "/file", O_WRONLY, write_text))
RUN(write_branch, with_fd(MNT "/etc/a", O_WRONLY, write_text))
RUN(write_1m, with_fd(MNT "/file", O_WRONLY, write_mib))
RUN(write_mapped, with_fd(MNT "/big", O_RDWR, poke))
RUN(write_private, with_fd(MNT "/big", O_RDWR, poke_private))
RUN(write_hole, with_fd(MNT "/hole", O_RDWR, poke_hole))
RUN(read_mapped, with_fd(MNT "/big", O_RDONLY, look_at_big))
RUN(read_hole, with_fd(MNT "/hole", O_RDONLY, look_at_hole))
RUN(truncate_down, sys(truncate(MNT "/big", PLACE)))
RUN(truncate_up, sys(truncate(MNT "/etc/a", 10 * MIB)))
RUN(truncate_own, sys(truncate(MNT "/file", PLACE)))
RUN(fallocate, with_fd(MNT "/file", O_RDWR, allocate))
RUN(fallocate_ahead, with_fd(MNT "/file", O_RDWR, allocate_mib))
RUN(fallocate_branch, with_fd(MNT "/big", O_RDWR, allocate_mib))
RUN(punch_hole, with_fd(MNT "/big", O_RDWR, punch))
RUN(punch_own, with_fd(MNT "/file", O_RDWR, punch))
RUN(punch_inside, with_fd(MNT "/etc/a", O_RDWR, punch_inside))
RUN(zero, with_fd(MNT "/big", O_RDWR, zero))
RUN(splice, with_fd(MNT "/big", O_RDONLY, pump_out))
RUN(sendfile, with_fd(MNT "/big", O_RDONLY, send_out))

CHECK(file, starts(MNT "/file", TEXT))
CHECK(file_1m, file_at(MIB - 8, "mmmmmmmm"))
CHECK(own, file_at(OWN_SIZE - 8, "mmmmmmmm"))
CHECK(a, starts(MNT "/etc/a", TEXT))
CHECK(one, starts(MNT "/etc/a", "one"))
CHECK(hole_written, hole_at(INSIDE, TEXT))
CHECK(spliced, close_pipe() ?: file_at(PLACE, "2\n8223\n822"))
CHECK(sent, file_at(0, "1\n2\n3\n4\n"))

const struct op data_ops[] = {
	{ "open-write", NULL, run_open_write, big_pristine, GROWS | UNCACHED },
	{ "open-truncate", NULL, run_open_truncate, NULL, GROWS },
	{ "write", make_file, run_write, check_file, PARTIAL | GROWS },
	{ "write-branch", NULL, run_write_branch, check_a, PARTIAL | GROWS },
	{ "write-1m", make_file, run_write_1m, check_file_1m, PARTIAL | GROWS },
	{ "write-large-folio", NULL, change_big, big_written, GROWS },
	{ "write-mapped", make_file, run_write_mapped, big_written, GROWS },
	{ "write-mapped-private", make_file, run_write_private, big_pristine, 0 },
	{ "write-mapped-hole", make_hole_and_text, run_write_hole, check_hole_written, GROWS },
	{ "read-mapped", make_file, run_read_mapped, big_pristine, 0 },
	{ "read-mapped-hole", make_hole_and_text, run_read_hole, NULL, 0 },
	{ "truncate-down", NULL, run_truncate_down, big_cut, GROWS },
	{ "truncate-down-branch", change_big, run_truncate_down, big_cut, GROWS },
	{ "truncate-down-own", make_own, run_truncate_own, NULL, 0 },
	{ "truncate-up", NULL, run_truncate_up, check_one, GROWS },
	{ "fallocate", make_file, run_fallocate, check_file, 0 },
	{ "fallocate-hole", make_hole, run_fallocate, NULL, 0 },
	{ "fallocate-ahead", make_file, run_fallocate_ahead, check_file, 0 },
	{ "fallocate-branch", NULL, run_fallocate_branch, NULL, GROWS },
	{ "punch-hole", NULL, run_punch_hole, NULL, GROWS },
	{ "punch-hole-own", make_own, run_punch_own, check_own, 0 },
	{ "punch-inside", NULL, run_punch_inside, NULL, GROWS },
	{ "zero", NULL, run_zero, NULL, GROWS },
	{ "splice", make_pipe, run_splice, check_spliced, PARTIAL | GROWS },
	{ "sendfile", make_file, run_sendfile, check_sent, PARTIAL | GROWS },
	{ "read", NULL, read_big, big_pristine, UNCACHED },
	{ NULL },
};
