// SPDX-License-Identifier: Apache-2.0
/* system.event and system.alarm */
#include <string.h>

#include "alarm_store.h"
#include "userworld/core/internal.h"

#define LIMIT_DEFAULT 50

static int time_of(json_t *params, const char *name, json_int_t *time, struct err *e)
{
	const char *text = core_string(params, name);
	struct err own = ERR_INIT;

	*time = 0;
	if (!text || event_time_parse(text, time, &own) == 0)
		return 0;
	return err_set(e, own.kind, "%s: %s", name, own.text);
}

static int run_event_list(json_t *params, json_t **result, struct err *e)
{
	const char *severity = core_string(params, "severity");
	struct event_filter filter = {
		.follow = json_object_get(params, "since") != NULL,
		.since = core_integer(params, "since", 0),
		.before = core_integer(params, "before", 0),
		.severity = severity ? event_severity_parse(severity) : 0,
		.id = core_string(params, "id"),
		.limit = (int)core_integer(params, "limit", LIMIT_DEFAULT),
	};

	if (time_of(params, "from", &filter.from, e) < 0 ||
	    time_of(params, "to", &filter.to, e) < 0)
		return -1;
	return event_list(&filter, result, e);
}

static int run_alarm_list(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return alarm_list(result, e);
}

static int run_acknowledge(json_t *params, json_t **result, struct err *e)
{
	struct alarm_seen seen = { .name = core_string(params, "alarm"), .user = core_actor() };
	char path[CORE_PATH_MAX];

	(void)result;
	event_collect(NULL);
	if (event_store_path(path, e) < 0)
		return -1;
	if (store_run(path, alarm_store_seen, &seen, e) < 0)
		return -1;
	if (!seen.found)
		return err_set(e, ERR_NOT_FOUND,
			       "alarm %s does not stand; \"system alarm list\" shows those that do",
			       seen.name);
	core_event(EVENT_ALARM_ACKNOWLEDGED, EVENT_WITH(EVENT_STR("alarm", seen.name)),
		   "Alarm %s was acknowledged", seen.name);
	return 0;
}

/* clang-format off */
static const struct core_param list_params[] = {
	{ "limit", CORE_INT, .min = 1, .max = EVENT_ROWS, .otherwise = "50", .help = "At most so many" },
	{ "since", CORE_INT, .min = 0, .max = INT64_MAX, .help = "After the event of this number, oldest first" },
	{ "before", CORE_INT, .min = 1, .max = INT64_MAX, .help = "Before the event of this number" },
	{ "severity", CORE_NAME, .words = "error|warning|info", .help = "At least so grave" },
	{ "id", CORE_NAME, .help = "Of this id or area, such as ramdisk" },
	{ "from", CORE_STRING, .help = "From this time on, in UTC" },
	{ "to", CORE_STRING, .help = "Before this time, in UTC" },
	{ 0 },
};

static const struct core_param acknowledge_params[] = {
	{ "alarm", CORE_STRING, .required = true, .min = 1, .max = 127, .among = "system.alarm.list alarm", .help = "The alarm, such as ramdisk:tmp" },
	{ 0 },
};
/* clang-format on */

const struct core_op core_event_ops[] = {
	{
		.name = "system.event.list",
		.method = "GET",
		.path = "/system/events",
		.params = list_params,
		.run = run_event_list,
		.help = "What happened to the host, newest first",
	},
	{ 0 },
};

const struct core_op core_alarm_ops[] = {
	{
		.name = "system.alarm.list",
		.method = "GET",
		.path = "/system/alarms",
		.run = run_alarm_list,
		.help = "What is wrong now, gravest first",
	},
	{
		.name = "system.alarm.acknowledge",
		.method = "POST",
		.path = "/system/alarms/acknowledge",
		.privilege = CORE_OPERATE,
		.flags = CORE_QUIET,
		.params = acknowledge_params,
		.run = run_acknowledge,
		.help = "Somebody has seen an alarm",
	},
	{ 0 },
};
