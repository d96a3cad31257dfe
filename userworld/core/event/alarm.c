// SPDX-License-Identifier: Apache-2.0
#include "alarm.h"

#include <stdio.h>
#include <string.h>

enum alarm_change alarm_change(const struct event_type *type, int standing)
{
	switch (type->effect) {
	case EVENT_RAISES:
		if (standing < 0)
			return ALARM_RAISE;
		/* syslog's numbers: the lower, the graver */
		return type->severity < standing ? ALARM_WORSEN : ALARM_UPDATE;
	case EVENT_CLEARS:
	case EVENT_ENDS:
		return standing < 0 ? ALARM_SAME : ALARM_CLEAR;
	case EVENT_NONE:
		break;
	}
	return ALARM_SAME;
}

bool alarm_is_news(const struct event_type *type, int standing)
{
	return type->effect != EVENT_ENDS || standing >= 0;
}

bool alarm_name(char name[static ALARM_NAME_MAX], const struct event_type *type,
		const json_t *details)
{
	size_t len = strcspn(type->alarm, ":");
	const char *value = "";

	if (type->alarm[len]) {
		value = json_string_value(json_object_get(details, type->alarm + len + 1));
		if (!value)
			return false;
	}
	snprintf(name, ALARM_NAME_MAX, "%.*s%s%s", (int)len, type->alarm,
		 type->alarm[len] ? ":" : "", value);
	return len > 0;
}

bool alarm_ends_by_itself(const char *name)
{
	size_t len = strcspn(name, ":");

	for (int id = 0; id < EVENT_TYPES; id++) {
		const struct event_type *type = event_type((enum event_id)id);

		if ((type->effect == EVENT_CLEARS || type->effect == EVENT_ENDS) &&
		    strcspn(type->alarm, ":") == len && !strncmp(type->alarm, name, len))
			return true;
	}
	return false;
}
