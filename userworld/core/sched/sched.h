/* SPDX-License-Identifier: Apache-2.0 */
/* Resource pools as operations: what sched.c and its parts share. */
#ifndef VISOR_CORE_SCHED_SCHED_H
#define VISOR_CORE_SCHED_SCHED_H

#include <jansson.h>

#include "err.h"
#include "userworld/pool/host.h"
#include "userworld/pool/pools.h"

/* A descriptor of the cgroup hierarchy. */
int sched_open_root(struct err *e);

/* ERR_INVALID if it is no name, ERR_NOT_FOUND if there is no such pool; else a descriptor. */
int sched_open_group(int root, const char *group, struct err *e);

/* One pool with its contract and what it uses; NULL for lack of memory. */
json_t *sched_describe(int group, const char *pool);

/* All pools from host on, in the order of their names. */
json_t *sched_walk(int root, struct err *e);

/* What this host has. */
int sched_host(struct pool_host *h, struct err *e);

/*
 * Whether the host can honour what a pool is to have: every pool above allows it, all
 * reservations with those of ramdisks fit (pool_reservable()), and it has the CPUs and
 * memory nodes.
 */
int sched_admit(int root, const char *group, const struct pool_limits *l,
		const struct pool_host *host, struct err *e);

/* Whether a ramdisk may reserve more than before: the same sum. */
int sched_admit_ramdisk(const char *name, uint64_t before, uint64_t after, struct err *e);

/* Keeps limits (NULL: none of its own) in pools.conf and tells the supervisor, if it is there. */
int sched_keep(const char *group, const struct pool_limits *l, struct err *e);

/* What pools.conf says of a pool; all zero if nothing. */
int sched_kept(const char *group, struct pool_limits *l, struct err *e);

#endif
