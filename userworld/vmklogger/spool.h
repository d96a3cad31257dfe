/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events of programs that cannot keep them themselves: the last-line programs, which allocate
 * nothing, and others while the store of events cannot be written. They are lines of the log
 * that event_line() has made, sent with the facility EVENT_FACILITY by root. The logger puts
 * the last SPOOL_SLOTS of them into a file of a fixed size, whose room is taken when it is
 * made: so none is lost while hostd is down or a ramdisk is full. Who keeps the store
 * takes them from there by their numbers, and learns of news by inotify.
 *
 * The file outlives the logger, and numbers only grow. No allocation on the logger's side.
 */
#ifndef VMKLOGGER_SPOOL_H
#define VMKLOGGER_SPOOL_H

#include "record.h"
#include "userworld/lib/err.h"
#include "userworld/lib/event_type.h"

#define SPOOL_FILE "/run/vmklogger.events"
#define SPOOL_SLOTS 95 /* and a head: 96 KiB */

struct spool_slot {
	uint64_t number; /* 0: free */
	int64_t uptime;	 /* microseconds of CLOCK_MONOTONIC when it was written */
	int32_t severity;
	int32_t world;
	char component[COMPONENT_MAX + 1];
	char line[1024 - 64];
	uint64_t again; /* number once more: a slot that is being written is not taken */
};

struct spool {
	int fd; /* -1: cannot be written now */
	const char *path;
	uint64_t last; /* number of the newest */
};

/* Goes on where the file ends. If it cannot be had it is tried again with each event. */
void spool_open(struct spool *s, const char *path);

/* Keeps an event; the oldest goes. */
void spool_put(struct spool *s, const struct record *r);

/*
 * Those with a number above after, oldest first; the array belongs to the caller. *missed: how
 * many of them were overwritten. A file that is not there is empty.
 */
int spool_read(const char *path, uint64_t after, struct spool_slot **list, size_t *count,
	       uint64_t *missed, struct err *e);

#endif
