// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine.h"
#include "spawn.h"
#include "trouble.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

#define PROBE_MEMORY (UINT64_C(48) << 20)
#define PROBE_PIDS 16

static bool watched(const struct world *w)
{
	return w->conf.probe[0] && w->state == WS_RUNNING;
}

static int probe_pool(struct table *t)
{
	int group = cgroup_make(t->cgroup_root, PROBE_POOL, NULL);

	if (group >= 0) {
		cgroup_write_u64(group, "memory.max", PROBE_MEMORY, NULL);
		cgroup_write_u64(group, "pids.max", PROBE_PIDS, NULL);
	}
	return group;
}

static void __attribute__((noreturn)) child(int pool, char **argv)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *envp[] = { path, NULL };
	int null = open("/dev/null", O_RDWR);

	spawn_fresh();
	if (null < 0 || (pool >= 0 && cgroup_attach(pool, 0, NULL) < 0))
		_exit(127);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execve(argv[0], argv, envp);
	_exit(127);
}

static void start(struct table *t, struct world *w)
{
	char command[sizeof(w->conf.probe)], *argv[WORLD_ARGS_MAX + 1];
	_cleanup_close_ int pool = probe_pool(t);

	strcpy(command, w->conf.probe);
	w->probe.due = t->now + (int64_t)w->conf.probe_timeout * 1000;
	if (split_words(command, argv, ARRAY_SIZE(argv)) < 1)
		return;
	w->probe.pid = spawn_fork(&w->probe.pidfd);
	if (w->probe.pid == 0)
		child(pool, argv);
	/* Short of processes or memory: that says nothing about the world. */
	if (w->probe.pid < 0) {
		log_warn("userworld %s: probe not started", w->conf.name);
		w->probe.pid = 0;
		w->probe.pidfd = -1;
		w->probe.due = t->now + (int64_t)w->conf.probe_interval * 1000;
		return;
	}
	watch_add(t, w->probe.pidfd, EPOLLIN, WATCH_PROBE, world_index(t, w));
}

static void stop(struct world *w)
{
	if (w->probe.pid)
		syscall(SYS_pidfd_send_signal, w->probe.pidfd, SIGKILL, NULL, 0);
}

void probe_state(struct table *t, struct world *w)
{
	w->probe.failures = 0;
	if (w->probe.pid)
		stop(w); /* collected by probe_ended() */
	else
		w->probe.due = t->now + (int64_t)w->conf.probe_interval * 1000;
}

static void restart(struct table *t, struct world *w)
{
	trouble_tell(w, EVENT_WATCHDOG_SERVICE,
		     EVENT_WITH(EVENT_STR("service", w->conf.name),
				EVENT_NUM("times", w->probe.failures)),
		     "userworld %s does not do its work: its probe failed %u times in a row; it is "
		     "restarted",
		     w->conf.name, w->probe.failures);
	engine_feed(t, w, WE_RESTART, NULL);
	w->asked = false; /* nobody has asked for it, so it counts */
}

void probe_ended(struct table *t, struct world *w)
{
	int status = 0;

	if (!w->probe.pid || waitpid(w->probe.pid, &status, WNOHANG) == 0)
		return;
	w->probe.pid = 0;
	close_fd(&w->probe.pidfd);
	w->probe.due = t->now + (int64_t)w->conf.probe_interval * 1000;
	if (!watched(w))
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		w->probe.failures = 0;
		return;
	}
	w->probe.failures++;
	if (w->probe.failures >= w->conf.probe_failures)
		restart(t, w);
	else if (WIFEXITED(status))
		log_warnx("userworld %s: its probe failed with exit code %d", w->conf.name,
			  WEXITSTATUS(status));
	else
		log_warnx("userworld %s: its probe did not end in time", w->conf.name);
}

int64_t probe_settle(struct table *t)
{
	int64_t next = 0;

	table_for_each (t, w) {
		if (!w->probe.pid && (!watched(w) || t->shutting_down))
			continue;
		if (w->probe.due <= t->now && w->probe.pid) {
			stop(w);
			w->probe.due = t->now + 1000;
		} else if (w->probe.due <= t->now) {
			start(t, w);
		}
		if (!next || w->probe.due < next)
			next = w->probe.due;
	}
	return next;
}
