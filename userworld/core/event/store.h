/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of events and alarms. It is opened for each call: events are rare, and a
 * connection must not travel into the worker processes that hostd forks.
 */
#ifndef VISOR_CORE_EVENT_STORE_H
#define VISOR_CORE_EVENT_STORE_H

#include <limits.h>
#include <sqlite3.h>

#include "alarm.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "utc.h"

/* An event on its way into the store. */
struct event_row {
	const struct event_type *type;
	json_int_t time;    /* milliseconds since 1970 */
	json_int_t uptime;  /* milliseconds since boot */
	const char *source; /* program */
	const char *user;   /* who asked for it, or "" */
	const char *text;
	const char *details; /* an object in JSON */
	bool kept;	     /* set by store_add() */
};

/* Done in a transaction that is given up if it returns -1. */
typedef int store_work(sqlite3 *db, void *context, struct err *e);

/*
 * What SQLite says of the call that has just failed; -1. To be called before anything else is done
 * with the store: the end of another statement is a success that takes the words away.
 */
int store_fail(sqlite3 *db, struct err *e);

/*
 * Runs work on the store, and makes that first if it is not there. A damaged one is made anew;
 * of one that is full the oldest events go; each is tried once more then.
 */
int store_run(const char *path, store_work *work, void *context, struct err *e);

/* The same for work that only reads. 1 if there is no store, and work was not run. */
int store_read(const char *path, store_work *work, void *context, struct err *e);

/* Where the store is. */
int event_store_path(char path[static PATH_MAX], struct err *e);

/*
 * Adds an event, makes room for it, and changes its alarm. One that only ends an alarm is not kept
 * if that does not stand.
 */
int store_add(sqlite3 *db, struct event_row *row, struct err *e);

/* The alarm that an event is about, as it stands before it. */
struct alarm_of {
	char name[ALARM_NAME_MAX];
	int severity; /* -1: it does not stand */
};

/* 1, or 0 if the event is about none; -1. */
int alarm_store_find(sqlite3 *db, const struct event_row *row, struct alarm_of *alarm,
		     struct err *e);

/* What an event does to it; number is its own. */
int alarm_store_note(sqlite3 *db, json_int_t number, const struct event_row *row,
		     const struct alarm_of *alarm, struct err *e);

void store_end_statement(sqlite3_stmt **st);
#define _cleanup_stmt_ _cleanup_(store_end_statement)

/* Milliseconds since 1970 and since boot. */
json_int_t event_now(void);
json_int_t event_uptime(void);

/* "2026-11-23T09:10:11.123Z"; and back, 0, or -1 with ERR_INVALID. A day alone is its begin. */
#define EVENT_TIME_MAX UTC_MAX
char *event_time_text(json_int_t time, char text[static EVENT_TIME_MAX]);
int event_time_parse(const char *text, json_int_t *time, struct err *e);

#endif
