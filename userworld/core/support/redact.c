// SPDX-License-Identifier: Apache-2.0
/* Lines, one by one, without the secrets in them. */
#include "redact.h"

#include <string.h>

#include "find.h"

#define QUOTED_MAX 64 /* lines of a value in quotes; then its end was something else */

void redact_init(struct redact *r, const char *const *words, redact_sink *sink, void *context)
{
	memset(r, 0, sizeof(*r));
	r->sink = sink;
	r->context = context;
	r->words = words;
	r->deeper = -1;
}

/* Is this line a part of the value that began above it? */
static bool belongs(struct redact *r)
{
	size_t indent = find_other(r, 0, FIND_BLANK);

	if (r->continued) {
		r->continued = r->len > 0 && r->line[r->len - 1] == '\\';
		return true;
	}
	if (r->quote) {
		if (memchr(r->line, r->quote, r->len) || ++r->lines == QUOTED_MAX)
			r->quote = '\0';
		return true;
	}
	if (r->deeper < 0 || indent == r->len)
		return false;
	/* An item of a list in YAML may stand as far to the left as the list's name. */
	if ((int)indent > r->deeper || ((int)indent == r->deeper && r->line[indent] == '-' &&
					r->len > indent + 1 && r->line[indent + 1] == ' '))
		return true;
	r->deeper = -1;
	return false;
}

static int put(struct redact *r, const char *text, size_t len)
{
	return len ? r->sink(r->context, text, len) : 0;
}

/* What is shown of the line, and the mark once for each run of hidden bytes. */
static int put_line(struct redact *r)
{
	for (size_t at = 0, end; at < r->len; at = end) {
		bool hidden = r->hide[at];
		int rc;

		for (end = at; end < r->len && r->hide[end] == hidden;)
			end++;
		r->removed += hidden;
		rc = hidden ? put(r, REDACT_MARK, strlen(REDACT_MARK))
			    : put(r, r->line + at, end - at);
		if (rc)
			return rc;
	}
	return 0;
}

/* A line that goes on in the rest of what was too long ends with the last whole word. */
static void drop_cut_word(struct redact *r)
{
	while (r->len > 0 && !find_is(r->line[r->len - 1], FIND_BLANK))
		r->len--;
}

static int end_line(struct redact *r, const char *newline)
{
	bool inside = r->in_key;
	int rc;

	if (r->overlong)
		drop_cut_word(r);
	memset(r->hide, 0, r->len);
	if (belongs(r) && !r->in_key)
		find_hide(r, 0, r->len);
	else
		for (find_rule *const *rule = find_rules; *rule; rule++)
			(*rule)(r);
	/* A key's lines in the middle would only be a column of marks. */
	rc = inside && r->in_key ? 0 : put_line(r);
	r->removed += r->overlong;
	if (rc == 0 && r->overlong)
		rc = put(r, REDACT_MARK, strlen(REDACT_MARK));
	if (rc == 0 && !(inside && r->in_key))
		rc = put(r, newline, strlen(newline));
	r->len = 0;
	r->overlong = false;
	return rc;
}

static void add_byte(struct redact *r, char c)
{
	if (r->len == REDACT_LINE)
		r->overlong = true;
	else
		r->line[r->len++] = (unsigned char)c < ' ' && c != '\t' ? ' ' : c;
}

int redact_feed(struct redact *r, const char *data, size_t len)
{
	int rc = 0;

	for (size_t i = 0; i < len && rc == 0; i++) {
		if (data[i] == '\n')
			rc = end_line(r, "\n");
		else
			add_byte(r, data[i]);
	}
	return rc;
}

int redact_end(struct redact *r)
{
	return r->len || r->overlong ? end_line(r, "") : 0;
}
