// SPDX-License-Identifier: Apache-2.0
/* Times of events: milliseconds inside, RFC 3339 outside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store.h"

static json_int_t clock_ms(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

json_int_t event_now(void)
{
	return clock_ms(CLOCK_REALTIME);
}

json_int_t event_uptime(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

char *event_time_text(json_int_t ms, char text[static EVENT_TIME_MAX])
{
	size_t len = strlen(utc_text((time_t)(ms / 1000), text));

	/* In the place of the Z. */
	if (len)
		snprintf(text + len - 1, EVENT_TIME_MAX - len + 1, ".%03dZ", (int)(ms % 1000));
	return text;
}

int event_time_parse(const char *text, json_int_t *ms, struct err *e)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	long part = 0;

	if (rest && *rest == 'T') {
		rest = strptime(rest, "T%H:%M:%S", &tm);
		if (rest && *rest == '.') {
			char *end;

			part = strtol(rest + 1, &end, 10);
			rest = end == rest + 4 && part >= 0 ? end : NULL;
		}
		rest = rest && *rest == 'Z' ? rest + 1 : NULL;
	}
	if (!rest || *rest)
		return err_set(e, ERR_INVALID,
			       "%.40s: is no time, such as 2026-11-23T09:10:11Z or 2026-11-23",
			       text);
	*ms = (json_int_t)timegm(&tm) * 1000 + part;
	return 0;
}
