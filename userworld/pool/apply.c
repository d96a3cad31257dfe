// SPDX-License-Identifier: Apache-2.0
#include "apply.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "userworld/lib/cgroup.h"

#define CPU_PERIOD 100000 /* microseconds; cpu.max is a share of it */

static int apply_cpu(int group, uint64_t percent, struct err *e)
{
	char text[64];

	if (percent == POOL_NONE)
		return cgroup_write_u64(group, "cpu.max", percent, e);
	snprintf(text, sizeof(text), "%" PRIu64 " %d", percent * (CPU_PERIOD / 100), CPU_PERIOD);
	return cgroup_write(group, "cpu.max", text, e);
}

/* A set cannot be taken back from a group with processes, and where none was given none need be. */
static int apply_ids(int group, const char *file, const char *ids, struct err *e)
{
	char text[IDSET_MAX + 2];

	if (cgroup_read(group, file, text, sizeof(text), e) < 0)
		return -1;
	if (!text[0] && idset_is_all(ids))
		return 0;
	idset_for_kernel(ids, text);
	return cgroup_write(group, file, text, e);
}

/* A disk may have been pulled out since they were listed; one without a limit is left alone. */
static int apply_disks(int group, const struct pool_host *host, uint64_t rate, struct err *e)
{
	char text[4096], number[24] = "max";

	if (cgroup_read(group, "io.max", text, sizeof(text), e) < 0)
		return -1;
	if (rate != POOL_NONE)
		snprintf(number, sizeof(number), "%" PRIu64, rate);
	for (unsigned int i = 0; i < host->disk_count; i++) {
		struct err fault = ERR_INIT;
		char line[96];

		if (rate == POOL_NONE && !strstr(text, host->disks[i]))
			continue;
		snprintf(line, sizeof(line), "%s rbps=%s wbps=%s", host->disks[i], number, number);
		if (cgroup_write(group, "io.max", line, &fault) == 0 || fault.num == ENODEV)
			continue;
		if (e)
			*e = fault;
		return -1;
	}
	return 0;
}

static int apply_one(int group, enum pool_key key, const struct pool_limits *l,
		     const struct pool_host *host, struct err *e)
{
	switch (key) {
	case POOL_CPU_LIMIT:
		return apply_cpu(group, l->value[key], e);
	case POOL_IO_MAX:
		return apply_disks(group, host, l->value[key], e);
	case POOL_CPUS:
	case POOL_NODES:
		return apply_ids(group, pool_key_name(key), pool_limits_ids(l, key), e);
	default:
		return cgroup_write_u64(group, pool_key_name(key), l->value[key], e);
	}
}

int pool_limits_apply(int group, const struct pool_limits *l, const struct pool_host *host,
		      struct err *e)
{
	int rc = 0;

	for (int k = 0; k < POOL_KEYS; k++) {
		struct err fault = ERR_INIT;

		if (!l->given[k] || apply_one(group, (enum pool_key)k, l, host, &fault) == 0)
			continue;
		/* What a controller that is not there would do by itself is no loss. */
		if (fault.kind == ERR_UNAVAILABLE && pool_limits_is_default(l, (enum pool_key)k))
			continue;
		if (rc == 0 && e)
			*e = fault;
		rc = -1;
	}
	return rc;
}

void pool_weigh_disks(int root, const struct pool_host *host, bool on)
{
	for (unsigned int i = 0; i < host->disk_count; i++) {
		char line[64];

		snprintf(line, sizeof(line), "%s enable=%d", host->disks[i], on);
		cgroup_write(root, "io.cost.qos", line, NULL);
	}
}
