// SPDX-License-Identifier: Apache-2.0
#include "range.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fetch_range_format(uint64_t from, uint64_t to, char text[static FETCH_RANGE_TEXT])
{
	if (to)
		snprintf(text, FETCH_RANGE_TEXT, "bytes=%" PRIu64 "-%" PRIu64, from, to - 1);
	else
		snprintf(text, FETCH_RANGE_TEXT, "bytes=%" PRIu64 "-", from);
}

void fetch_range_format_tail(uint64_t len, char text[static FETCH_RANGE_TEXT])
{
	snprintf(text, FETCH_RANGE_TEXT, "bytes=-%" PRIu64, len);
}

/* Digits and then that character; strtoull() alone would take signs and spaces. */
static bool number(const char **text, uint64_t *value, char end)
{
	char *rest;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*value = strtoull(*text, &rest, 10);
	if (errno || *rest != end)
		return false;
	*text = rest + (end != '\0');
	return true;
}

int fetch_range_parse(const char *text, struct fetch_span *span)
{
	uint64_t last;

	if (!text || strncmp(text, "bytes ", 6) != 0)
		return -1;
	text += 6;
	if (!number(&text, &span->from, '-') || !number(&text, &last, '/') || last < span->from ||
	    last == UINT64_MAX)
		return -1;
	span->to = last + 1;
	span->total = 0;
	if (!strcmp(text, "*"))
		return 0;
	return number(&text, &span->total, '\0') && span->to <= span->total ? 0 : -1;
}

static bool keep(const char *value, struct fetch_file *file)
{
	if (!value || strlen(value) >= sizeof(file->validator))
		return false;
	strcpy(file->validator, value);
	return true;
}

void fetch_validator(const char *tag, const char *time, struct fetch_file *file)
{
	if (tag && tag[0] == '"' && keep(tag, file))
		return;
	if (!keep(time, file))
		file->validator[0] = '\0';
}
