/* SPDX-License-Identifier: Apache-2.0 */
/* A userworld as the supervisor keeps it, and the table of all. Nothing here is allocated. */
#ifndef SUPERVISOR_WORLD_H
#define SUPERVISOR_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "config.h"
#include "machine.h"
#include "userworld/pool/bites.h"
#include "userworld/pool/host.h"
#include "userworld/pool/pools.h"

struct world {
	struct world_conf conf;
	bool used;    /* the slot holds a world */
	bool retired; /* its config file is gone: forget it when it is down */
	bool adopted; /* started by a supervisor before this one */
	bool asked;   /* the next start was asked for, so it is no restart */
	enum world_state state;
	int64_t since;	       /* CLOCK_BOOTTIME ms when it came into the state */
	int64_t started;       /* CLOCK_BOOTTIME ms of the last start */
	int64_t deadline;      /* CLOCK_BOOTTIME ms of WE_TIMEOUT, 0: none */
	unsigned int delay;    /* last back-off, ms; 0: none yet */
	unsigned int restarts; /* starts nobody asked for */
	unsigned int quick;    /* ends in a row before its min-uptime */
	struct {
		pid_t pid; /* of the command that runs, 0: none */
		int pidfd;
		int64_t due; /* CLOCK_BOOTTIME ms of its start or, while it runs, of its end */
		unsigned int failures; /* in a row */
	} probe;
	bool troubled;	    /* an alarm about it stands */
	bool limited;	    /* an alarm about its limits stands */
	uint64_t oom_kills; /* memory.events oom_kill when it was started */
	pid_t pid;	    /* main process, 0: none */
	int pidfd;	    /* of the main process, -1: none */
	int pool;	    /* directory of its cgroup, -1: not made yet */
	int pool_events;    /* its cgroup.events, watched for changes */
	int memory_events;  /* its memory.events and pids.events, watched for limits that bite */
	int pids_events;
	bool cpu_limited;   /* by its file or by an administrator */
	struct bites bites; /* as far as they have been told */
	int64_t bites_told; /* CLOCK_BOOTTIME ms of the last line about them */
	int output;	    /* reading end of its stdout and stderr, held for the logger */
	int ready;	    /* reading end of READY_FD */
};

struct table {
	struct world worlds[WORLDS_MAX];
	int cgroup_root;
	int epoll;
	int logger;  /* connection that outputs are handed over, -1: none */
	int64_t now; /* CLOCK_BOOTTIME ms, set once per turn of the loop */
	bool shutting_down;
	int hwdog;			   /* hardware watchdog, -1: none (yet) */
	int64_t hwdog_due;		   /* CLOCK_BOOTTIME ms of the next sign of life */
	struct pool_host host;		   /* what can be given to pools */
	bool weighs_disks;		   /* somebody has a share of disks other than the usual */
	struct pool_line pools[POOLS_MAX]; /* limits an administrator has set */
	int pool_count;
	const char *pools_file;
	const char *conf_dir;
	const char *run_dir;
	char cmdline[4096]; /* of the kernel */
};

#define table_for_each(t, w)                                                                 \
	for (__typeof__(&(t)->worlds[0]) w = (t)->worlds; w < (t)->worlds + WORLDS_MAX; w++) \
		if (w->used)

/* What epoll hands back: what the descriptor is, and whose. */
enum watch {
	WATCH_SIGNAL,
	WATCH_TIMER,
	WATCH_LISTEN,
	WATCH_CLIENT,
	WATCH_PID,
	WATCH_POOL,
	WATCH_READY,
	WATCH_LOGGER,
	WATCH_MEMORY_LIMIT,
	WATCH_PIDS_LIMIT,
	WATCH_HOTPLUG,
	WATCH_PROBE
};

int watch_add(struct table *t, int fd, uint32_t events, enum watch what, unsigned int index);
unsigned int world_index(const struct table *t, const struct world *w);

struct world *world_find(struct table *t, const char *name);

/* Closes *fd, which also ends the watching, and makes it -1. */
void close_fd(int *fd);

#endif
