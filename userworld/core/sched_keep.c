// SPDX-License-Identifier: Apache-2.0
/* Pools as they are to be: what can be honoured, and pools.conf. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cleanup.h"
#include "conf.h"
#include "file.h"
#include "human.h"
#include "internal.h"
#include "sched.h"
#include "worldctl.h"

static uint64_t read_u64(int root, const char *group, const char *file, uint64_t otherwise)
{
	_cleanup_close_ int fd = cgroup_open(root, group, NULL);
	uint64_t value;

	return fd >= 0 && cgroup_read_u64(fd, file, &value, NULL) == 0 ? value : otherwise;
}

static int memory_total(uint64_t *bytes, struct err *e)
{
	char path[CORE_PATH_MAX], text[2048];
	const char *line;

	if (core_path(path, e, CORE_PROC, "/proc/meminfo") < 0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), e) < 0)
		return -1;
	line = strstr(text, "MemTotal:");
	*bytes = line ? strtoull(line + 9, NULL, 10) * 1024 : 0;
	return 0;
}

static int refuse(const char *group, uint64_t want, const char *above, uint64_t have, struct err *e)
{
	char w[HUMAN_MAX], h[HUMAN_MAX];

	return err_set(e, ERR_NO_SPACE,
		       "pool %s: with this, %s would have to be reserved in %s, which may have "
		       "only %s",
		       group, human_size(want, w), above, human_size(have, h));
}

/* Every pool above needs what the ones below it need: theirs now, and the difference. */
static int check_above(int root, const char *group, uint64_t less, uint64_t more, uint64_t total,
		       struct err *e)
{
	char above[CGROUP_PATH_MAX + 1], *slash;

	strcpy(above, group);
	while ((slash = strrchr(above, '/'))) {
		uint64_t sum, most;

		*slash = '\0';
		sum = read_u64(root, above, "memory.min", 0);
		sum = (sum > less ? sum - less : 0) + more;
		most = read_u64(root, above, "memory.max", POOL_NONE);
		if (!strcmp(above, "host") && pool_reservable(total) < most)
			most = pool_reservable(total);
		if (sum > most)
			return refuse(group, sum, above, most, e);
	}
	return 0;
}

int sched_admit(int root, const char *group, const struct pool_limits *l, struct err *e)
{
	uint64_t before = read_u64(root, group, "memory.min", 0);
	uint64_t after = l->given[POOL_MEMORY_MIN] ? l->value[POOL_MEMORY_MIN] : before;
	uint64_t max = l->given[POOL_MEMORY_MAX] ? l->value[POOL_MEMORY_MAX]
						 : read_u64(root, group, "memory.max", POOL_NONE);
	uint64_t total;

	if (pool_limits_check(l, group, e) < 0 || memory_total(&total, e) < 0)
		return -1;
	if (after > max)
		return refuse(group, after, group, max, e);
	if (after <= before)
		return 0;
	return check_above(root, group, before, after, total, e);
}

static int read_file(char path[static CORE_PATH_MAX], char **text, struct err *e)
{
	struct err fault = ERR_INIT;

	if (core_path(path, e, CORE_ROOT, POOLS_FILE) < 0)
		return -1;
	if (file_read(path, CONF_FILE_MAX, text, NULL, &fault) == 0)
		return 0;
	*text = fault.kind == ERR_NOT_FOUND ? strdup("") : NULL;
	if (*text)
		return 0;
	if (e)
		*e = fault;
	return -1;
}

int sched_kept(const char *group, struct pool_limits *l, struct err *e)
{
	_cleanup_free_ struct pool_line *lines = calloc(POOLS_MAX, sizeof(*lines));
	_cleanup_free_ char *text = NULL;
	const struct pool_line *line;
	char path[CORE_PATH_MAX];
	int n;

	if (!lines)
		return core_nomem(e);
	if (read_file(path, &text, e) < 0 || (n = pools_parse(path, text, lines, e)) < 0)
		return -1;
	line = pools_find(lines, n, group);
	*l = line ? line->limits : (struct pool_limits){ 0 };
	return 0;
}

int sched_keep(const char *group, const struct pool_limits *l, struct err *e)
{
	_cleanup_free_ struct pool_line *lines = calloc(POOLS_MAX, sizeof(*lines));
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *next = NULL;
	char path[CORE_PATH_MAX], socket[CORE_PATH_MAX];
	struct err fault = ERR_INIT;

	if (!lines)
		return core_nomem(e);
	if (read_file(path, &text, e) < 0 || core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	next = pools_edit(text, group, l);
	if (!next)
		return core_nomem(e);
	/* A file that the supervisor would refuse is not written. Sticky: it is state. */
	if (pools_parse(path, next, lines, e) < 0 ||
	    file_write_atomic(path, next, strlen(next), 01644, e) < 0)
		return -1;
	if (world_reload(socket, &fault) == 0 || fault.kind == ERR_UNAVAILABLE)
		return 0;
	if (e)
		*e = fault;
	return -1;
}
