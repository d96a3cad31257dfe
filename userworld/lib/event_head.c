// SPDX-License-Identifier: Apache-2.0
/*
 * The part of the catalogue that a program needs to tell of an event. Its words for people are
 * apart (event_type.c), so that static programs do without them.
 */
#include <syslog.h>

#include "event_type.h"

static const struct event_head heads[] = {
#define EVENT_TYPE(name, id, severity, ...) [EVENT_##name] = { id, LOG_##severity },
#include "event_list.h"
#undef EVENT_TYPE
};

const struct event_head *event_head(enum event_id id)
{
	return &heads[id];
}
