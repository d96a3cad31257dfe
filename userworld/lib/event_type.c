// SPDX-License-Identifier: Apache-2.0
#include "event_type.h"

#include <string.h>
#include <syslog.h>

static const struct event_type types[] = {
#define EVENT_TYPE(name, id, severity, effect, alarm, details, help) \
	[EVENT_##name] = { id, LOG_##severity, EVENT_##effect, alarm, details, help },
#include "event_list.h"
#undef EVENT_TYPE
};

const struct event_type *event_type(enum event_id id)
{
	return &types[id];
}

const struct event_type *event_type_find(const char *id)
{
	for (size_t i = 0; i < EVENT_TYPES; i++)
		if (!strcmp(types[i].id, id))
			return &types[i];
	return NULL;
}

const char *event_severity_name(int severity)
{
	if (severity <= LOG_ERR)
		return "error";
	return severity == LOG_WARNING ? "warning" : "info";
}

int event_severity_parse(const char *name)
{
	static const int all[] = { LOG_ERR, LOG_WARNING, LOG_INFO };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(event_severity_name(all[i]), name))
			return all[i];
	return -1;
}
