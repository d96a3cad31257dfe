/* SPDX-License-Identifier: Apache-2.0 */
/* A userworld's config file, userworld.conf(5), as a value without pointers. */
#ifndef SUPERVISOR_CONFIG_H
#define SUPERVISOR_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "userworld/lib/cgroup.h"
#include "userworld/lib/conf.h"
#include "userworld/lib/worldctl.h"
#include "userworld/pool/limits.h"

#define WORLDS_MAX 64 /* userworlds on a host */
#define WORLD_AFTER_MAX 8
#define WORLD_ARGS_MAX 32

enum restart_policy { RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_NEVER };
enum ready_kind { READY_EXEC, READY_NOTIFY, READY_EXIT };

struct world_conf {
	char name[WORLD_NAME_MAX + 1];
	char command[512]; /* words separated by blanks, no quoting; the first is a path */
	char env[256];	   /* NAME=VALUE words */
	char pool[CGROUP_PATH_MAX + 1];
	char tty[64];	    /* controlling terminal, or "" */
	char if_arg[64];    /* word of the kernel command line, or "" */
	char if_device[64]; /* path, or "" */
	char jit[128];	    /* program that generates code, or "" */
	char after[WORLD_AFTER_MAX][WORLD_NAME_MAX + 1];
	unsigned int after_count;
	struct pool_limits limits; /* of its pool; sizes of memory without what scale adds */
	unsigned int scale[POOL_MEMORY_KEYS]; /* thousandths of the host's memory above 128 MiB */
	uint64_t address_space;	     /* bytes each process may have of its own; POOL_NONE */
	unsigned int address_scale;  /* as scale */
	unsigned int stop_timeout;   /* seconds */
	unsigned int availability;   /* seconds it may run before it is stopped; 0: for ever */
	unsigned int min_uptime;     /* seconds; who ends earlier has failed quickly */
	unsigned int quick_failures; /* in a row, after which it is left down; 0: never */
	char probe[256];	     /* command that tells whether it does its work, or "" */
	unsigned int probe_interval, probe_timeout; /* seconds */
	unsigned int probe_failures;		    /* in a row, after which it is restarted */
	bool immortal; /* not left down, but tried again after IMMORTAL_DELAY */
	enum restart_policy restart;
	enum ready_kind ready;
	bool essential;
	bool oneshot;
	bool autostart;
};

/* Name and text are checked; every refusal names the file and, if it can, the line. */
int world_conf_from(const struct conf *c, const char *name, struct world_conf *w, struct err *e);

/* Reads DIR/NAME.conf. */
int world_conf_read(const char *dir, const char *name, struct world_conf *w, struct err *e);

/*
 * Splits words in place. argv gets at most max - 1 pointers and a NULL; returns
 * the number of words, or -1 if there are more.
 */
int split_words(char *text, char **argv, size_t max);

bool world_name_valid(const char *name);

#endif
