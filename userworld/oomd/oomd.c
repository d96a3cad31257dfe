// SPDX-License-Identifier: Apache-2.0
/* The OOM killer's loop. It sleeps until the kernel says that memory gets short. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "arm.h"
#include "decide.h"
#include "gauge.h"
#include "kill.h"
#include "reclaim.h"
#include "settings.h"
#include "userworld/lib/cgroup.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/human.h"
#include "userworld/lib/kargs.h"
#include "userworld/lib/log.h"
#include "userworld/lib/program.h"
#include "version.h"
#include "watch.h"

#define SETTLE_SECONDS 2
#define TRY_AGAIN_MS 5000
#define SEED_ARG "visoros.oom.seed"

struct oomd oomd;

static const struct program self = {
	.name = "oomd",
	.usage = "[-nv] [-c FILE] [-g CGROUP] [-p POLICY] [-s NUMBER]",
	.help = "Ends a random killable userworld when the host runs short of memory.\n"
		"  -c, --config FILE  settings (" OOM_CONF ")\n"
		"  -g, --cgroup DIR   root of the cgroup2 hierarchy (/sys/fs/cgroup)\n"
		"  -n, --dry-run      show the candidates and a draw, end nobody, exit\n"
		"  -p, --policy NAME  random, weighted or largest, whatever the settings say\n"
		"  -s, --seed NUMBER  repeatable draws (also kernel argument " SEED_ARG "=)\n"
		"  -v, --verbose      debug messages\n"
		"      --help, --version\n",
};

static bool settling(void)
{
	return oomd.fds[WATCH_VICTIM] >= 0;
}

static void set_timer(int seconds)
{
	struct itimerspec its = { .it_value.tv_sec = seconds };

	timerfd_settime(oomd.fds[WATCH_TIMER], 0, &its, NULL);
}

static void settled(void)
{
	if (!settling())
		return;
	close(oomd.fds[WATCH_VICTIM]);
	oomd.fds[WATCH_VICTIM] = -1;
	set_timer(0);
}

static void set_wire(uint64_t wire)
{
	struct err e = ERR_INIT;

	if (gauge_set_wire(&oomd.gauge, wire, &e) < 0)
		log_err(&e);
	oomd.wire = wire;
}

static void make_own_room(void)
{
	uint64_t used, wire;

	if (oomd.top < 0 || gauge_used(&oomd.gauge, &used, NULL) < 0)
		return;
	wire = oom_own_room(oomd.wire, used);
	if (wire != oomd.wire)
		set_wire(wire);
}

static void put_wire(const struct memory *m)
{
	struct err e = ERR_INIT;
	uint64_t used, wire = UINT64_MAX;

	if (oomd.top < 0)
		return;
	/* With nobody to end, too: who can be ended may be the next to grow. */
	if (gauge_used(&oomd.gauge, &used, &e) == 0)
		wire = oom_tripwire(m, used);
	set_wire(wire);
}

static int read_memory(struct memory *m)
{
	struct err e = ERR_INIT;

	if (gauge_memory(&oomd.gauge, m, &e) == 0)
		return 0;
	log_err(&e);
	return -1;
}

/*
 * Before anybody is ended: pages that can be made again, then the files of
 * ramdisks that were declared purgeable. True if that was enough. What did not
 * help is not tried again for a while: each try costs time.
 */
static bool spared(struct memory *m)
{
	uint64_t before = m->available, mark = oom_watermark(m);
	char got[HUMAN_MAX];

	if (oomd.tried && oom_now() - oomd.tried < TRY_AGAIN_MS)
		return false;
	oomd.tried = oom_now();
	if (reclaim_pages(oomd.top, mark - before + STEP_LEAST) && read_memory(m) == 0 &&
	    m->available >= mark) {
		log_event(EVENT_OOM_RECLAIMED,
			  EVENT_WITH(EVENT_NUM("bytes", m->available - before)),
			  "memory got short: %s of pages that can be made again were reclaimed",
			  human_size(m->available - before, got));
		oomd.tried = 0;
		return true;
	}
	if (!purge_ramdisks(&oomd.settings, "", false) || read_memory(m) < 0 || m->available < mark)
		return false;
	oomd.tried = 0;
	return true;
}

static void look(void)
{
	int64_t since = oom_now();
	struct memory m;
	int victim;

	make_own_room();
	if (read_memory(&m) < 0)
		return;
	if (oom_decide(&m, settling()) == OOM_KILL && spared(&m)) {
		put_wire(&m);
		return;
	}
	switch (oom_decide(&m, settling())) {
	case OOM_KILL:
		victim = kill_someone(&oomd.killer, &m, since);
		if (watch_add(victim, EPOLLPRI, WATCH_VICTIM) == 0)
			set_timer(SETTLE_SECONDS);
		break;
	case OOM_ENOUGH:
		/* The alarm may be of an oomd before this one. */
		if (oomd.killer.said_none || !oomd.said_enough)
			log_event(EVENT_OOM_OVER, EVENT_WITH(EVENT_NUM("available", m.available)),
				  "there is enough memory");
		oomd.killer.said_none = false;
		oomd.said_enough = true;
		break;
	case OOM_SETTLE:
		break;
	}
	put_wire(&m);
}

