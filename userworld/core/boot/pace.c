// SPDX-License-Identifier: Apache-2.0
#include "pace.h"

#include <time.h>

#include "userworld/core/internal.h"
#include "userworld/core/system/memory.h"

#define CHECK_EVERY (1u << 20) /* bytes between two looks at the memory */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void boot_pace_start(struct boot_pace *p, uint64_t rate)
{
	*p = (struct boot_pace){ .rate = rate, .begin = now_ms() };
}

int64_t boot_pace_due(const struct boot_pace *p, int64_t now)
{
	int64_t due = p->rate ? p->begin + (int64_t)(p->bytes * 1000 / p->rate) : now;

	return due > now ? due - now : 0;
}

static int check_memory(struct err *e)
{
	uint64_t total, available;

	if (core_memory(&total, &available, e) < 0)
		return -1;
	if (available >= total / PACE_SHORT)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "the host is short of memory: try again later");
}

int boot_pace(void *pace, size_t bytes, struct err *e)
{
	struct boot_pace *p = pace;
	struct timespec wait = { 0 };
	int64_t due;

	p->bytes += bytes;
	if (!p->rate)
		return 0;
	due = boot_pace_due(p, now_ms());
	wait.tv_sec = due / 1000;
	wait.tv_nsec = due % 1000 * 1000000;
	nanosleep(&wait, NULL);
	if (p->bytes - p->checked < CHECK_EVERY)
		return 0;
	p->checked = p->bytes;
	return check_memory(e);
}
