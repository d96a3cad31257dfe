// SPDX-License-Identifier: Apache-2.0
/* sched.group: the tree of resource pools, live and for later boots. */
#include "sched.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "userworld/pool/apply.h"

#define MEMORY_MAX ((json_int_t)1 << 50)

/* Parameters by key. */
static const char *const settable[POOL_KEYS] = {
	[POOL_MEMORY_MIN] = "memory_min",
	[POOL_MEMORY_MAX] = "memory_max",
	[POOL_MEMORY_HIGH] = "memory_high",
	[POOL_CPU_WEIGHT] = "cpu_weight",
	[POOL_CPU_LIMIT] = "cpu_max",
	[POOL_PIDS] = "pids_max",
	[POOL_IO_WEIGHT] = "io_weight",
	[POOL_IO_MAX] = "io_max",
	[POOL_CPUS] = "cpus",
	[POOL_NODES] = "nodes",
};

static int group_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int root = sched_open_root(e);
	json_t *rows = root < 0 ? NULL : sched_walk(root, e);

	(void)params;
	if (!rows)
		return -1;
	*result = rows;
	return 0;
}

static bool any_given(const struct pool_limits *l)
{
	for (int k = 0; k < POOL_KEYS; k++)
		if (l->given[k])
			return true;
	return false;
}

static int group_get(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "group");
	_cleanup_close_ int root = sched_open_root(e);
	_cleanup_close_ int group = root < 0 ? -1 : sched_open_group(root, name, e);
	struct pool_limits own;
	json_t *answer;

	if (group < 0 || sched_kept(name, &own, e) < 0)
		return -1;
	answer = sched_describe(group, name);
	if (answer)
		json_object_set_new(answer, "changed", json_boolean(any_given(&own)));
	return core_give(result, answer, e);
}

static void take_params(json_t *params, struct pool_limits *l)
{
	for (int k = 0; k < POOL_KEYS; k++) {
		json_t *value = json_object_get(params, settable[k]);
		json_int_t n = json_integer_value(value);

		if (json_is_string(value))
			pool_limits_set_ids(l, (enum pool_key)k, json_string_value(value));
		else if (json_is_integer(value))
			pool_limits_set(l, (enum pool_key)k, n < 0 ? POOL_NONE : (uint64_t)n);
	}
}

static int set_limits(int root, const char *name, const struct pool_limits *change, struct err *e)
{
	_cleanup_close_ int group = sched_open_group(root, name, e);
	struct pool_limits own;
	struct pool_host host;

	if (group < 0 || sched_kept(name, &own, e) < 0 || sched_host(&host, e) < 0)
		return -1;
	if (!strcmp(name, "host") && change->given[POOL_MEMORY_HIGH])
		return err_set(e, ERR_CONFLICT,
			       "memory.high of host belongs to oomd, which is "
			       "woken by it");
	pool_limits_merge(&own, change);
	if (sched_admit(root, name, &own, &host, e) < 0)
		return -1;
	/* The kernel first: what it refuses is not kept. */
	if (pool_limits_apply(group, change, &host, e) < 0)
		return -1;
	return sched_keep(name, &own, e);
}

static int group_set(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "group");
	_cleanup_close_ int root = sched_open_root(e);
	_cleanup_close_ int group = root < 0 ? -1 : sched_open_group(root, name, e);
	struct pool_limits change = { 0 };

	(void)result;
	if (group < 0)
		return -1;
	take_params(params, &change);
	if (json_is_true(json_object_get(params, "reset"))) {
		if (any_given(&change))
			return err_set(e, ERR_USAGE, "reset goes without other limits");
		return sched_keep(name, NULL, e);
	}
	if (!any_given(&change))
		return err_set(e, ERR_USAGE, "no limit was given");
	return set_limits(root, name, &change, e);
}

static int group_add(json_t *params, json_t **result, struct err *e)
{
	const char *parent = core_string(params, "parent"), *name = core_string(params, "name");
	_cleanup_close_ int root = sched_open_root(e);
	_cleanup_close_ int above = root < 0 ? -1 : sched_open_group(root, parent, e);
	struct pool_limits limits = { 0 };
	struct pool_host host;
	char pool[CGROUP_PATH_MAX + 1], world[32];
	int made;
	bool essential;

	(void)result;
	if (above < 0)
		return -1;
	if (snprintf(pool, sizeof(pool), "%s/%s", parent, name) >= (int)sizeof(pool) ||
	    !pool_name_valid(pool))
		return err_set(e, ERR_INVALID, "%s/%s cannot be the name of a pool", parent, name);
	if (cgroup_world(above, world, &essential))
		return err_set(e, ERR_CONFLICT,
			       "pool %s belongs to userworld %s: no other lies "
			       "inside it",
			       parent, world);
	if (faccessat(root, pool, F_OK, 0) == 0)
		return err_set(e, ERR_CONFLICT, "there is a pool %s", pool);
	take_params(params, &limits);
	if (sched_host(&host, e) < 0 || sched_admit(root, pool, &limits, &host, e) < 0 ||
	    (made = cgroup_make(root, pool, e)) < 0)
		return -1;
	if (pool_limits_apply(made, &limits, &host, e) < 0 || sched_keep(pool, &limits, e) < 0) {
		close(made);
		cgroup_remove(root, pool, NULL);
		return -1;
	}
	close(made);
	return 0;
}

