// SPDX-License-Identifier: Apache-2.0
#include <time.h>

#include "record.h"

static int64_t clock_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t uptime_now(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

struct boot_clock clock_now(void)
{
	int64_t real = clock_us(CLOCK_REALTIME);

	return (struct boot_clock){
		.boot = real - uptime_now(),
		.right = real >= CLOCK_RIGHT_FROM * 1000000,
	};
}
