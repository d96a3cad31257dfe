/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: what happened to the host, for people who look later, and alarms: what is wrong
 * with it now (docs/events.md). The catalogue is userworld/lib/event_list.h.
 *
 * They are kept in a small SQLite file in a ramdisk. The store is a convenience: if it is
 * damaged it is made anew, if it cannot be written an event waits in the logger's spool.
 * Nothing fails because of it. Programs that do not link libcore use log_event(), and what they
 * tell comes into the store with event_collect().
 */
#ifndef VISOR_CORE_EVENT_H
#define VISOR_CORE_EVENT_H

#include <jansson.h>
#include <stdbool.h>

#include "err.h"
#include "event_type.h"

#define EVENT_DB "/var/db/visoros/events.db"
#define EVENT_ROWS 1000 /* at most; of each severity a part, so none drives out another */

/*
 * Tells of an event; details as of EVENT_WITH(), or NULL. errno is kept. One of those that only
 * end an alarm (EVENT_ENDS) is not said if that does not stand.
 */
void core_event(enum event_id id, const struct event_detail *details, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Takes what is new in the logger's spool into the store. hostd does so at once, and each list
 * of events or alarms before it answers. Each is taken once, whoever does it.
 */
int event_collect(struct err *e);

/* Which events are wanted. 0, NULL: any. */
struct event_filter {
	bool follow;	   /* those after since, the oldest first */
	json_int_t since;  /* number */
	json_int_t before; /* number: those before it */
	json_int_t from;   /* milliseconds since 1970 */
	json_int_t to;	   /* up to, not including */
	int severity;	   /* of syslog: at least so grave */
	const char *id;	   /* "ramdisk.full", or an area: "ramdisk" */
	int limit;
};

/* An array of events, the newest first unless follow is set. */
int event_list(const struct event_filter *filter, json_t **rows, struct err *e);

/* What is wrong now: an array, the gravest first. */
int alarm_list(json_t **rows, struct err *e);

/* Does "ramdisk:tmp" or the like stand? */
bool core_alarm_stands(const char *name);

/*
 * Waiting for more: a descriptor that becomes readable when there may be new events. Call
 * event_watch_clear() before looking with event_list(). Close it with close(2).
 */
int event_watch_open(struct err *e);
void event_watch_clear(int fd);

/*
 * Events after a number, waiting up to so many milliseconds for the first one. An empty array
 * if there is none by then.
 */
int event_wait(json_int_t since, int limit, int milliseconds, json_t **rows, struct err *e);

#endif
