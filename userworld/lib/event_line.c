// SPDX-License-Identifier: Apache-2.0
/* Events as lines: how they travel through the log, and how they are read there. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "event_type.h"

/* A piece of text that is put together in a buffer; full: something did not fit. */
struct piece {
	char *at;
	size_t room; /* the NUL's byte not counted */
	bool full;
};

static void put(struct piece *p, char c)
{
	if (!p->room) {
		p->full = true;
		return;
	}
	*p->at++ = c;
	p->room--;
}

static void put_string(struct piece *p, const char *text)
{
	put(p, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			put(p, '\\');
		put(p, c < ' ' || c == 0x7f ? ' ' : (char)c);
	}
	put(p, '"');
}

static void put_detail(struct piece *p, const struct event_detail *d, bool first)
{
	char number[24];

	if (!first)
		put(p, ',');
	put_string(p, d->name);
	put(p, ':');
	if (d->text) {
		put_string(p, d->text);
		return;
	}
	snprintf(number, sizeof(number), "%" PRId64, d->number);
	for (const char *c = number; *c; c++)
		put(p, *c);
}

void event_details(char out[static EVENT_DETAILS_MAX], const struct event_detail *details)
{
	struct piece p = { out, EVENT_DETAILS_MAX - 2, false };
	bool first = true;

	put(&p, '{');
	for (; details && details->name; details++) {
		struct piece before = p;

		put_detail(&p, details, first);
		if (p.full)
			p = before;
		else
			first = false;
	}
	*p.at++ = '}';
	*p.at = '\0';
}

void event_line(char out[static EVENT_LINE_MAX], const char *id, const char *text,
		const char *details)
{
	size_t fixed = strlen(" [] ") + strlen(id) + strlen(details);
	int most = (int)(EVENT_LINE_MAX - 1 - fixed);
	bool any = strcmp(details, "{}") != 0;

	snprintf(out, EVENT_LINE_MAX, "%.*s [%s]%s%s", most, text, id, any ? " " : "",
		 any ? details : "");
}

/* The last place of a word, or NULL. */
static char *last(char *text, const char *word)
{
	char *found = NULL;

	while ((text = strstr(text, word)))
		found = text++;
	return found;
}

const struct event_type *event_line_parse(char *line, const char **details)
{
	/* A quote inside of a detail has a backslash before it: the last such place is their begin.
	 */
	char *end = last(line, "] {\""), *id;

	*details = "{}";
	if (end)
		*details = end + 2;
	else
		end = line + strlen(line) - 1;
	if (end < line || *end != ']')
		return NULL;
	*end = '\0';
	id = last(line, " [");
	if (!id)
		return NULL;
	*id = '\0';
	return event_type_find(id + 2);
}
