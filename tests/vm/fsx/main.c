// SPDX-License-Identifier: Apache-2.0
/*
 * fsx SEED OPERATIONS FILE [MAX]
 *
 * Random operations on one file, compared with a copy of it in private memory
 * after each: read and write by call and by mapping, cut and grow, punch and
 * allocate, copies within and out of it by every way the kernel has, direct
 * and vectored I/O; caches dropped and memory compacted in between. The file
 * begins as it is found. FSX_TRACE: print every operation.
 *
 * Exit 0: alike; 1: a difference, printed with the number of the operation; 2: usage.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsx.h"

unsigned char model[LARGEST], buf[LARGEST];
size_t size, max = 4u << 20;
static uint64_t state;
static unsigned long step;
int fd, direct_fd, other_fd;
static const char *path;

uint32_t rnd(uint32_t below)
{
	/* splitmix64: the same numbers on every machine */
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (uint32_t)((z ^ (z >> 31)) % below);
}

void differ(const char *fmt, ...)
{
	va_list ap;

	printf("operation %lu: ", step);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	exit(1);
}

void must(int ok, const char *what)
{
	if (!ok)
		differ("%s: %s", what, strerror(errno));
}

/* An offset and a length, often near the edges of pages and of the file. */
void pick(size_t *at, size_t *len, size_t limit)
{
	*at = rnd((uint32_t)limit + 1);
	if (!rnd(4))
		*at = *at / 4096 * 4096;
	if (!rnd(8) && size)
		*at = size - rnd(size < 10 ? (uint32_t)size : 10);
	*len = 1 + rnd(rnd(3) ? 9000 : PIECE);
	if (!rnd(6))
		*len = (*len + 4095) / 4096 * 4096;
	if (*at > limit)
		*at = limit;
	if (*at + *len > limit)
		*len = limit - *at;
}

void fill(unsigned char *p, size_t len)
{
	uint32_t value = rnd(UINT32_MAX);

	for (size_t i = 0; i < len; i++)
		p[i] = (unsigned char)((value >> (i % 4 * 8)) + i / 512);
}

void grow(size_t to)
{
	if (to > size) {
		memset(model + size, 0, to - size);
		size = to;
	}
}

void compare(const unsigned char *got, size_t at, size_t len, const char *what)
{
	if (!memcmp(got, model + at, len))
		return;
	for (size_t i = 0; i < len; i++)
		if (got[i] != model[at + i])
			differ("%s of %zu at %zu: byte %zu is %02x, should be %02x, size %zu", what,
			       len, at, at + i, got[i], model[at + i], size);
}

static void do_reopen(void)
{
	close(fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	must(fd >= 0, "open");
}

static const struct {
	const char *name;
	void (*run)(void);
	unsigned int often;
} operations[] = {
	{ "read", do_read, 8 },
	{ "vector", do_vector, 2 },
	{ "direct read", do_direct_read, 3 },
	{ "write", do_write, 10 },
	{ "mapped read", do_mapped_read, 8 },
	{ "mapped write", do_mapped_write, 10 },
	{ "private write", do_private_write, 2 },
	{ "truncate", do_truncate, 5 },
	{ "punch", do_punch, 5 },
	{ "allocate", do_allocate, 3 },
	{ "copy", do_copy, 4 },
	{ "sendfile", do_sendfile, 3 },
	{ "splice", do_splice, 4 },
	{ "seek", do_seek, 3 },
	{ "pressure", do_pressure, 1 },
	{ "reopen", do_reopen, 2 },
};
#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static void check_all(void)
{
	struct stat st;

	must(!fstat(fd, &st), "fstat");
	if ((size_t)st.st_size != size)
		differ("size %ld, should be %zu", (long)st.st_size, size);
	must(pread(fd, buf, sizeof(buf), 0) == (ssize_t)size, "read of all");
	compare(buf, 0, size, "read of all");
}

static void run_one(void)
{
	unsigned int all = 0, n;
	size_t i;

	for (i = 0; i < OPERATIONS; i++)
		all += operations[i].often;
	n = rnd(all);
	for (i = 0; n >= operations[i].often; i++)
		n -= operations[i].often;
	if (getenv("FSX_TRACE"))
		printf("%lu %s, size %zu\n", step, operations[i].name, size);
	operations[i].run();
}

static int open_all(void)
{
	char other[PATH_MAX];
	ssize_t n;

	snprintf(other, sizeof(other), "%s.other", path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	direct_fd = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
	other_fd = open(other, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || direct_fd < 0 || other_fd < 0)
		return -1;
	unlink(other);
	n = pread(fd, model, sizeof(model), 0);
	if (n < 0)
		return -1;
	size = (size_t)n;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long steps;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: fsx SEED OPERATIONS FILE [MAX]\n");
		return 2;
	}
	state = strtoull(argv[1], NULL, 0);
	steps = strtoul(argv[2], NULL, 0);
	path = argv[3];
	if (argc == 5)
		max = strtoul(argv[4], NULL, 0);
	if (open_all() || max > LARGEST) {
		perror(path);
		return 2;
	}
	for (step = 1; step <= steps; step++) {
		run_one();
		if (step % 100 == 0)
			check_all();
	}
	check_all();
	printf("%lu operations, seed %s, %zu bytes: alike\n", steps, argv[1], size);
	return 0;
}
