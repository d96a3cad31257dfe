/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client of the supervisor: one request per connection to its socket, root
 * only. socket may be NULL for WORLDCTL_SOCKET. ERR_UNAVAILABLE when the
 * supervisor cannot be reached or does not answer within WORLDCTL_TIMEOUT.
 */
#ifndef VISOR_WORLDCTL_H
#define VISOR_WORLDCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

#define WORLDCTL_SOCKET "/run/supervisor.sock"
#define WORLDCTL_TIMEOUT 30 /* seconds; longer than any stop-timeout allowed */
#define WORLD_NAME_MAX 31   /* bytes of a userworld's name: [a-z0-9][a-z0-9-]* */

/*
 * States: down, waiting (for others), starting, running, stopping, restarting,
 * ending (by itself, its pool is being emptied), backoff (starts again later),
 * done (a oneshot that succeeded), failed (ended, and is not to be restarted).
 */
struct world_info {
	char name[WORLD_NAME_MAX + 1];
	char state[16];	       /* see below */
	pid_t pid;	       /* 0 when it does not run */
	unsigned int restarts; /* starts after the first one that nobody asked for */
	bool essential;	       /* never a victim of the OOM killer */
	bool autostart;	       /* starts with the host */
	char pool[256];	       /* path below the cgroup root */
	int64_t since; /* seconds since boot (CLOCK_BOOTTIME) when it came into this state */
};

/* All worlds in the order of their names; the array belongs to the caller. */
int world_list(const char *socket, struct world_info **list, size_t *count, struct err *e);

/*
 * start returns when the world has been started (it need not be ready yet) or
 * waits for others, stop when its pool is empty, restart when the new one has
 * been started. ERR_NOT_FOUND: no such world. ERR_CONFLICT: already so.
 */
int world_start(const char *socket, const char *name, struct err *e);
int world_stop(const char *socket, const char *name, struct err *e);
int world_restart(const char *socket, const char *name, struct err *e);

/* Reads the config folder again; starts worlds that are new there. */
int world_reload(const char *socket, struct err *e);

/* Begins the orderly end of all worlds; returns at once. */
int world_shutdown(const char *socket, struct err *e);
int world_reboot(const char *socket, struct err *e);

/* Pure part: reads one line of the supervisor's answer to "list". */
int world_info_parse(const char *line, struct world_info *info, struct err *e);

#endif
