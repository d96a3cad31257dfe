// SPDX-License-Identifier: Apache-2.0
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policy.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

#define CPU_PERIOD 100000 /* microseconds; cpu.max is a share of it */

/*
 * CPU time between the branches of the tree, when there is not enough: the
 * last line first, then management, then everything else.
 */
static const struct {
	const char *pool;
	uint64_t weight;
} branches[] = {
	{ "host/system", 1000 },
	{ "host/vim", 300 },
	{ "host/user", 100 },
};

static void limit(const struct world *w, const char *file, const char *value)
{
	struct err e = ERR_INIT;

	if (cgroup_write(w->pool, file, value, &e) < 0)
		log_warnx("userworld %s: limit not set: %s", w->conf.name, e.text);
}

static void limit_u64(const struct world *w, const char *file, uint64_t value)
{
	struct err e = ERR_INIT;

	if (cgroup_write_u64(w->pool, file, value, &e) < 0)
		log_warnx("userworld %s: limit not set: %s", w->conf.name, e.text);
}

static void set_limits(const struct world *w)
{
	const struct world_conf *c = &w->conf;
	char text[48] = "max";

	if (cgroup_has(w->pool, "memory")) {
		limit_u64(w, "memory.max", c->memory_max);
		limit_u64(w, "memory.min", c->memory_min);
		limit(w, "memory.oom.group", "1");
	} else if (c->memory_max != UINT64_MAX || c->memory_min) {
		log_warnx("userworld %s: runs without memory limits: no memory controller",
			  c->name);
	}
	if (cgroup_has(w->pool, "cpu")) {
		limit_u64(w, "cpu.weight", c->cpu_weight);
		if (c->cpu_max)
			snprintf(text, sizeof(text), "%u %u", c->cpu_max * (CPU_PERIOD / 100),
				 CPU_PERIOD);
		limit(w, "cpu.max", text);
	} else if (c->cpu_max) {
		log_warnx("userworld %s: runs without CPU limits: no cpu controller", c->name);
	}
	if (cgroup_has(w->pool, "pids"))
		limit_u64(w, "pids.max", c->pids_max ? c->pids_max : UINT64_MAX);
	else if (c->pids_max)
		log_warnx("userworld %s: runs without a pids limit: no pids controller", c->name);
}

static void weigh_branch(struct table *t, const char *pool)
{
	for (size_t i = 0; i < ARRAY_SIZE(branches); i++) {
		size_t len = strlen(branches[i].pool);
		_cleanup_close_ int fd = -1;

		if (strncmp(pool, branches[i].pool, len) || pool[len] != '/')
			continue;
		fd = cgroup_open(t->cgroup_root, branches[i].pool, NULL);
		if (fd >= 0)
			cgroup_write_u64(fd, "cpu.weight", branches[i].weight, NULL);
	}
}

int pool_prepare(struct table *t, struct world *w, struct err *e)
{
	if (w->pool < 0) {
		w->pool = cgroup_make(t->cgroup_root, w->conf.pool, e);
		if (w->pool < 0)
			return -1;
		weigh_branch(t, w->conf.pool);
		pool_reserve(t);
	}
	if (cgroup_mark(w->pool, w->conf.name, w->conf.essential, e) < 0)
		return -1;
	if (w->pool_events < 0) {
		w->pool_events = openat(w->pool, "cgroup.events", O_RDONLY | O_CLOEXEC);
		if (w->pool_events < 0)
			return err_sys(e, errno, "pool %s: cgroup.events", w->conf.pool);
		if (watch_add(t, w->pool_events, EPOLLPRI, WATCH_POOL, world_index(t, w)) < 0)
			return err_sys(e, errno, "pool %s: watch", w->conf.pool);
	}
	set_limits(w);
	return 0;
}

void pool_reserve(struct table *t)
{
	const struct world_conf *confs[WORLDS_MAX];
	size_t n = 0;

	table_for_each (t, w)
		confs[n++] = &w->conf;
	for (size_t i = 0; i < n; i++) {
		char path[CGROUP_PATH_MAX + 1];
		char *slash;

		strcpy(path, confs[i]->pool);
		while ((slash = strrchr(path, '/'))) {
			_cleanup_close_ int fd = -1;

			*slash = '\0';
			fd = cgroup_open(t->cgroup_root, path, NULL);
			if (fd >= 0 && cgroup_has(fd, "memory"))
				cgroup_write_u64(fd, "memory.min",
						 policy_reservation(confs, n, path), NULL);
		}
	}
}

bool pool_empty(struct world *w)
{
	char text[128];
	uint64_t populated;
	ssize_t n;

	if (w->pool_events < 0)
		return true;
	/* Reading this very descriptor is also what tells epoll that we know. */
	n = pread(w->pool_events, text, sizeof(text) - 1, 0);
	if (n < 0)
		return true; /* removed, so nothing can be in it */
	text[n] = '\0';
	return flat_key(text, "populated", &populated) < 0 || !populated;
}

void pool_sweep(struct world *w)
{
	struct err e = ERR_INIT;

	if (w->pool >= 0 && cgroup_kill(w->pool, &e) < 0)
		log_warnx("userworld %s: %s", w->conf.name, e.text);
	/* It may not have moved into the pool yet. */
	if (w->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, w->pidfd, SIGKILL, NULL, 0);
}

void pool_drop(struct table *t, struct world *w)
{
	struct err e = ERR_INIT;

	close_fd(&w->pool_events);
	close_fd(&w->pool);
	if (cgroup_remove(t->cgroup_root, w->conf.pool, &e) < 0)
		log_debug("userworld %s: %s", w->conf.name, e.text);
}

uint64_t pool_oom_kills(const struct world *w)
{
	uint64_t n = 0;

	if (w->pool >= 0)
		cgroup_stat(w->pool, "memory.events", "oom_kill", &n, NULL);
	return n;
}
