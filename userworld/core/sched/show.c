// SPDX-License-Identifier: Apache-2.0
/* Pools as the kernel has them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "sched.h"
#include "userworld/pool/bites.h"

#define DEPTH_MAX 8
#define CPU_PERIOD_DEFAULT 100000

int sched_open_root(struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_SYSFS, CGROUP_ROOT) < 0)
		return -1;
	return cgroup_open_root(path, e);
}

int sched_open_group(int root, const char *group, struct err *e)
{
	int fd;

	if (!pool_name_valid(group))
		return err_set(e, ERR_INVALID, "'%s' is no pool: a path from host on", group);
	fd = openat(root, group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return err_set(e, ERR_NOT_FOUND, "there is no pool %s", group);
	return fd < 0 ? err_sys(e, errno, "pool %s", group) : fd;
}

/* -1 stands for "no limit". */
static json_t *limit(int group, const char *file)
{
	uint64_t value;

	if (cgroup_read_u64(group, file, &value, NULL) < 0)
		return json_null();
	return json_integer(value > INT64_MAX ? -1 : (json_int_t)value);
}

/* "50000 100000" is 50 percent of one CPU. */
static json_t *cpu_limit(int group)
{
	char text[64], *end;
	long long quota, period;

	if (cgroup_read(group, "cpu.max", text, sizeof(text), NULL) < 0)
		return json_null();
	if (!strncmp(text, "max", 3))
		return json_integer(-1);
	quota = strtoll(text, &end, 10);
	period = strtoll(end, NULL, 10);
	return json_integer(quota * 100 / (period > 0 ? period : CPU_PERIOD_DEFAULT));
}

/* "default 100": what it has of each disk. */
static json_t *disk_share(int group)
{
	uint64_t share;

	if (cgroup_stat(group, "io.weight", "default", &share, NULL) < 0)
		return json_null();
	return json_integer((json_int_t)share);
}

/* "254:0 rbps=1048576 wbps=...": each disk has the same. */
static json_t *disk_limit(int group)
{
	char text[4096];
	const char *rate;

	if (cgroup_read(group, "io.max", text, sizeof(text), NULL) < 0)
		return json_null();
	rate = strstr(text, " rbps=");
	if (!rate || !strncmp(rate + 6, "max", 3))
		return json_integer(-1);
	return json_integer(strtoll(rate + 6, NULL, 10));
}

/* Numbers it has now, whatever it was given. */
static json_t *ids(int group, const char *file)
{
	char text[256];

	if (cgroup_read(group, file, text, sizeof(text), NULL) < 0)
		return json_null();
	return json_string(text);
}

static json_int_t used_cpu(int group)
{
	uint64_t us = 0;

	cgroup_stat(group, "cpu.stat", "usage_usec", &us, NULL);
	return (json_int_t)us;
}

json_t *sched_describe(int group, const char *pool)
{
	struct bites b;
	bool essential = false;
	char world[32] = "";

	cgroup_world(group, world, &essential);
	bites_read(group, &b);
	return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:I, s:I, "
			 "s:I, s:I, s:I, s:o, s:o, s:o, s:o}",
			 "group", pool, "world", world, "essential", essential, "memory_used",
			 limit(group, "memory.current"), "memory_min", limit(group, "memory.min"),
			 "memory_max", limit(group, "memory.max"), "memory_high",
			 limit(group, "memory.high"), "cpu_weight", limit(group, "cpu.weight"),
			 "cpu_max", cpu_limit(group), "cpu_used_us", used_cpu(group), "pids",
			 limit(group, "pids.current"), "pids_max", limit(group, "pids.max"),
			 "slowed", (json_int_t)b.memory_high, "refused_memory",
			 (json_int_t)b.memory_max, "ended", (json_int_t)b.oom_kills,
			 "refused_forks", (json_int_t)b.pids, "throttled", (json_int_t)b.throttled,
			 "io_weight", disk_share(group), "io_max", disk_limit(group), "cpus",
			 ids(group, "cpuset.cpus.effective"), "nodes",
			 ids(group, "cpuset.mems.effective"));
}

static int is_group(const struct dirent *entry)
{
	return entry->d_type == DT_DIR && entry->d_name[0] != '.';
}

static int walk(json_t *rows, int root, const char *pool, int depth, struct err *e)
{
	_cleanup_close_ int group = cgroup_open(root, pool, NULL);
	struct dirent **entries;
	int n, rc = 0;

	if (group < 0)
		return 0; /* gone meanwhile */
	if (json_array_append_new(rows, sched_describe(group, pool)) < 0)
		return core_nomem(e);
	n = depth < DEPTH_MAX ? scandirat(group, ".", &entries, is_group, alphasort) : 0;
	for (int i = 0; i < n; i++) {
		char path[CGROUP_PATH_MAX + 1];

		if (rc == 0 && snprintf(path, sizeof(path), "%s/%s", pool, entries[i]->d_name) <
				       (int)sizeof(path))
			rc = walk(rows, root, path, depth + 1, e);
		free(entries[i]);
	}
	if (n > 0)
		free(entries);
	return rc;
}

json_t *sched_walk(int root, struct err *e)
{
	json_t *rows = json_array();

	if (rows && walk(rows, root, "host", 0, e) == 0)
		return rows;
	json_decref(rows);
	return NULL;
}
