// SPDX-License-Identifier: Apache-2.0
#include "limits.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/lib/conf.h"

#define SCALE_FROM (UINT64_C(128) << 20)

enum form { FORM_SIZE, FORM_NUMBER, FORM_IDS };

/* clang-format off */
static const struct {
	const char *name;
	uint64_t least, most, otherwise;
	enum form form;
} keys[POOL_KEYS] = {
	[POOL_MEMORY_MIN]  = { "memory.min",  0, UINT64_MAX,      0,         FORM_SIZE },
	[POOL_MEMORY_MAX]  = { "memory.max",  0, UINT64_MAX,      POOL_NONE, FORM_SIZE },
	[POOL_MEMORY_HIGH] = { "memory.high", 0, UINT64_MAX,      POOL_NONE, FORM_SIZE },
	[POOL_CPU_WEIGHT]  = { "cpu.weight",  1, POOL_WEIGHT_MAX, 100,       FORM_NUMBER },
	[POOL_CPU_LIMIT]   = { "cpu.max",     1, POOL_CPU_MAX,    POOL_NONE, FORM_NUMBER },
	[POOL_PIDS]        = { "pids.max",    1, POOL_PIDS_MAX,   POOL_NONE, FORM_NUMBER },
	[POOL_IO_WEIGHT]   = { "io.weight",   1, POOL_WEIGHT_MAX, 100,       FORM_NUMBER },
	[POOL_IO_MAX]      = { "io.max",      1, UINT64_MAX,      POOL_NONE, FORM_SIZE },
	[POOL_CPUS]        = { "cpuset.cpus", 0, 0,               0,         FORM_IDS },
	[POOL_NODES]       = { "cpuset.mems", 0, 0,               0,         FORM_IDS },
};
/* clang-format on */

const char *pool_key_name(enum pool_key key)
{
	return keys[key].name;
}

bool pool_key_is_set(enum pool_key key)
{
	return keys[key].form == FORM_IDS;
}

void pool_limits_defaults(struct pool_limits *l)
{
	*l = (struct pool_limits){ 0 };
	for (int k = 0; k < POOL_KEYS; k++) {
		l->value[k] = keys[k].otherwise;
		l->given[k] = true;
	}
	for (int set = 0; set < POOL_SETS; set++)
		strcpy(l->ids[set], "all");
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

static char *ids_of(struct pool_limits *l, enum pool_key key)
{
	return l->ids[key - (POOL_KEYS - POOL_SETS)];
}

void pool_limits_set_ids(struct pool_limits *l, enum pool_key key, const char *ids)
{
	snprintf(ids_of(l, key), IDSET_MAX + 1, "%s", ids);
	l->given[key] = true;
}

const char *pool_limits_ids(const struct pool_limits *l, enum pool_key key)
{
	return l->given[key] ? l->ids[key - (POOL_KEYS - POOL_SETS)] : "all";
}

bool pool_limits_is_default(const struct pool_limits *l, enum pool_key key)
{
	if (pool_key_is_set(key))
		return idset_is_all(pool_limits_ids(l, key));
	return pool_limits_get(l, key) == keys[key].otherwise;
}

static int check_ids(enum pool_key key, const char *ids, struct err *e)
{
	if (idset_valid(ids))
		return 0;
	return err_set(e, ERR_INVALID, "%s is numbers such as 0-3,8, or 2- or all, not '%s'",
		       keys[key].name, ids);
}

static int check_range(enum pool_key key, uint64_t value, struct err *e)
{
	if (value == POOL_NONE && keys[key].otherwise == POOL_NONE)
		return 0;
	if (value != POOL_NONE && value >= keys[key].least && value <= keys[key].most)
		return 0;
	if (keys[key].form == FORM_SIZE)
		return err_set(e, ERR_INVALID, "%s cannot be %s", keys[key].name,
			       value ? "without a bound" : "nothing");
	return err_set(e, ERR_INVALID, "%s is %" PRIu64 " to %" PRIu64 "%s", keys[key].name,
		       keys[key].least, keys[key].most,
		       keys[key].otherwise == POOL_NONE ? ", or max" : "");
}

static int parse_number(enum pool_key key, const char *text, uint64_t *value, struct err *e)
{
	char *end;

	if (keys[key].form == FORM_SIZE || !strcmp(text, "max")) {
		if (size_parse(text, value) == 0)
			return 0;
		return err_set(e, ERR_INVALID,
			       "%s is bytes with an optional K, M or G, or max, not '%s'",
			       keys[key].name, text);
	}
	errno = 0;
	*value = strtoull(text, &end, 10);
	if (errno || *end || !isdigit((unsigned char)*text))
		return err_set(e, ERR_INVALID, "%s is a number, not '%s'", keys[key].name, text);
	return 0;
}

int pool_limits_parse(struct pool_limits *l, enum pool_key key, const char *text, struct err *e)
{
	uint64_t value;

	if (pool_key_is_set(key)) {
		if (check_ids(key, text, e) < 0)
			return -1;
		pool_limits_set_ids(l, key, text);
		return 0;
	}
	if (parse_number(key, text, &value, e) < 0 || check_range(key, value, e) < 0)
		return -1;
	pool_limits_set(l, key, value);
	return 0;
}

static int check_one(const struct pool_limits *l, enum pool_key key, struct err *e)
{
	if (!l->given[key])
		return 0;
	if (pool_key_is_set(key))
		return check_ids(key, pool_limits_ids(l, key), e);
	return check_range(key, l->value[key], e);
}

int pool_limits_check(const struct pool_limits *l, const char *name, struct err *e)
{
	uint64_t min = pool_limits_get(l, POOL_MEMORY_MIN);

	for (int k = 0; k < POOL_KEYS; k++)
		if (check_one(l, (enum pool_key)k, e) < 0)
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
	for (int k = 0; k < POOL_KEYS; k++) {
		if (!over->given[k])
			continue;
		if (pool_key_is_set((enum pool_key)k))
			pool_limits_set_ids(base, (enum pool_key)k,
					    pool_limits_ids(over, (enum pool_key)k));
		else
			pool_limits_set(base, (enum pool_key)k, over->value[k]);
	}
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
