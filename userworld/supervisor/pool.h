/* SPDX-License-Identifier: Apache-2.0 */
/* A world's cgroup: made with its limits, watched for being empty. */
#ifndef SUPERVISOR_POOL_H
#define SUPERVISOR_POOL_H

#include "policy.h"
#include "world.h"

/*
 * Makes the world's pool if need be, sets all its limits and watches it. A
 * limit the kernel cannot give (controller missing) is logged and left out.
 */
int pool_prepare(struct table *t, struct world *w, struct err *e);

/* What a world may have: its file, scaled to the host, and what an administrator said of its pool.
 */
void pool_contract(const struct table *t, const struct world_conf *c, struct pool_limits *l);

/* Reservations of all worlds that stay, but one; at most WORLDS_MAX. Returns how many. */
size_t pool_claims(struct table *t, const struct world *without, struct claim *claims);

/* Sets all limits anew: worlds, branches, pools that an administrator has made. */
void pool_refresh(struct table *t);

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
