/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can happen to a host that is worth keeping: the catalogue of events. An event
 * has a stable id, a severity and details; some raise or clear an alarm.
 *
 * Pure, and no allocation: the last-line programs use it too.
 */
#ifndef VISOR_EVENT_TYPE_H
#define VISOR_EVENT_TYPE_H

#include <stddef.h>
#include <stdint.h>

enum event_id {
#define EVENT_TYPE(name, ...) EVENT_##name,
#include "event_list.h"
#undef EVENT_TYPE
	EVENT_TYPES
};

/* What is needed to tell of one. */
struct event_head {
	char id[31];	      /* "ramdisk.full" */
	signed char severity; /* of syslog: LOG_ERR, LOG_WARNING or LOG_INFO */
};

/* Never NULL for a value of the enum. Static programs use this and not event_type(). */
const struct event_head *event_head(enum event_id id);

enum event_effect {
	EVENT_NONE,
	EVENT_RAISES, /* the alarm stands from now on */
	EVENT_CLEARS, /* what was wrong is over, and more: it is kept in any case */
	EVENT_ENDS,   /* what was wrong is over: no news if the alarm does not stand */
};

struct event_type {
	const char *id; /* "ramdisk.full" */
	int severity;	/* of syslog: LOG_ERR, LOG_WARNING or LOG_INFO */
	enum event_effect effect;
	const char *alarm;   /* "ramdisk:ramdisk": one for each value of that detail; or "" */
	const char *details; /* "ramdisk used:n": names, numbers with ":n" */
	const char *help;    /* meaning. What to do */
};

/* Never NULL for a value of the enum. */
const struct event_type *event_type(enum event_id id);

/* NULL if there is none of that id. */
const struct event_type *event_type_find(const char *id);

/* "error", "warning" or "info". */
const char *event_severity_name(int severity);

/* The severity of that name, or -1. */
int event_severity_parse(const char *name);

/* One detail: a text, or a number if text is NULL. A list ends with a NULL name. */
struct event_detail {
	const char *name;
	const char *text;
	int64_t number;
};

#define EVENT_STR(name, value) \
	{                      \
		name, value, 0 \
	}
#define EVENT_NUM(name, value)               \
	{                                    \
		name, NULL, (int64_t)(value) \
	}
#define EVENT_WITH(...) ((const struct event_detail[]){ __VA_ARGS__, { 0 } })

#define EVENT_TEXT_MAX 512    /* bytes of the sentence, with the NUL */
#define EVENT_DETAILS_MAX 480 /* of the details as JSON */
#define EVENT_LINE_MAX 840    /* of a line: the log of the kernel takes no more */

/*
 * The details as an object in JSON. One that does not fit is left out; NULL is none.
 * Text is taken as it is but for control characters, which become spaces.
 */
void event_details(char out[static EVENT_DETAILS_MAX], const struct event_detail *details);

/* "TEXT [ramdisk.full] {"ramdisk": ...}": an event as a line of a log. The text is cut. */
void event_line(char out[static EVENT_LINE_MAX], const char *id, const char *text,
		const char *details);

/*
 * The same line taken apart: line becomes the text. NULL if it is no line of an event that the
 * catalogue has. *details is "{}" if there are none.
 */
const struct event_type *event_line_parse(char *line, const char **details);

#endif
