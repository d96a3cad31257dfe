/* SPDX-License-Identifier: Apache-2.0 */
/* What an event makes of the alarms that stand. Pure. */
#ifndef VISOR_CORE_EVENT_ALARM_H
#define VISOR_CORE_EVENT_ALARM_H

#include <jansson.h>
#include <stdbool.h>

#include "event_type.h"

#define ALARM_NAME_MAX 128

enum alarm_change {
	ALARM_SAME,
	ALARM_RAISE,  /* a new one */
	ALARM_UPDATE, /* it stands already: newer text, and who has seen it has seen it */
	ALARM_WORSEN, /* graver than before: nobody has seen that yet */
	ALARM_CLEAR,
};

/* standing: severity of the alarm that stands, or -1. */
enum alarm_change alarm_change(const struct event_type *type, int standing);

/* False of an event that says only that something is over which was not. */
bool alarm_is_news(const struct event_type *type, int standing);

/*
 * "ramdisk:tmp": the alarm that an event is about, by its details. False if it is about
 * none, or the detail is missing.
 */
bool alarm_name(char name[static ALARM_NAME_MAX], const struct event_type *type,
		const json_t *details);

/*
 * Is there an event that clears it? If not, it stands until somebody has seen it. name is that
 * of an alarm, such as "ramdisk:tmp".
 */
bool alarm_ends_by_itself(const char *name);

#endif
