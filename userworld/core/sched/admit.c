// SPDX-License-Identifier: Apache-2.0
/* What a host can honour: reservations of pools and ramdisks together, CPUs and memory nodes it
 * has. */
#include <string.h>

#include "cgroup.h"
#include "cleanup.h"
#include "human.h"
#include "sched.h"
#include "userworld/core/internal.h"

int sched_host(struct pool_host *h, struct err *e)
{
	return pool_host_read(core_prefix(CORE_PROC), core_prefix(CORE_SYSFS), h, e);
}

static uint64_t read_u64(int root, const char *group, const char *file, uint64_t otherwise)
{
	_cleanup_close_ int fd = cgroup_open(root, group, NULL);
	uint64_t value;

	return fd >= 0 && cgroup_read_u64(fd, file, &value, NULL) == 0 ? value : otherwise;
}

static int refuse(const char *group, uint64_t want, const char *above, uint64_t have, struct err *e)
{
	char w[HUMAN_MAX], h[HUMAN_MAX];

	return err_set(e, ERR_NO_SPACE,
		       "pool %s: with this, %s would have to be reserved in %s, which may have "
		       "only %s",
		       group, human_size(want, w), above, human_size(have, h));
}

static bool reservable(uint64_t sum, uint64_t total)
{
	return sum <= pool_reservable(total);
}

static int refuse_sum(const char *what, const char *name, uint64_t pools, uint64_t ramdisks,
		      uint64_t total, struct err *e)
{
	char p[HUMAN_MAX], r[HUMAN_MAX], all[HUMAN_MAX];

	return err_set(e, ERR_NO_SPACE,
		       "%s %s: with this, %s would be reserved by pools and %s by ramdisks; this "
		       "host can reserve %s in all",
		       what, name, human_size(pools, p), human_size(ramdisks, r),
		       human_size(pool_reservable(total), all));
}

/* Every pool above needs what the ones below it need: theirs now, and the difference. */
static int check_above(int root, const char *group, uint64_t less, uint64_t more, uint64_t total,
		       struct err *e)
{
	uint64_t ramdisks = pool_host_ramdisks(core_prefix(CORE_SYSFS));
	char above[CGROUP_PATH_MAX + 1], *slash;

	strcpy(above, group);
	while ((slash = strrchr(above, '/'))) {
		uint64_t sum, most;

		*slash = '\0';
		sum = read_u64(root, above, "memory.min", 0);
		sum = (sum > less ? sum - less : 0) + more;
		most = read_u64(root, above, "memory.max", POOL_NONE);
		if (sum > most)
			return refuse(group, sum, above, most, e);
		if (!strcmp(above, "host") && !reservable(sum + ramdisks, total))
			return refuse_sum("pool", group, sum, ramdisks, total, e);
	}
	return 0;
}

int sched_admit(int root, const char *group, const struct pool_limits *l,
		const struct pool_host *host, struct err *e)
{
	uint64_t before = read_u64(root, group, "memory.min", 0);
	uint64_t after = l->given[POOL_MEMORY_MIN] ? l->value[POOL_MEMORY_MIN] : before;
	uint64_t max = l->given[POOL_MEMORY_MAX] ? l->value[POOL_MEMORY_MAX]
						 : read_u64(root, group, "memory.max", POOL_NONE);

	if (pool_limits_check(l, group, e) < 0)
		return -1;
	if (pool_host_has(host, l, e) < 0)
		return err_wrap(e, "pool %s", group);
	if (after > max)
		return refuse(group, after, group, max, e);
	if (after <= before)
		return 0;
	return check_above(root, group, before, after, host->memory_total, e);
}

int sched_admit_ramdisk(const char *name, uint64_t before, uint64_t after, struct err *e)
{
	uint64_t pools, ramdisks = pool_host_ramdisks(core_prefix(CORE_SYSFS));
	_cleanup_close_ int root = -1;
	struct pool_host host;

	if (after <= before)
		return 0;
	root = sched_open_root(e);
	if (root < 0 || sched_host(&host, e) < 0)
		return -1;
	pools = read_u64(root, "host", "memory.min", 0);
	ramdisks = (ramdisks > before ? ramdisks - before : 0) + after;
	if (reservable(pools + ramdisks, host.memory_total))
		return 0;
	return refuse_sum("ramdisk", name, pools, ramdisks, host.memory_total, e);
}
