/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pools.conf(5): limits of pools that an administrator has set, a line each:
 * "host/user/apps memory.max=256M cpu.weight=200". A line for a userworld's pool
 * goes over what the world's own file says. Pure.
 */
#ifndef POOL_POOLS_H
#define POOL_POOLS_H

#include <stddef.h>

#include "limits.h"
#include "userworld/lib/cgroup.h"

#define POOLS_FILE "/etc/pools.conf"
#define POOLS_MAX 64

struct pool_line {
	char pool[CGROUP_PATH_MAX + 1];
	struct pool_limits limits;
};

/* "host" or a path below it of parts of letters, digits, '.', '_' and '-'. */
bool pool_name_valid(const char *pool);

/* Reads the text of a file called name; at most POOLS_MAX lines. Returns how many. */
int pools_parse(const char *name, const char *text, struct pool_line *out, struct err *e);

const struct pool_line *pools_find(const struct pool_line *lines, int count, const char *pool);

/*
 * The text with this pool's line made anew, or without it if limits is NULL;
 * all else stays as it was. Allocated; NULL for lack of memory.
 */
char *pools_edit(const char *text, const char *pool, const struct pool_limits *limits);

#endif
