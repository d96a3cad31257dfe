// SPDX-License-Identifier: Apache-2.0
/*
 * A userworld that leaks: takes memory at a steady rate and touches it, until
 * it has what it was told or somebody ends it. For tests and demonstrations.
 *
 *	membomb [MB_PER_SECOND [MB_IN_ALL]]
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define CHUNK (UINT64_C(1) << 20)
#define RATE_DEFAULT 100

static void take_chunk(void)
{
	char *p = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		fprintf(stderr, "membomb: refused: %s\n", strerror(errno));
		exit(1);
	}
	memset(p, 0xa5, CHUNK);
}

int main(int argc, char **argv)
{
	long rate = argc > 1 ? atol(argv[1]) : RATE_DEFAULT;
	long limit = argc > 2 ? atol(argv[2]) : 0;
	struct timespec pause_for = { .tv_nsec = 1000000000L / (rate > 0 ? rate : 1) };

	for (long mb = 0; !limit || mb < limit; mb++) {
		take_chunk();
		nanosleep(&pause_for, NULL);
	}
	printf("membomb: holds %ld MB\n", limit);
	fflush(stdout);
	for (;;)
		pause();
}
