/* SPDX-License-Identifier: Apache-2.0 */
/* What oomd is, and what it waits for. */
#ifndef OOMD_WATCH_H
#define OOMD_WATCH_H

#include <stdint.h>

#include "gauge.h"
#include "kill.h"
#include "settings.h"

enum {
	WATCH_WIRE,
	WATCH_STALL,
	WATCH_WORLDS,
	WATCH_HOTPLUG,
	WATCH_VICTIM,
	WATCH_TIMER,
	WATCH_COUNT
};

struct oomd {
	int epoll;
	int fds[WATCH_COUNT]; /* -1: not watched */
	int top;	      /* the pool TOP, -1 without memory controller */
	struct gauge gauge;
	uint64_t wire; /* where the tripwire is, bytes */
	struct oom_settings settings;
	int64_t tried;	  /* when reclaiming and purging were tried last, ms; 0: never */
	bool said_enough; /* since its start */
	struct killer killer;
};

extern struct oomd oomd;

/* Has epoll wait for fd, which becomes that of what; closed on failure (-1). */
int watch_add(int fd, uint32_t events, unsigned int what);

/* Opens and watches all but a victim. What is missing on this host is logged. */
void watch_all(void);

#endif
