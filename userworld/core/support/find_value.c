// SPDX-License-Identifier: Apache-2.0
/* Values behind names that say that they are secrets: "api_token = X", "--password X". */
#include <ctype.h>
#include <string.h>

#include "find.h"
#include "secrets.h"

#define NAME (FIND_ALNUM | FIND_NAME)
#define NAME_MAX 128

/* A name and what follows it. */
struct named {
	size_t from, to;
	size_t value; /* where its value begins; 0: nothing follows it that could be one */
	bool tag;     /* <name> of XML */
	bool tight;   /* "name=value", or an option: more arguments may follow */
};

/* Letters and digits of a name, in lower case. */
static size_t plain_name(const char *text, size_t len, char plain[static NAME_MAX])
{
	size_t n = 0;

	/* What a name ends with says what it is. */
	if (len >= NAME_MAX) {
		text += len - NAME_MAX + 1;
		len = NAME_MAX - 1;
	}
	for (size_t i = 0; i < len; i++)
		if (isalnum((unsigned char)text[i]))
			plain[n++] = (char)tolower((unsigned char)text[i]);
	plain[n] = '\0';
	return n;
}

static bool agrees(const struct secret_key *k, const char *plain, size_t len)
{
	size_t n = strlen(k->word);

	if (k->where == SECRET_HAS || k->where == SECRET_LINE)
		return strstr(plain, k->word) != NULL;
	if (k->where == SECRET_IS)
		return !strcmp(plain, k->word);
	return len >= n && !strcmp(plain + len - n, k->word);
}

static const struct secret_key *key_of(const struct redact *r, size_t from, size_t to)
{
	static const struct secret_key more = { "", SECRET_HAS };
	char plain[NAME_MAX], word[NAME_MAX];
	size_t len = plain_name(r->line + from, to - from, plain);

	for (const struct secret_key *k = secret_keys; k->word; k++)
		if (agrees(k, plain, len))
			return k;
	for (const char *const *w = r->words; w && *w; w++)
		if (plain_name(*w, strlen(*w), word) && strstr(plain, word))
			return &more;
	return NULL;
}

/* Backslashes in front of [at], back to start. */
static size_t escapes(const struct redact *r, size_t start, size_t at)
{
	size_t from = at;

	while (from > start && r->line[from - 1] == '\\')
		from--;
	return at - from;
}

/* A value in quotes, which may be escaped and then end in the same way. Returns its end. */
static size_t quoted(struct redact *r, size_t start, size_t at)
{
	size_t outer = at - start;

	for (size_t end = at + 1; end < r->len; end++) {
		size_t n = r->line[end] == r->line[at] ? escapes(r, at + 1, end) : 0;

		if (r->line[end] != r->line[at] || (outer ? n > outer : n % 2))
			continue;
		/* A shell joins what follows without a gap. */
		find_hide(r, at + 1, end - (outer ? n : 0));
		at = find_any(r, end + 1,
			      FIND_BLANK | FIND_END | FIND_QUOTE | FIND_CLOSER | FIND_TAG);
		find_hide(r, end + 1, at);
		return at;
	}
	r->quote = r->line[at];
	r->lines = 0;
	find_hide(r, at + 1, r->len);
	return r->len;
}

/* An option or an assignment begins here, so the value before it has ended. */
static bool next_argument(const struct redact *r, size_t at)
{
	size_t end;

	if (r->line[at] == '-')
		return at + 1 < r->len &&
		       (find_is(r->line[at + 1], FIND_ALNUM) || r->line[at + 1] == '-');
	end = find_other(r, at, NAME);
	return end > at && end + 1 < r->len && r->line[end] == '=' &&
	       !find_is(r->line[end + 1], FIND_BLANK | FIND_SEPARATOR);
}

/* Of a command line: up to the next argument. */
static size_t argument_end(const struct redact *r, size_t at)
{
	for (;;) {
		size_t end = find_any(r, at, FIND_BLANK);

		at = find_other(r, end, FIND_BLANK);
		if (at == r->len)
			return at;
		if (next_argument(r, at))
			return end;
	}
}

/* Returns the value's end. */
static size_t hide_value(struct redact *r, const struct named *n, bool whole)
{
	size_t at = n->value, end = r->len;

	while (at < r->len && r->line[at] == '\\')
		at++;
	if (!n->tag && !whole && at < r->len && find_is(r->line[at], FIND_QUOTE))
		return quoted(r, n->value, at);
	/* Its value may be in the lines below, as far as they are indented deeper. */
	if (n->tag ? r->line[r->len - 1] == '>'
		   : n->value == r->len || find_is(r->line[n->value], FIND_OPENER))
		r->deeper = (int)find_other(r, 0, FIND_BLANK);
	if (n->tag)
		end = find_any(r, find_any(r, n->value, FIND_TAG) + 1, FIND_TAG);
	else if (n->tight && !whole)
		end = argument_end(r, n->value);
	if (end > r->len)
		end = r->len;
	find_hide(r, n->value, end);
	r->continued = end == r->len && r->line[r->len - 1] == '\\';
	return end;
}

/* What follows a name: "=" or ":", or only a gap behind an option or the first word of a line. */
static void look_behind(const struct redact *r, struct named *n)
{
	bool first = n->from == find_other(r, 0, FIND_BLANK);
	bool option = r->line[n->from] == '-';
	size_t at = find_other(r, find_other(r, n->to, FIND_CLOSER), FIND_BLANK);

	n->tag = n->from > 0 && r->line[n->from - 1] == '<';
	if (n->tag) {
		n->value = n->to;
	} else if (at < r->len && find_is(r->line[at], FIND_SEPARATOR) && r->line[at] != '>') {
		size_t value = find_other(r, at, FIND_SEPARATOR);

		n->tight = !first && at == n->to && r->line[at] == '=' && value < r->len &&
			   !find_is(r->line[value], FIND_BLANK);
		n->value = find_other(r, value, FIND_BLANK);
	} else if (at > n->to && at < r->len && (option || first)) {
		n->tight = option;
		n->value = at;
	}
}

void find_values(struct redact *r)
{
	for (size_t at = find_any(r, 0, NAME); at < r->len; at = find_any(r, at, NAME)) {
		struct named n = { .from = at, .to = find_other(r, at, NAME) };
		const struct secret_key *k;

		look_behind(r, &n);
		k = n.value ? key_of(r, n.from, n.to) : NULL;
		at = k ? hide_value(r, &n, k->where == SECRET_LINE) : n.to;
	}
}