static int group_delete(json_t *params, json_t **result, struct err *e)
{
	static const char *const fixed[] = { "host", "host/system", "host/vim", "host/user" };
	const char *name = core_string(params, "group");
	_cleanup_close_ int root = sched_open_root(e);
	_cleanup_close_ int group = root < 0 ? -1 : sched_open_group(root, name, e);
	char world[32];
	bool essential;

	(void)result;
	if (group < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		if (!strcmp(name, fixed[i]))
			return err_set(e, ERR_CONFLICT, "pool %s is part of the system", name);
	if (cgroup_world(group, world, &essential))
		return err_set(
			e, ERR_CONFLICT,
			"pool %s belongs to userworld %s; 'set --reset' takes back its limits",
			name, world);
	if (cgroup_remove(root, name, e) < 0)
		return err_wrap(e, "there are pools or processes in it");
	return sched_keep(name, NULL, e);
}

#define LIMIT_PARAMS                                                                                \
	{                                                                                           \
		"memory_min", CORE_INT,		 .bytes = true,                                     \
		.min = 0,     .max = MEMORY_MAX, .help = "Reservation"                              \
	},                                                                                          \
		{ "memory_max", CORE_INT,	   .bytes = true,                                   \
		  .min = -1,	.max = MEMORY_MAX, .help = "Hard limit; -1: none" },                \
		{ "memory_high", CORE_INT,	    .bytes = true,                                  \
		  .min = -1,	 .max = MEMORY_MAX, .help = "Soft limit; -1: none" },               \
		{ "cpu_weight",		  CORE_INT,	      .min = 1,                             \
		  .max = POOL_WEIGHT_MAX, .otherwise = "100", .help = "Shares" },                   \
		{ "cpu_max", CORE_INT, .min = -1, .max = POOL_CPU_MAX,                              \
		  .help = "Percent of one CPU; -1: no limit" },                                     \
		{ "pids_max", CORE_INT, .min = -1, .max = POOL_PIDS_MAX,                            \
		  .help = "Processes and threads; -1: no limit" },                                  \
		{ "io_weight",	      CORE_INT,                                                     \
		  .min = 1,	      .max = POOL_WEIGHT_MAX,                                       \
		  .otherwise = "100", .help = "Shares of disks" },                                  \
		{ "io_max",  CORE_INT,		.bytes = true,                                      \
		  .min = -1, .max = MEMORY_MAX, .help = "Of each disk in a second; -1: no limit" }, \
		{ "cpus", CORE_STRING, .min = 1, .max = IDSET_MAX,                                  \
		  .help = "CPUs it runs on: 0-3,8, 2- or all" },                                    \
	{                                                                                           \
		"nodes", CORE_STRING, .min = 1, .max = IDSET_MAX,                                   \
				      .help = "Memory nodes: 0,1, 1- or all"                        \
	}

#define GROUP_PARAM                                                                                \
	{                                                                                          \
		"group", CORE_STRING, .required = true, .min = 1, .max = CGROUP_PATH_MAX,          \
				      .among = "sched.group.list group", .help = "Pool: host/user" \
	}

static const struct core_param get_params[] = { GROUP_PARAM, { 0 } };

static const struct core_param set_params[] = {
	GROUP_PARAM,
	LIMIT_PARAMS,
	{ "reset", CORE_BOOL, .help = "Back to what it has by itself" },
	{ 0 },
};

static const struct core_param add_params[] = {
	{ "parent", CORE_STRING, .required = true, .min = 1, .max = CGROUP_PATH_MAX,
	  .among = "sched.group.list group", .help = "Pool above it: host/user" },
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 64, .help = "Its name there" },
	LIMIT_PARAMS,
	{ 0 },
};

const struct core_op core_sched_ops[] = {
	{
		.name = "sched.group.list",
		.method = "GET",
		.path = "/sched/groups",
		.run = group_list,
		.help = "Resource pools with their contracts and use",
	},
	{
		.name = "sched.group.get",
		.method = "GET",
		.path = "/sched/group",
		.params = get_params,
		.run = group_get,
		.help = "One resource pool",
	},
	{
		.name = "sched.group.set",
		.method = "PATCH",
		.path = "/sched/group",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = group_set,
		.help = "Changes limits of a pool, at once and for later boots",
	},
	{
		.name = "sched.group.add",
		.method = "POST",
		.path = "/sched/groups",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = add_params,
		.run = group_add,
		.help = "Makes a pool",
	},
	{
		.name = "sched.group.delete",
		.method = "DELETE",
		.path = "/sched/group",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = get_params,
		.run = group_delete,
		.help = "Removes an empty pool that was made",
	},
	{ 0 },
};
