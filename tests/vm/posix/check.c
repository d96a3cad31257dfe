// SPDX-License-Identifier: Apache-2.0
/* Checks, and small questions that many topics ask. */
#include <grp.h>
#include <time.h>

#include "posix.h"

static unsigned int checks, failures;
static struct stat before[2];

static void fail(const char *file, int line, const char *what)
{
	const char *base = strrchr(file, '/');

	failures++;
	printf("FAIL %s:%d: %s: ", base ? base + 1 : file, line, what);
}

long check_ok(const char *file, int line, const char *what, long ret)
{
	int error = errno;

	checks++;
	if (ret < 0) {
		fail(file, line, what);
		printf("%s\n", strerrorname_np(error));
	}
	return ret;
}

void check_fails(const char *file, int line, const char *what, long ret, int error)
{
	int got = errno;

	checks++;
	if (ret >= 0) {
		fail(file, line, what);
		printf("gives %ld instead of %s\n", ret, strerrorname_np(error));
	} else if (got != error) {
		fail(file, line, what);
		printf("%s instead of %s\n", strerrorname_np(got), strerrorname_np(error));
	}
}

void check_is(const char *file, int line, const char *what, long long value, long long expected)
{
	checks++;
	if (value != expected) {
		fail(file, line, what);
		printf("%lld (0%llo) instead of %lld (0%llo)\n", value, value, expected, expected);
	}
}

void check_times(const char *file, int line, const char *what, int which, int expected)
{
	checks++;
	if (which != expected) {
		fail(file, line, what);
		printf("changes%s%s%s%s instead of%s%s%s%s\n", which ? "" : " nothing",
		       which & A_TIME ? " atime" : "", which & M_TIME ? " mtime" : "",
		       which & C_TIME ? " ctime" : "", expected ? "" : " nothing",
		       expected & A_TIME ? " atime" : "", expected & M_TIME ? " mtime" : "",
		       expected & C_TIME ? " ctime" : "");
	}
}

int finish_topic(const char *name)
{
	printf("%s: %u checks, %u failures\n", name, checks, failures);
	fflush(stdout);
	return failures ? 1 : 0;
}

void times_before(int slot, const char *path)
{
	before[slot] = st(path);
}

static bool later(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

int times_changed(int slot, const char *path)
{
	struct stat now = st(path);

	return (later(now.st_atim, before[slot].st_atim) ? A_TIME : 0) |
	       (later(now.st_mtim, before[slot].st_mtim) ? M_TIME : 0) |
	       (later(now.st_ctim, before[slot].st_ctim) ? C_TIME : 0);
}

void tick(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 12 * 1000 * 1000 }, NULL);
}

void become(uid_t uid, gid_t gid)
{
	root();
	if (setgroups(0, NULL) || setegid(gid) || seteuid(uid))
		abort();
}

void root(void)
{
	if (seteuid(0) || setegid(0))
		abort();
}

struct stat st(const char *path)
{
	struct stat s = { 0 };

	if (lstat(path, &s))
		check_ok("stat of ", 0, path, -1);
	return s;
}

mode_t mode_of(const char *path)
{
	return st(path).st_mode & 07777;
}

int make(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);

	return fd < 0 ? -1 : close(fd);
}

int put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

bool holds(const char *path, const char *text)
{
	char buf[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) && !memcmp(buf, text, (size_t)n);
}

int open_close(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : close(fd);
}

bool exists(const char *path)
{
	struct stat s;

	return !lstat(path, &s);
}

const char *long_name(size_t len)
{
	static char name[PATH_MAX + 64];

	memset(name, 'n', len);
	name[len] = '\0';
	return name;
}
