/* SPDX-License-Identifier: Apache-2.0 */
/* Where records go: which of the logs gets which, in which form. */
#ifndef VMKLOGGER_SINK_H
#define VMKLOGGER_SINK_H

#include "forward.h"
#include "logfile.h"
#include "record.h"
#include "route.h"
#include "settings.h"
#include "spool.h"

struct sink {
	struct logfile logs[LOG_ID_COUNT];
	struct rations rations;
	struct forward *forward; /* also gets every record */
	struct spool *spool;	 /* gets events */
};

/* Sizes, counts and folder anew; what was gathered is written first. */
void sink_settings(struct sink *s, const struct settings *settings);

/*
 * Takes a record for its logs (route.h). If the writer's CPU is not known, the
 * logger's own stands for it.
 */
void sink_put(struct sink *s, const struct record *r);

/* Something the logger has to say itself. */
void sink_say(struct sink *s, int severity, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* An event of the logger itself. */
void sink_event(struct sink *s, enum event_id id, const struct event_detail *details,
		const char *text);

/* Writes what was gathered, and sends on what is to be sent on. */
void sink_flush(struct sink *s);

#endif
