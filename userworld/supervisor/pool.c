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

#include "limits.h"
#include "policy.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"
#include "userworld/pool/apply.h"

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

void pool_contract(const struct table *t, const struct world_conf *c, struct pool_limits *l)
{
	const struct pool_line *line = pools_find(t->pools, t->pool_count, c->pool);

	pool_limits_defaults(l);
	pool_limits_merge(l, &c->limits);
	for (int k = 0; k < POOL_MEMORY_KEYS; k++)
		l->value[k] = pool_scaled(l->value[k], c->scale[k], t->host.memory_total);
	if (line)
		pool_limits_merge(l, &line->limits);
	/* A world's limit may have been set below what it reserves: the limit counts. */
	if (l->value[POOL_MEMORY_MIN] > l->value[POOL_MEMORY_MAX])
		l->value[POOL_MEMORY_MIN] = l->value[POOL_MEMORY_MAX];
}

static void set_limits(const struct table *t, struct world *w)
{
	struct pool_limits l;
	struct err e = ERR_INIT;

	pool_contract(t, &w->conf, &l);
	w->cpu_limited = l.value[POOL_CPU_LIMIT] != POOL_NONE;
	if (pool_limits_apply(w->pool, &l, &t->host, &e) < 0)
		log_warnx("userworld %s: limit not set: %s", w->conf.name, e.text);
	if (cgroup_has(w->pool, "memory") && cgroup_write(w->pool, "memory.oom.group", "1", &e) < 0)
		log_warnx("userworld %s: %s", w->conf.name, e.text);
}

static bool is_worlds(struct table *t, const char *pool)
{
	table_for_each (t, w)
		if (!strcmp(w->conf.pool, pool))
			return true;
	return false;
}

static void set_branch(struct table *t, const char *pool, uint64_t weight)
{
	const struct pool_line *line = pools_find(t->pools, t->pool_count, pool);
	_cleanup_close_ int group = -1;
	struct pool_limits l;
	struct err e = ERR_INIT;

	pool_limits_defaults(&l);
	l.value[POOL_CPU_WEIGHT] = weight;
	if (line)
		pool_limits_merge(&l, &line->limits);
	l.given[POOL_MEMORY_MIN] = false; /* pool_reserve() does that */
	if (!strcmp(pool, "host"))
		l.given[POOL_MEMORY_HIGH] = false; /* oomd's tripwire */
	group = cgroup_make(t->cgroup_root, pool, &e);
	if (group < 0 || pool_limits_apply(group, &l, &t->host, &e) < 0)
		log_warnx("pool %s: limit not set: %s", pool, e.text);
}

static void set_branches(struct table *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(branches); i++)
		set_branch(t, branches[i].pool, branches[i].weight);
	for (int i = 0; i < t->pool_count; i++) {
		const char *pool = t->pools[i].pool;
		bool known = is_worlds(t, pool);

		for (size_t b = 0; b < ARRAY_SIZE(branches); b++)
			known |= !strcmp(branches[b].pool, pool);
		if (!known)
			set_branch(t, pool, 100);
	}
}

/* Shares of disks are worked out only while somebody has one that is not the usual. */
static void weigh_disks(struct table *t)
{
	bool on = false;
	struct pool_limits l;

	for (int i = 0; i < t->pool_count; i++)
		on |= !pool_limits_is_default(&t->pools[i].limits, POOL_IO_WEIGHT);
	table_for_each (t, w) {
		pool_contract(t, &w->conf, &l);
		on |= !pool_limits_is_default(&l, POOL_IO_WEIGHT);
	}
	if (on || t->weighs_disks)
		pool_weigh_disks(t->cgroup_root, &t->host, on);
	t->weighs_disks = on;
}

void pool_refresh(struct table *t)
{
	set_branches(t);
	weigh_disks(t);
	table_for_each (t, w)
		if (w->pool >= 0)
			set_limits(t, w);
	pool_reserve(t);
}

int pool_prepare(struct table *t, struct world *w, struct err *e)
{
	if (w->pool < 0) {
		w->pool = cgroup_make(t->cgroup_root, w->conf.pool, e);
		if (w->pool < 0)
			return -1;
		set_branches(t);
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
	limits_watch(t, w);
	set_limits(t, w);
	return 0;
}

size_t pool_claims(struct table *t, const struct world *without, struct claim *claims)
{
	struct pool_limits l;
	size_t n = 0;

	table_for_each (t, w) {
		if (w == without || w->retired)
			continue;
		pool_contract(t, &w->conf, &l);
		claims[n++] = (struct claim){ w->conf.pool, l.value[POOL_MEMORY_MIN] };
	}
	return n;
}

/* A branch may have been given a reservation of its own: it keeps at least that. */
static uint64_t branch_min(const struct table *t, const struct claim *claims, size_t n,
			   const char *pool)
{
	const struct pool_line *line = pools_find(t->pools, t->pool_count, pool);
	uint64_t below = policy_reservation(claims, n, pool);
	uint64_t own = line ? pool_limits_get(&line->limits, POOL_MEMORY_MIN) : 0;

	return below > own ? below : own;
}

void pool_reserve(struct table *t)
{
	struct claim claims[WORLDS_MAX + POOLS_MAX];
	size_t n = pool_claims(t, NULL, claims);
	size_t worlds = n;

	for (int i = 0; i < t->pool_count; i++)
		if (!is_worlds(t, t->pools[i].pool))
			claims[n++] = (struct claim){ t->pools[i].pool, 0 };
	for (size_t i = 0; i < n; i++) {
		char path[CGROUP_PATH_MAX + 2];
		char *slash;

		/* Worlds set their own; of a branch that somebody made it is this. */
		snprintf(path, sizeof(path), "%s%s", claims[i].pool, i < worlds ? "" : "/");
		while ((slash = strrchr(path, '/'))) {
			_cleanup_close_ int fd = -1;

			*slash = '\0';
			fd = cgroup_open(t->cgroup_root, path, NULL);
			if (fd >= 0 && cgroup_has(fd, "memory"))
				cgroup_write_u64(fd, "memory.min",
						 branch_min(t, claims, worlds, path), NULL);
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
	limits_unwatch(w);
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
