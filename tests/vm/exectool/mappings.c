// SPDX-License-Identifier: Apache-2.0
/* Mappings that live on, change, or race with writers. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "way.h"

/* Everything that makes mappings of a mapping, and ends some of them. */
int way_mappings(const char *file)
{
	int fd = must_open(file, O_RDONLY);
	char *at = mmap(NULL, 16 * PAGE, RX, MAP_PRIVATE, fd, 0), *moved;

	if (at == MAP_FAILED)
		return refused("mmap");
	if (mprotect(at + 4 * PAGE, PAGE, PROT_READ) || mprotect(at + 8 * PAGE, PAGE, PROT_NONE) ||
	    munmap(at + 6 * PAGE, PAGE) || mprotect(at + 4 * PAGE, PAGE, RX))
		wrong("mprotect");
	moved = mremap(at, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	if (moved == MAP_FAILED || mmap(at + 12 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED,
					fd, 12 * PAGE) == MAP_FAILED)
		wrong("mremap");
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			munmap(moved, PAGE);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	puts("ran");
	return 0;
}

static void meet(volatile int *met, int round)
{
	__atomic_add_fetch(met, 1, __ATOMIC_SEQ_CST);
	while (*met < 2 * round)
		sched_yield();
}

/*
 * One process changes DIR/0, DIR/1 ... while the other takes each for code: never both. Of four
 * files they race for two; of the others the first is changed before, the second taken before.
 */
int way_race(const char *dir)
{
	volatile int *met = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int mapped = 0, both = 0, files = 0, round = 0;
	pid_t child = fork();
	char path[256];

	for (int i = 0;; i++, files++) {
		bool in_turn = i % 4 < 2, first = (i % 4 == 0) == (child == 0);
		void *at = MAP_FAILED;
		int fd;

		snprintf(path, sizeof(path), "%s/%d", dir, i);
		if (access(path, F_OK))
			break;
		meet(met, ++round);
		if (in_turn && !first)
			meet(met, ++round);
		for (volatile int pause = child ? 0 : i * 37 % 4000; pause; pause--)
			;
		if (child) {
			fd = must_open(path, O_RDONLY);
			at = map(fd, RX, MAP_PRIVATE);
			mapped += at != MAP_FAILED;
		} else {
			fd = open(path, O_WRONLY | O_CLOEXEC);
			if (fd >= 0 && write(fd, "x", 1) != 1 && errno != ETXTBSY)
				wrong(path);
		}
		if (in_turn && first)
			meet(met, ++round);
		meet(met, ++round);
		if (child && at != MAP_FAILED) {
			both += *(char *)at == 'x';
			munmap(at, PAGE);
		}
		close(fd);
	}
	if (!child)
		exit(0);
	wait(NULL);
	printf("%d rounds, %d mapped, %d both\n", files, mapped, both);
	return both != 0;
}

/* Keeps a mapping of code, as a program keeps its libraries. */
int way_hold(const char *file)
{
	void *at = map(must_open(file, O_RDONLY), RX, MAP_PRIVATE);

	if (at == MAP_FAILED)
		return refused("mmap");
	puts("held");
	fflush(stdout);
	pause();
	return 0;
}

/* The same of all pages of the file, each touched. */
int way_hold_all(const char *file)
{
	int fd = must_open(file, O_RDONLY);
	size_t size = (size_t)lseek(fd, 0, SEEK_END);
	volatile char *at = mmap(NULL, size, RX, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		return refused("mmap");
	for (size_t i = 0; i < size; i += PAGE)
		at[i];
	puts("held");
	fflush(stdout);
	pause();
	return 0;
}
