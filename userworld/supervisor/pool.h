/* SPDX-License-Identifier: Apache-2.0 */
/* A world's cgroup: made with its limits, watched for being empty. */
#ifndef SUPERVISOR_POOL_H
#define SUPERVISOR_POOL_H

#include "world.h"

/*
 * Makes the world's pool if need be, sets all its limits and watches it. A
 * limit the kernel cannot give (controller missing) is logged and left out.
 */
int pool_prepare(struct table *t, struct world *w, struct err *e);

/* Sets memory.min of the pools above the worlds' own to what those need together. */
void pool_reserve(struct table *t);

/* True if no process is left in it, or it has none. */
bool pool_empty(struct world *w);

/* Kills everything in it, and the main process wherever it is; safe to repeat. */
void pool_sweep(struct world *w);

/* Forgets the pool and removes it from the hierarchy, if it is empty. */
void pool_drop(struct table *t, struct world *w);

/* How often the kernel ended the pool because it was at its own memory.max. */
uint64_t pool_oom_kills(const struct world *w);

#endif