/* Reading the very descriptor tells epoll that we know. */
static bool victim_gone(void)
{
	char text[128];
	uint64_t populated;
	ssize_t n = pread(oomd.fds[WATCH_VICTIM], text, sizeof(text) - 1, 0);

	if (n < 0)
		return true;
	text[n] = '\0';
	return flat_key(text, "populated", &populated) < 0 || !populated;
}

static void drain(int fd)
{
	char text[4096];

	while (read(fd, text, sizeof(text)) > 0)
		;
}

static bool about_memory(int fd)
{
	char text[4096];
	bool found = false;
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		text[n] = '\0';
		found |= strstr(text, "/devices/system/memory/") != NULL;
	}
	return found;
}

static void on_event(unsigned int what)
{
	char text[512];

	switch (what) {
	case WATCH_WIRE:
		if (pread(oomd.fds[what], text, sizeof(text), 0) < 0)
			log_warn("memory.events");
		look();
		break;
	case WATCH_STALL:
		look();
		break;
	case WATCH_WORLDS:
		drain(oomd.fds[what]);
		look();
		break;
	case WATCH_HOTPLUG:
		if (about_memory(oomd.fds[what]))
			look();
		break;
	case WATCH_VICTIM:
		if (!settling() || !victim_gone())
			break;
		log_info("%s is gone", oomd.killer.victim);
		settled();
		look();
		break;
	case WATCH_TIMER:
		drain(oomd.fds[what]);
		if (!settling())
			break;
		log_warnx("%s is not gone after %d s", oomd.killer.victim, SETTLE_SECONDS);
		settled();
		look();
		break;
	}
}

static void __attribute__((noreturn)) run(void)
{
	struct err e = ERR_INIT;

	watch_all();
	if (gauge_open(&oomd.gauge, oomd.top, &e) < 0)
		log_fatalx("%s", e.text);
	if (oomd.fds[WATCH_WIRE] < 0 && oomd.fds[WATCH_STALL] < 0)
		log_fatalx("the kernel tells nothing about memory: nothing can be done here");
	look();
	for (;;) {
		struct epoll_event events[WATCH_COUNT];
		int n = epoll_wait(oomd.epoll, events, ARRAY_SIZE(events), -1);

		for (int i = 0; i < n; i++)
			on_event(events[i].data.u32);
	}
}

static int dry_run(void)
{
	struct err e = ERR_INIT;
	struct memory m;

	log_open_stderr(self.name);
	if (gauge_open(&oomd.gauge, -1, &e) < 0 || gauge_memory(&oomd.gauge, &m, &e) < 0)
		return program_fail(&self, &e);
	purge_ramdisks(&oomd.settings, "", true);
	kill_someone(&oomd.killer, &m, oom_now());
	return 0;
}

static int number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno || end == text || *end ? -1 : 0;
}

static void seed_from_kernel(struct rng *rng)
{
	char cmdline[KARGS_MAX], text[32];
	uint64_t seed;

	if (rng->seeded || kargs_read(cmdline, NULL) < 0 ||
	    !kargs_value(cmdline, SEED_ARG, text, sizeof(text)) || number(text, &seed) < 0)
		return;
	rng_seed(rng, seed);
	log_info("draws are repeatable: seed %s from the kernel command line", text);
}

struct options {
	const char *root, *config, *policy;
};

static int parse(int argc, char **argv, struct options *o)
{
	const char *seed_text = NULL;
	bool verbose = false;
	const struct program_option list[] = {
		{ "config", 'c', &o->config, NULL },
		{ "cgroup", 'g', &o->root, NULL },
		{ "dry-run", 'n', NULL, &oomd.killer.dry_run },
		{ "policy", 'p', &o->policy, NULL },
		{ "seed", 's', &seed_text, NULL },
		{ "verbose", 'v', NULL, &verbose },
		{ 0 },
	};
	int rc = program_options(&self, PROGRAM_VERSION, list, argc, argv);
	uint64_t seed;

	if (rc >= 0)
		return rc;
	if (seed_text && number(seed_text, &seed) < 0)
		return program_usage(&self, "'%s' is not a number", seed_text);
	if (seed_text)
		rng_seed(&oomd.killer.rng, seed);
	if (verbose)
		log_max_severity(LOG_DEBUG);
	return -1;
}

int main(int argc, char **argv)
{
	struct options o = { .root = CGROUP_ROOT, .config = OOM_CONF };
	struct err e = ERR_INIT;
	int rc = parse(argc, argv, &o);

	if (rc >= 0)
		return rc;
	/* With bad settings it still does its work, by the rule that is the default. */
	if (oom_settings_read(o.config, &oomd.settings, &e) < 0)
		program_fail(&self, &e);
	if (o.policy && oom_policy_parse(o.policy, &oomd.settings.policy) < 0)
		return program_usage(&self, "no policy '%s': random, weighted or largest",
				     o.policy);
	oomd.killer.policy = oomd.settings.policy;
	e = (struct err)ERR_INIT;
	oomd.killer.cgroup_root = cgroup_open_root(o.root, &e);
	if (oomd.killer.cgroup_root < 0)
		return program_fail(&self, &e);
	if (oomd.killer.dry_run)
		return dry_run();
	log_patience(0);
	log_open(self.name);
	arm();
	signal(SIGPIPE, SIG_IGN);
	seed_from_kernel(&oomd.killer.rng);
	for (int i = 0; i < WATCH_COUNT; i++)
		oomd.fds[i] = -1;
	oomd.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (oomd.epoll < 0)
		log_fatal("epoll");
	run();
}
