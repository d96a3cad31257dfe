// SPDX-License-Identifier: Apache-2.0
/* system.event.list, and how the other operations leave an event. */
#include "event.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "internal.h"
#include "log.h"

#define LIMIT_DEFAULT 50

static int severity_of(const char *level)
{
	if (!strcmp(level, "error"))
		return LOG_ERR;
	return !strcmp(level, "warning") ? LOG_WARNING : LOG_INFO;
}

void core_event(const char *kind, const char *level, const char *fmt, ...)
{
	char path[CORE_PATH_MAX], dir[CORE_PATH_MAX];
	struct err e = ERR_INIT;
	int saved = errno;
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_write(severity_of(level), "%s", text);
	if (core_path(path, &e, CORE_ROOT, EVENT_DB) == 0) {
		memcpy(dir, path, sizeof(dir));
		if (file_make_dirs(dirname(dir), &e) < 0 ||
		    event_store_add(path, kind, level, text, &e) < 0)
			log_warnx("event not stored: %s", e.text);
	}
	errno = saved;
}

static int event_list(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, EVENT_DB) < 0)
		return -1;
	return event_store_list(path, (int)core_integer(params, "limit", LIMIT_DEFAULT), result, e);
}

static const struct core_param list_params[] = {
	{ "limit", CORE_INT, .min = 1, .max = EVENT_ROWS, .help = "At most so many (50)" },
	{ 0 },
};

const struct core_op core_event_ops[] = {
	{
		.name = "system.event.list",
		.method = "GET",
		.path = "/system/events",
		.params = list_params,
		.run = event_list,
		.help = "What happened to the host, newest first",
	},
	{ 0 },
};
