/* SPDX-License-Identifier: Apache-2.0 */
/* The pool the session is in, and what to tell a person whose commands meet its limits. */
#ifndef TSM_POOL_H
#define TSM_POOL_H

#include <stddef.h>

#include "userworld/lib/cgroup.h"
#include "userworld/pool/bites.h"

struct own_pool {
	char name[CGROUP_PATH_MAX + 1];
	int group;  /* -1: none known */
	int events; /* pids.events, readable (POLLPRI) when a fork was refused; -1 */
	struct bites told;
};

void own_pool_open(struct own_pool *p);

/*
 * What has happened since the last call, as lines for a terminal in raw mode,
 * or "". forks: tell of refused forks; cpu: of CPU time cut short.
 */
void own_pool_news(struct own_pool *p, int forks, int cpu, char *buf, size_t size);

/* Pure: the line about n refused forks. */
void refusal_text(char *buf, size_t size, const char *pool, const char *limit);
void throttle_text(char *buf, size_t size, const char *pool, unsigned int percent, double seconds);

#endif
