// SPDX-License-Identifier: Apache-2.0
/*
 * reach TOPIC...: what the rest of the kernel does with files, each topic one
 * way to reach their contents or to hold on to them. COMMAND is a shell's, run
 * at the moment that matters: tests attach and detach tardisks by it.
 *
 * Exit 0: as it should be; 1: it is not; 2: usage; 77: the kernel cannot do it.
 */
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct topic topics[] = {
	{ "spot", "", 0, 0, topic_spot },
	{ "tick", "TIMES [COMMAND]", 1, 2, topic_tick },
	{ "break", "PROGRAM", 1, 1, topic_break },
	{ "uring", "FILE SEED BATCHES [direct]", 3, 4, topic_uring },
	{ "aio", "FILE SEED BATCHES [direct]", 3, 4, topic_aio },
	{ "gup", "FILE", 1, 1, topic_gup },
	{ "direct", "FILE DEVICE", 2, 2, topic_direct },
	{ "pass", "FILE COMMAND", 2, 2, topic_pass },
	{ "locks", "FILE COMMAND...", 2, 9, topic_locks },
	{ "lose", "FILE...", 1, 99, topic_lose },
	{ "watch", "DIR COMMAND", 2, 2, topic_watch },
	{ "jail", "DIR COMMAND", 2, 2, topic_jail },
};
#define TOPICS (sizeof(topics) / sizeof(topics[0]))

static uint64_t state;

void seed(uint64_t value)
{
	state = value;
}

uint32_t rnd(uint32_t below)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (uint32_t)((z ^ (z >> 31)) % below);
}

void must(int ok, const char *fmt, ...)
{
	int error = errno;
	va_list ap;

	if (ok)
		return;
	fflush(stdout);
	fprintf(stderr, "reach: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(error));
	_exit(1);
}

void run_command(const char *command)
{
	int status;

	fflush(stdout);
	status = system(command);
	must(status == 0, "status %d of %s", status, command);
}

unsigned char *map_file(const char *path, int prot, int flags, size_t *size)
{
	int fd = open(path,
		      (prot & PROT_WRITE && flags & MAP_SHARED ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	unsigned char *map;
	struct stat st;

	must(fd >= 0 && !fstat(fd, &st) && st.st_size, "open %s", path);
	map = mmap(NULL, (size_t)st.st_size, prot, flags, fd, 0);
	must(map != MAP_FAILED, "mmap %s", path);
	close(fd);
	*size = (size_t)st.st_size;
	return map;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < TOPICS && argc > 1; i++) {
		const struct topic *t = &topics[i];

		if (!strcmp(argv[1], t->name) && argc - 2 >= t->least && argc - 2 <= t->most)
			return t->run(argv + 2);
	}
	for (size_t i = 0; i < TOPICS; i++)
		fprintf(stderr, "%s reach %s %s\n", i ? "      " : "usage:", topics[i].name,
			topics[i].usage);
	return 2;
}
