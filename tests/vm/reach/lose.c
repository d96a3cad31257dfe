// SPDX-License-Identifier: Apache-2.0
/*
 * All ways in which a process can ask that pages of a file be given up, moved
 * or taken out of service; what the file has must stay, read and mapped.
 */
#include "reach.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif

static const struct {
	int advice;
	size_t most; /* bytes; 0: all */
	const char *name;
} advices[] = {
	{ MADV_DONTNEED, 0, "dontneed" },	{ MADV_COLD, 0, "cold" },
	{ MADV_PAGEOUT, 0, "pageout" },		{ MADV_FREE, 0, "free" },
	{ MADV_SOFT_OFFLINE, 4096, "offline" }, { MADV_REMOVE, 0, "remove" },
};

static uint64_t sum_of(const unsigned char *p, size_t n)
{
	uint64_t sum = 14695981039346656037ull;

	while (n--)
		sum = (sum ^ *p++) * 1099511628211ull;
	return sum;
}

static uint64_t sum_read(int fd)
{
	uint64_t sum = 14695981039346656037ull;
	unsigned char buf[65536];
	off_t at = 0;
	ssize_t n;

	for (; (n = pread(fd, buf, sizeof(buf), at)) > 0; at += n)
		for (ssize_t i = 0; i < n; i++)
			sum = (sum ^ buf[i]) * 1099511628211ull;
	must(n == 0, "read");
	return sum;
}

/* Also with the file mapped by nobody, and by a mapping that has touched nothing. */
static void try_one(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t want = sum_read(fd);
	unsigned char *map;
	size_t size;

	must(!posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) && sum_read(fd) == want,
	     "%s: lost by fadvise", path);
	map = map_file(path, PROT_READ, MAP_SHARED, &size);
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		size_t most = advices[i].most ?: size;

		for (int touched = 0; touched < 2; touched++) {
			/* Whether it is granted is the kernel's affair. */
			madvise(map, most < size ? most : size, advices[i].advice);
			must(sum_of(map, size) == want && sum_read(fd) == want, "%s: lost by %s",
			     path, advices[i].name);
		}
	}
	munmap(map, size);
	must(!posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) && sum_read(fd) == want,
	     "%s: lost by fadvise after it was mapped", path);
	close(fd);
}

int topic_lose(char **words)
{
	int files = 0;

	for (; *words; words++, files++)
		try_one(*words);
	printf("%d files: nothing is lost\n", files);
	return 0;
}
