/* SPDX-License-Identifier: Apache-2.0 */
/* What a host has that pools can be given. */
#ifndef POOL_HOST_H
#define POOL_HOST_H

#include <stdint.h>

#include "limits.h"

#define HOST_IDS_MAX 255
#define HOST_DISKS_MAX 32

struct pool_host {
	uint64_t memory_total;		/* bytes */
	char cpus[HOST_IDS_MAX + 1];	/* numbers of those that run: "0-3" */
	char nodes[HOST_IDS_MAX + 1];	/* of the nodes that have memory */
	char disks[HOST_DISKS_MAX][16]; /* device numbers: "254:0" */
	unsigned int disk_count;
};

/* procroot and sysroot are put in front of /proc and /sys, "" for the running system. Nothing
 * allocates. */
int pool_host_read(const char *procroot, const char *sysroot, struct pool_host *h, struct err *e);

/* What all ramdisks have reserved together, bytes; 0 without visorfs. Allocates. */
uint64_t pool_host_ramdisks(const char *sysroot);

/* Whether it has the CPUs and the nodes that are given. ERR_INVALID says which it has not. */
int pool_host_has(const struct pool_host *h, const struct pool_limits *l, struct err *e);

#endif
