// SPDX-License-Identifier: Apache-2.0
/* The supervisor's loop: waits for one descriptor out of many, settles, waits again. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "engine.h"
#include "hotplug.h"
#include "hwdog.h"
#include "limits.h"
#include "load.h"
#include "output.h"
#include "probe.h"
#include "trouble.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/file.h"
#include "userworld/lib/kargs.h"
#include "userworld/lib/log.h"
#include "userworld/lib/program.h"
#include "version.h"

static const struct program self = {
	.name = "supervisor",
	.usage = "[-nv] [-c DIR] [-g CGROUP] [-p FILE] [-r RUNDIR] [-s SOCKET]",
	.help = "Starts the userworlds described in a folder and keeps them up.\n"
		"  -c, --config DIR   config files (/etc/userworld.d)\n"
		"  -g, --cgroup DIR   root of the cgroup2 hierarchy (/sys/fs/cgroup)\n"
		"  -n, --check        read the config files, complain, and exit\n"
		"  -p, --pools FILE   limits of pools (" POOLS_FILE ")\n"
		"  -r, --run DIR      process ids and marks (/run/userworld)\n"
		"  -s, --socket PATH  control socket (/run/supervisor.sock)\n"
		"  -v, --verbose      debug messages\n"
		"      --help, --version\n",
};

struct options {
	const char *cgroup;
	const char *socket;
	bool check;
};

static struct table table = { .conf_dir = "/etc/userworld.d",
			      .run_dir = "/run/userworld",
			      .pools_file = POOLS_FILE };

static int64_t boot_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* SIGCHLD is not among them: ends are told by pidfd. */
static int open_signals(struct table *t, struct err *e)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0 || watch_add(t, fd, EPOLLIN, WATCH_SIGNAL, (unsigned int)fd) < 0)
		return err_sys(e, errno, "signalfd");
	return 0;
}

static int open_timer(struct table *t, struct err *e)
{
	int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0 || watch_add(t, fd, EPOLLIN, WATCH_TIMER, (unsigned int)fd) < 0)
		return err_sys(e, errno, "timerfd");
	return fd;
}

static void arm(int timer, int64_t when)
{
	struct itimerspec its = { .it_value = { .tv_sec = when / 1000,
						.tv_nsec = when % 1000 * 1000000 } };

	timerfd_settime(timer, TFD_TIMER_ABSTIME, &its, NULL);
}

static void on_signal(struct table *t, int fd)
{
	struct signalfd_siginfo info;
	struct err e = ERR_INIT;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGHUP)
		engine_shutdown(t);
	else if (load_worlds(t, &e) < 0)
		log_err(&e);
}

static void on_event(struct table *t, const struct epoll_event *ev)
{
	unsigned int index = (unsigned int)ev->data.u64;
	struct world *w = &t->worlds[index % WORLDS_MAX];
	uint64_t ticks;

	switch ((enum watch)(ev->data.u64 >> 32)) {
	case WATCH_SIGNAL:
		on_signal(t, (int)index);
		break;
	case WATCH_TIMER:
		if (read((int)index, &ticks, sizeof(ticks)) < 0)
			break;
		break;
	case WATCH_LISTEN:
		control_accept(t, (int)index);
		break;
	case WATCH_CLIENT:
		control_input(t, index);
		break;
	case WATCH_PID:
		if (w->used && w->pidfd >= 0)
			engine_main_ended(t, w);
		break;
	case WATCH_POOL:
		if (w->used)
			engine_pool_changed(t, w);
		break;
	case WATCH_READY:
		if (w->used && w->ready >= 0)
			engine_ready(t, w);
		break;
	case WATCH_LOGGER:
		output_lost(t);
		break;
	case WATCH_MEMORY_LIMIT:
	case WATCH_PIDS_LIMIT:
		if (w->used && w->pool >= 0)
			limits_changed(t, w);
		break;
	case WATCH_PROBE:
		if (w->used)
			probe_ended(t, w);
		break;
	case WATCH_HOTPLUG:
		hotplug_event(t, (int)index);
		break;
	}
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

static int run(struct table *t, int timer)
{
	for (;;) {
		struct epoll_event events[16];
		int64_t next;
		int n;

		t->now = boot_ms();
		engine_settle(t);
		control_settle(t);
		if (t->shutting_down && engine_all_down(t)) {
			hwdog_off(t);
			return 0;
		}
		next = earlier(engine_next_deadline(t), limits_settle(t));
		next = earlier(next, probe_settle(t));
		next = earlier(next, trouble_settle(t));
		arm(timer, earlier(next, hwdog_settle(t)));
		n = epoll_wait(t->epoll, events, ARRAY_SIZE(events), -1);
		if (n < 0 && errno != EINTR)
			log_fatal("epoll_wait");
		t->now = boot_ms();
		for (int i = 0; i < n; i++)
			on_event(t, &events[i]);
	}
}

static int set_up(struct table *t, const struct options *o, struct err *e)
{
	int timer;

	t->logger = t->hwdog = -1;
	t->now = boot_ms();
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (t->epoll < 0)
		return err_sys(e, errno, "epoll");
	t->cgroup_root = cgroup_open_root(o->cgroup, e);
	if (t->cgroup_root < 0 || file_make_dirs(t->run_dir, e) < 0 ||
	    kargs_read(t->cmdline, e) < 0 || open_signals(t, e) < 0 || hotplug_open(t, e) < 0)
		return -1;
	timer = open_timer(t, e);
	if (timer < 0 || control_open(t, o->socket, e) < 0)
		return -1;
	output_connect(t);
	hwdog_open(t);
	if (load_worlds(t, e) < 0)
		return -1;
	return timer;
}

/* -1 to go on, else the exit code. */
static int parse(int argc, char **argv, struct options *o)
{
	bool verbose = false;
	const struct program_option list[] = {
		{ "config", 'c', &table.conf_dir, NULL }, { "cgroup", 'g', &o->cgroup, NULL },
		{ "check", 'n', NULL, &o->check },	  { "pools", 'p', &table.pools_file, NULL },
		{ "run", 'r', &table.run_dir, NULL },	  { "socket", 's', &o->socket, NULL },
		{ "verbose", 'v', NULL, &verbose },	  { 0 },
	};
	int rc = program_options(&self, PROGRAM_VERSION, list, argc, argv);

	if (verbose)
		log_max_severity(LOG_DEBUG);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = { .cgroup = CGROUP_ROOT, .socket = WORLDCTL_SOCKET };
	struct err e = ERR_INIT;
	int rc = parse(argc, argv, &o);
	int timer;

	if (rc >= 0)
		return rc;
	if (o.check) {
		rc = load_check(table.conf_dir, &e);
		return rc < 0 ? program_fail(&self, &e) : rc ? err_exit_code(ERR_INVALID) : 0;
	}
	/* The logger is one of the worlds: it must never hold up who restarts it. */
	log_patience(0);
	log_open(self.name);
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		log_warn("mlockall");
	timer = set_up(&table, &o, &e);
	if (timer < 0) {
		log_err(&e);
		return program_fail(&self, &e);
	}
	rc = run(&table, timer);
	log_info("all userworlds have ended");
	return rc;
}
