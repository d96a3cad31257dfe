// SPDX-License-Identifier: Apache-2.0
#include "utc.h"

#define FORM "%Y-%m-%dT%H:%M:%SZ"

char *utc_text(time_t when, char text[static UTC_MAX])
{
	struct tm tm;

	if (!gmtime_r(&when, &tm) || !strftime(text, UTC_MAX, FORM, &tm))
		text[0] = '\0';
	return text;
}

int utc_parse(const char *text, time_t *when)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, FORM, &tm);

	if (!end || *end)
		return -1;
	*when = timegm(&tm);
	return 0;
}
