/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: what happened to the host, for people who look later. Kept in a
 * small SQLite file in a ramdisk, at most EVENT_ROWS of them, and in the log.
 *
 * The store is a convenience: if it is damaged it is made anew, if it cannot
 * be written the event is in the log only. Nothing fails because of it.
 */
#ifndef VISOR_CORE_EVENT_H
#define VISOR_CORE_EVENT_H

#include <jansson.h>

#include "err.h"

#define EVENT_DB "/var/db/visoros/events.db"
#define EVENT_ROWS 1000

/* kind: area such as "service"; level: "info", "warning" or "error". errno is kept. */
void core_event(const char *kind, const char *level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The store by itself, for tests: path is the file. */
int event_store_add(const char *path, const char *kind, const char *level, const char *text,
		    struct err *e);
/* An array of {id, time, kind, level, text}, newest first. A missing store is empty. */
int event_store_list(const char *path, int limit, json_t **rows, struct err *e);

#endif
