// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/span.h"

void fail(const char *what)
{
	fprintf(stderr, "fsbench: %s: %s\n", what, strerror(errno));
	exit(1);
}

uint64_t span_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Long nops that nothing else has: "kram" and "lram" where one would have an address. */

uint64_t span_begin(void)
{
	uint64_t begin = span_now();

	asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 0x6b, 0x72, 0x61, 0x6d" ::: "memory");
	return begin;
}

uint64_t span_end(uint64_t begin)
{
	asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 0x6c, 0x72, 0x61, 0x6d" ::: "memory");
	return span_now() - begin;
}

void span_print(const char *label, uint64_t items, uint64_t ns)
{
	printf("%s %" PRIu64 " %" PRIu64 "\n", label, items, ns);
	fflush(stdout);
}
