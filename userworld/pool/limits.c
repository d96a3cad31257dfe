// SPDX-License-Identifier: Apache-2.0
#include "limits.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/lib/cgroup.h"
#include "userworld/lib/conf.h"

#define CPU_PERIOD 100000 /* microseconds; cpu.max is a share of it */
#define SCALE_FROM (UINT64_C(128) << 20)

/* clang-format off */
static const struct {
	const char *name;
	uint64_t least, most, otherwise;
	bool size;
} keys[POOL_KEYS] = {
	[POOL_MEMORY_MIN]  = { "memory.min",  0, UINT64_MAX,      0,         true },
	[POOL_MEMORY_MAX]  = { "memory.max",  0, UINT64_MAX,      POOL_NONE, true },
	[POOL_MEMORY_HIGH] = { "memory.high", 0, UINT64_MAX,      POOL_NONE, true },
	[POOL_CPU_WEIGHT]  = { "cpu.weight",  1, POOL_WEIGHT_MAX, 100,       false },
	[POOL_CPU_LIMIT]   = { "cpu.max",     1, POOL_CPU_MAX,    POOL_NONE, false },
	[POOL_PIDS]        = { "pids.max",    1, POOL_PIDS_MAX,   POOL_NONE, false },
};
/* clang-format on */

const char *pool_key_name(enum pool_key key)
{
	return keys[key].name;
}

void pool_limits_set(struct pool_limits *l, enum pool_key key, uint64_t value)
{
	l->value[key] = value;
	l->given[key] = true;
}

uint64_t pool_limits_get(const struct pool_limits *l, enum pool_key key)
{
	return l->given[key] ? l->value[key] : keys[key].otherwise;
}

static int check_range(enum pool_key key, uint64_t value, struct err *e)
{
	if (value == POOL_NONE && keys[key].otherwise == POOL_NONE)
		return 0;
	if (keys[key].size ? value != POOL_NONE
			   : value >= keys[key].least && value <= keys[key].most)
		return 0;
	if (keys[key].size)
		return err_set(e, ERR_INVALID, "%s cannot be without a bound", keys[key].name);
	return err_set(e, ERR_INVALID, "%s is %" PRIu64 " to %" PRIu64 "%s", keys[key].name,
		       keys[key].least, keys[key].most,
		       keys[key].otherwise == POOL_NONE ? ", or max" : "");
}

int pool_value_parse(enum pool_key key, const char *text, uint64_t *value, struct err *e)
{
	if (keys[key].size || !strcmp(text, "max")) {
		if (size_parse(text, value) < 0)
			return err_set(e, ERR_INVALID,
				       "%s is bytes with an optional K, M or G, or max, not '%s'",
				       keys[key].name, text);
	} else {
		char *end;

		errno = 0;
		*value = strtoull(text, &end, 10);
		if (errno || *end || !isdigit((unsigned char)*text))
			return err_set(e, ERR_INVALID, "%s is a number, not '%s'", keys[key].name,
				       text);
	}
	return check_range(key, *value, e);
}

int pool_limits_check(const struct pool_limits *l, const char *name, struct err *e)
{
	uint64_t min = pool_limits_get(l, POOL_MEMORY_MIN);

	for (int k = 0; k < POOL_KEYS; k++)
		if (l->given[k] && check_range((enum pool_key)k, l->value[k], e) < 0)
			return err_wrap(e, "pool %s", name);
	if (min > pool_limits_get(l, POOL_MEMORY_MAX))
		return err_set(e, ERR_INVALID, "pool %s: memory.min is more than memory.max", name);
	if (min > pool_limits_get(l, POOL_MEMORY_HIGH))
		return err_set(e, ERR_INVALID, "pool %s: memory.min is more than memory.high",
			       name);
	return 0;
}

void pool_limits_merge(struct pool_limits *base, const struct pool_limits *over)
{
	for (int k = 0; k < POOL_KEYS; k++)
		if (over->given[k])
			pool_limits_set(base, (enum pool_key)k, over->value[k]);
}

static int apply_one(int group, enum pool_key key, uint64_t value, struct err *e)
{
	char text[64];

	if (key != POOL_CPU_LIMIT || value == POOL_NONE)
		return cgroup_write_u64(group, keys[key].name, value, e);
	snprintf(text, sizeof(text), "%" PRIu64 " %d", value * (CPU_PERIOD / 100), CPU_PERIOD);
	return cgroup_write(group, keys[key].name, text, e);
}

int pool_limits_apply(int group, const struct pool_limits *l, struct err *e)
{
	int rc = 0;

	for (int k = 0; k < POOL_KEYS; k++) {
		struct err fault = ERR_INIT;

		if (!l->given[k] || apply_one(group, (enum pool_key)k, l->value[k], &fault) == 0)
			continue;
		/* What a controller that is not there would do by itself is no loss. */
		if (fault.kind == ERR_UNAVAILABLE && l->value[k] == keys[k].otherwise)
			continue;
		if (rc == 0 && e)
			*e = fault;
		rc = -1;
	}
	return rc;
}

uint64_t pool_scaled(uint64_t base, unsigned int permille, uint64_t memory_total)
{
	if (base == POOL_NONE || memory_total <= SCALE_FROM)
		return base;
	return base + (memory_total - SCALE_FROM) / 1000 * permille;
}

uint64_t pool_reservable(uint64_t memory_total)
{
	return memory_total / 2;
}
