// SPDX-License-Identifier: Apache-2.0
#include "record.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HEADER_MAX 64

bool panic_parse(const char *data, size_t len, struct panic_part *p)
{
	const char *newline = memchr(data, '\n', len < HEADER_MAX ? len : HEADER_MAX);
	char header[HEADER_MAX + 1];

	if (!newline)
		return false;
	memcpy(header, data, (size_t)(newline - data));
	header[newline - data] = '\0';
	memset(p, 0, sizeof(*p));
	if (sscanf(header, "%15[A-Za-z]#%u Part%u", p->kind, &p->count, &p->part) != 3)
		return false;
	for (char *c = p->kind; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	p->text = newline + 1;
	p->len = len - (size_t)(p->text - data);
	return true;
}

bool panic_same(const struct panic_part *a, const struct panic_part *b)
{
	return !strcmp(a->kind, b->kind) && a->count == b->count;
}

int panic_compare(const void *one, const void *other)
{
	const struct panic_part *a = one, *b = other;
	int kind = strcmp(a->kind, b->kind);

	if (kind)
		return kind;
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	/* The highest part has the oldest lines. */
	return a->part > b->part ? -1 : a->part < b->part;
}

/* What is behind the word, up to the end of its line; false if the text does not have it. */
static bool behind(const char *text, const char *word, char reason[static PANIC_REASON_MAX])
{
	const char *at = strstr(text, word);
	size_t len;

	if (!at)
		return false;
	at += strlen(word);
	len = strcspn(at, "\n");
	if (len == 0)
		return false;
	snprintf(reason, PANIC_REASON_MAX, "%.*s",
		 (int)(len < PANIC_REASON_MAX ? len : PANIC_REASON_MAX), at);
	return true;
}

void panic_reason(const char *text, char reason[static PANIC_REASON_MAX])
{
	/* The first complaint is the cause; what a panic says may only be that there was one. */
	if (behind(text, "Kernel panic - not syncing: Fatal exception", reason)) {
		if (behind(text, "] BUG: ", reason) || behind(text, "] Oops: ", reason))
			return;
	}
	if (behind(text, "Kernel panic - not syncing: ", reason) ||
	    behind(text, "] BUG: ", reason) || behind(text, "] Oops: ", reason))
		return;
	strcpy(reason, "unknown");
}
