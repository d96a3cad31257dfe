/* SPDX-License-Identifier: Apache-2.0 */
/* Pools' contracts, given to the kernel. */
#ifndef POOL_APPLY_H
#define POOL_APPLY_H

#include "host.h"

/*
 * Writes what is given to a group (cgroup.h). All of them are tried; the first
 * failure is told. Controllers the kernel does not have are one. Limits of disks
 * are set for those that the host has.
 */
int pool_limits_apply(int group, const struct pool_limits *l, const struct pool_host *host,
		      struct err *e);

/*
 * Shares of disks count only where the kernel works out what each access costs, which
 * itself costs something: on or off, for all disks. root is the hierarchy's.
 */
void pool_weigh_disks(int root, const struct pool_host *host, bool on);

#endif
