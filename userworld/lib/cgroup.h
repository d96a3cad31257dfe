/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control groups, version 2. A pool is a path below the root of the hierarchy,
 * without leading '/', e.g. "host/vim/vmvisor/hostd". Groups are handled by a
 * descriptor of their directory, so a group that is removed and made again
 * under the same name is never mistaken for the old one. Nothing allocates.
 */
#ifndef VISOR_CGROUP_H
#define VISOR_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

#define CGROUP_ROOT "/sys/fs/cgroup"
#define CGROUP_PATH_MAX 255 /* bytes of a pool's path */

/* Opens the hierarchy's root (normally CGROUP_ROOT), or a group below it. */
int cgroup_open_root(const char *root, struct err *e);
int cgroup_open(int root, const char *pool, struct err *e);

/*
 * Makes the group and all groups above it, and hands the memory, cpu, pids, cpuset
 * and io controllers down the path as far as the kernel offers them. Existing
 * groups are kept. Returns a descriptor of the group.
 */
int cgroup_make(int root, const char *pool, struct err *e);

/* ERR_CONFLICT while processes or groups are in it; a missing one is success. */
int cgroup_remove(int root, const char *pool, struct err *e);

/* 1 if the controller ("memory") is usable in this group, else 0. */
int cgroup_has(int group, const char *controller);

/*
 * Files of a group: "memory.max" and the like. A message about a missing file
 * says which controller is not available. u64: UINT64_MAX stands for "max".
 */
int cgroup_read(int group, const char *file, char *buf, size_t size, struct err *e);
int cgroup_read_u64(int group, const char *file, uint64_t *value, struct err *e);
int cgroup_write(int group, const char *file, const char *value, struct err *e);
int cgroup_write_u64(int group, const char *file, uint64_t value, struct err *e);

/* A value of a "key number" file, such as anon in memory.stat. ERR_NOT_FOUND without the key. */
int cgroup_stat(int group, const char *file, const char *key, uint64_t *value, struct err *e);

/* Pure part of the above: 0, or -1 if the text has no such line. */
int flat_key(const char *text, const char *key, uint64_t *value);

int cgroup_attach(int group, pid_t pid, struct err *e);

/* SIGKILL to everything in the group and below it, at once and without a race. */
int cgroup_kill(int group, struct err *e);

/* 1 if a process lives in the group or below it, 0 if none does. */
int cgroup_populated(int group, struct err *e);

/* Process ids in the group itself, at most max; returns how many there are in buf. */
int cgroup_pids(int group, pid_t *buf, size_t max, struct err *e);

/*
 * The supervisor marks the pool of each userworld (extended attribute
 * CGROUP_MARK), so that others tell worlds from groups that just lie above or
 * below one. cgroup_world() returns 1 and fills name (WORLD_NAME_MAX + 1
 * bytes) and essential if the group is a world's pool, else 0.
 */
#define CGROUP_MARK "user.visoros.world"
int cgroup_mark(int group, const char *name, bool essential, struct err *e);
int cgroup_world(int group, char name[static 32], bool *essential);

#endif
