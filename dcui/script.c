// SPDX-License-Identifier: Apache-2.0
/* Script reader and runner. */
#include "dcui/script.h"
#include "dcui/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

int script_size(const char *text, int *rows, int *cols)
{
	char rest;

	return sscanf(text, "%dx%d%c", cols, rows, &rest) == 2 && *rows > 0 && *cols > 0 &&
			       *rows <= GRID_MAX_ROWS && *cols <= GRID_MAX_COLS
		       ? 0
		       : -1;
}

/* What stands between the brackets. */
static int name_token(const char *name, size_t len, struct token *t, struct err *e)
{
	char copy[32];

	snprintf(copy, sizeof(copy), "%.*s", (int)len, name);
	if (len < sizeof(copy)) {
		if (key_from_name(name, len, &t->key)) {
			t->kind = TOKEN_KEY;
			return 0;
		}
		if (!strcasecmp(copy, "refresh")) {
			t->kind = TOKEN_REFRESH;
			return 0;
		}
		if (sscanf(copy, "%*[Ww]ait %u", &t->seconds) == 1) {
			t->kind = TOKEN_WAIT;
			return 0;
		}
		if (!strncasecmp(copy, "size ", 5) &&
		    script_size(copy + 5, &t->rows, &t->cols) == 0) {
			t->kind = TOKEN_SIZE;
			return 0;
		}
	}
	return err_set(e, ERR_INVALID, "script: <%s> is no key", copy);
}

/* Blanks that only separate: at the ends of lines, and before a name in brackets. */
static const char *skip_separators(const char *start, const char *at)
{
	for (;;) {
		const char *after = at + strspn(at, " \t");
		bool line_start = at == start || at[-1] == '\n';

		if (line_start && *after == '#')
			at = after + strcspn(after, "\n");
		else if (*after == '\n')
			at = after + 1;
		else if (line_start || *after == '<' || *after == '\0')
			return after;
		else
			return at;
	}
}

int script_next(struct script *s, struct token *token, struct err *e)
{
	const char *end;

	*token = (struct token){ 0 };
	s->at = skip_separators(s->start, s->at);
	if (*s->at == '\0')
		return 0;
	if (*s->at != '<') {
		token->kind = TOKEN_KEY;
		token->key = (struct key){ KEY_CHAR, text_decode(&s->at) };
		return 0;
	}
	end = strchr(s->at, '>');
	if (!end)
		return err_set(e, ERR_INVALID, "script: '<' without '>': %.20s", s->at);
	if (name_token(s->at + 1, (size_t)(end - s->at - 1), token, e) < 0)
		return -1;
	s->at = end + 1;
	return 0;
}

static void wait_seconds(struct driver *d, unsigned int seconds)
{
	while (seconds-- > 0) {
		driver_tick(d, d->m.now + 1);
		driver_continue(d);
	}
}

static void apply(struct driver *d, const struct token *t)
{
	switch (t->kind) {
	case TOKEN_KEY:
		driver_key(d, t->key);
		break;
	case TOKEN_WAIT:
		wait_seconds(d, t->seconds);
		break;
	case TOKEN_SIZE:
		d->m.rows = t->rows;
		d->m.cols = t->cols;
		break;
	case TOKEN_REFRESH:
		driver_refresh(d);
		break;
	case TOKEN_END:
		break;
	}
	driver_continue(d);
}

int script_run(const char *text, struct driver *d, struct err *e)
{
	struct script s = { text, text };
	struct token t;

	do {
		if (script_next(&s, &t, e) < 0)
			return -1;
		apply(d, &t);
	} while (t.kind != TOKEN_END && !d->quit);
	return 0;
}
