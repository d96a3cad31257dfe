// SPDX-License-Identifier: Apache-2.0
#include "usage.h"

#include <inttypes.h>

#include "userworld/lib/human.h"

static void line(const struct usage *u, uint64_t bytes, const char *path)
{
	char text[HUMAN_MAX];

	if (u->human)
		fprintf(u->out, "%s\t%s\n", human_size(bytes, text), path);
	else
		fprintf(u->out, "%" PRIu64 "\t%s\n", (bytes + 1023) / 1024, path);
}

int usage_enter(struct usage *u, uint64_t charged)
{
	if (u->depth == USAGE_DEPTH_MAX)
		return -1;
	u->sums[u->depth++] = charged;
	return 0;
}

void usage_leave(struct usage *u, const char *path)
{
	uint64_t sum = u->sums[--u->depth];

	if (u->depth)
		u->sums[u->depth - 1] += sum;
	line(u, sum, path);
}

void usage_file(struct usage *u, const char *path, uint64_t charged)
{
	if (u->depth)
		u->sums[u->depth - 1] += charged;
	if (u->all || !u->depth)
		line(u, charged, path);
}
