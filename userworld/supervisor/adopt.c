// SPDX-License-Identifier: Apache-2.0
#include "adopt.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine.h"
#include "limits.h"
#include "output.h"
#include "pool.h"
#include "record.h"
#include "spawn.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

static bool lives_in_pool(const struct world *w, pid_t pid)
{
	pid_t pids[256];
	int n = cgroup_pids(w->pool, pids, ARRAY_SIZE(pids), NULL);

	for (int i = 0; i < n; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* Opening the writing end that the world holds, for reading, gives the other end of the pipe. */
static int output_of(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/fd/1", pid);
	if (stat(path, &st) < 0 || !S_ISFIFO(st.st_mode))
		return -1;
	return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* The pid is checked again once the pidfd holds it: it cannot be another process then. */
static bool take_main(struct table *t, struct world *w)
{
	pid_t pid = record_read_pid(t, w->conf.name);

	if (pid <= 0)
		return false;
	w->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (w->pidfd < 0 || !lives_in_pool(w, pid))
		return false;
	if (watch_add(t, w->pidfd, EPOLLIN, WATCH_PID, world_index(t, w)) < 0)
		return false;
	w->pid = pid;
	w->output = output_of(pid);
	return true;
}

void adopt(struct table *t, struct world *w)
{
	struct err e = ERR_INIT;

	w->pool = cgroup_open(t->cgroup_root, w->conf.pool, NULL);
	if (w->pool < 0)
		return;
	/* Alarms of a supervisor before this one may stand; they end as its own would. */
	w->troubled = w->limited = true;
	if (cgroup_populated(w->pool, NULL) <= 0) {
		limits_unwatch(w);
		return;
	}
	if (pool_prepare(t, w, &e) < 0)
		log_err(&e);
	w->adopted = true;
	w->started = t->now;
	if (take_main(t, w)) {
		w->state = WS_RUNNING;
		output_hand_over(t, w);
		w->bites_told = t->now;
		log_info("userworld %s goes on, process %d", w->conf.name, w->pid);
		return;
	}
	spawn_forget(w);
	log_warnx("userworld %s: its main process has ended, others in pool %s are killed",
		  w->conf.name, w->conf.pool);
	w->state = WS_ENDING_AGAIN;
	w->deadline = t->now + 1000;
	pool_sweep(w);
	engine_pool_changed(t, w);
}
