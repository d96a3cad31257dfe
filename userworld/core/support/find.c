// SPDX-License-Identifier: Apache-2.0
/* Secrets that are known by their own form. */
#include "find.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "secrets.h"

#define BASE64 (FIND_ALNUM | FIND_BASE64)
#define CRYPT (FIND_ALNUM | FIND_CRYPT)

#define RANDOM_MIN 40 /* characters */
#define HASH_MIN 8    /* characters of a hash behind its method */
#define DES_LEN 13    /* characters of the oldest hashes, which have no method in front */

static const uint16_t classes_of[256] = {
	['a' ... 'z'] = FIND_ALNUM,
	['A' ... 'Z'] = FIND_ALNUM,
	['0' ... '9'] = FIND_ALNUM | FIND_DIGIT,
	[' '] = FIND_BLANK,
	['\t'] = FIND_BLANK,
	['_'] = FIND_NAME | FIND_BASE64,
	['.'] = FIND_NAME | FIND_CRYPT,
	['-'] = FIND_NAME | FIND_BASE64 | FIND_CRYPT,
	['+'] = FIND_BASE64 | FIND_CRYPT,
	['/'] = FIND_BASE64 | FIND_CRYPT,
	['='] = FIND_BASE64 | FIND_CRYPT | FIND_SEPARATOR,
	['$'] = FIND_CRYPT | FIND_DOLLAR,
	[','] = FIND_CRYPT | FIND_END,
	[';'] = FIND_END,
	['}'] = FIND_END,
	[')'] = FIND_CLOSER | FIND_END,
	[']'] = FIND_CLOSER | FIND_END,
	['"'] = FIND_QUOTE | FIND_CLOSER,
	['\''] = FIND_QUOTE | FIND_CLOSER,
	['`'] = FIND_QUOTE,
	['\\'] = FIND_CLOSER,
	['['] = FIND_OPENER,
	['{'] = FIND_OPENER,
	['('] = FIND_OPENER,
	['|'] = FIND_OPENER,
	['>'] = FIND_OPENER | FIND_SEPARATOR | FIND_TAG,
	['<'] = FIND_TAG,
	[':'] = FIND_SEPARATOR | FIND_COLON,
};

bool find_is(char c, unsigned int classes)
{
	return classes_of[(unsigned char)c] & classes;
}

size_t find_any(const struct redact *r, size_t at, unsigned int classes)
{
	while (at < r->len && !find_is(r->line[at], classes))
		at++;
	return at;
}

size_t find_other(const struct redact *r, size_t at, unsigned int classes)
{
	while (at < r->len && find_is(r->line[at], classes))
		at++;
	return at;
}

void find_hide(struct redact *r, size_t from, size_t to)
{
	if (from < to)
		memset(r->hide + from, true, to - from);
}

/* Where text stands in the line from at on, or the line's end. */
static size_t find_text(const struct redact *r, size_t at, const char *text)
{
	const char *found = memmem(r->line + at, r->len - at, text, strlen(text));

	return found ? (size_t)(found - r->line) : r->len;
}

/* "$6$salt$hash" and its like, anywhere. */
static void find_hashes(struct redact *r)
{
	for (size_t at = find_any(r, 0, FIND_DOLLAR); at < r->len;
	     at = find_any(r, at + 1, FIND_DOLLAR)) {
		size_t method = find_other(r, at + 1, FIND_ALNUM | FIND_NAME);
		size_t end;

		if (method == at + 1 || method == r->len || r->line[method] != '$')
			continue;
		end = find_other(r, method + 1, CRYPT);
		if (end - method > HASH_MIN)
			find_hide(r, at, end);
	}
}

/* The second field of a line of shadow(5), also of the oldest form. */
static void find_shadow(struct redact *r)
{
	for (size_t at = find_any(r, 0, FIND_COLON); at < r->len;
	     at = find_any(r, at + 1, FIND_COLON)) {
		size_t end = find_any(r, at + 1, FIND_COLON | FIND_BLANK);
		size_t days;

		if (end - at - 1 < DES_LEN || end == r->len || r->line[end] != ':')
			continue;
		days = find_other(r, end + 1, FIND_DIGIT);
		if (days < r->len && r->line[days] == ':')
			find_hide(r, at + 1, end);
	}
}

/* "scheme://user:password@host" */
static void find_userinfo(struct redact *r)
{
	for (size_t at = find_text(r, 0, "://"); at < r->len; at = find_text(r, at + 3, "://")) {
		size_t end = find_any(r, at + 3, FIND_BLANK | FIND_QUOTE | FIND_TAG);
		const char *last = memrchr(r->line + at + 3, '@', end - at - 3);

		if (last)
			find_hide(r, at + 3, (size_t)(last - r->line));
	}
}

static void find_tokens(struct redact *r)
{
	for (const struct secret_token *t = secret_tokens; t->start; t++) {
		size_t len = strlen(t->start);

		for (size_t at = find_text(r, 0, t->start); at < r->len;
		     at = find_text(r, at + len, t->start)) {
			size_t end = find_other(r, at + len, BASE64 | FIND_NAME | FIND_CRYPT);

			if ((at == 0 || !find_is(r->line[at - 1], FIND_ALNUM)) &&
			    end - at - len >= t->more)
				find_hide(r, at + len, end);
		}
	}
}

/* Base64 has letters of both cases and digits, and not as many '/' as a path. */
static bool looks_random(const char *text, size_t len)
{
	size_t upper = 0, lower = 0, digits = 0, slashes = 0;

	if (len < RANDOM_MIN)
		return false;
	for (size_t i = 0; i < len; i++) {
		upper += isupper((unsigned char)text[i]) != 0;
		lower += islower((unsigned char)text[i]) != 0;
		digits += isdigit((unsigned char)text[i]) != 0;
		slashes += text[i] == '/';
	}
	return upper && lower && digits && slashes * 12 <= len;
}

/* Keys and tokens that nothing else tells from text; digests in hexadecimal stay. */
static void find_random(struct redact *r)
{
	for (size_t at = find_any(r, 0, BASE64); at < r->len; at = find_any(r, at, BASE64)) {
		size_t end = find_other(r, at, BASE64);

		if (looks_random(r->line + at, end - at))
			find_hide(r, at, end);
		at = end;
	}
}

/* -----BEGIN ... PRIVATE KEY-----: all up to its end, which may be many lines away. */
static void find_keys(struct redact *r)
{
	static const char last[] = "-----END";
	size_t from = 0;

	while (from < r->len) {
		size_t at = r->in_key ? from : find_text(r, from, "-----BEGIN"), end;

		if (!r->in_key && find_text(r, at, "PRIVATE KEY") == r->len)
			return;
		end = find_text(r, at, last);
		r->in_key = end == r->len;
		from = r->in_key ? r->len : find_any(r, end + strlen(last), FIND_CLOSER | FIND_END);
		find_hide(r, at, from);
	}
}

/* Where that word stands by itself, perhaps behind a path; or the end of the line. */
static size_t find_word(const struct redact *r, const char *word)
{
	size_t len = strlen(word);

	for (size_t at = find_text(r, 0, word); at < r->len; at = find_text(r, at + len, word))
		if ((at == 0 || !find_is(r->line[at - 1], FIND_ALNUM | FIND_NAME)) &&
		    at + len < r->len && find_is(r->line[at + len], FIND_BLANK))
			return at;
	return r->len;
}

/* The argument of an option, which may be a part of the same word: "-uNAME" */
static void hide_option(struct redact *r, size_t from, const char *option)
{
	size_t len = strlen(option);

	for (size_t at = find_any(r, from, FIND_BLANK); at < r->len;
	     at = find_any(r, at, FIND_BLANK)) {
		size_t end;

		at = find_other(r, at, FIND_BLANK);
		if (r->len - at < len || memcmp(r->line + at, option, len) != 0)
			continue;
		at = find_other(r, at + len, FIND_BLANK | FIND_SEPARATOR);
		end = find_any(r, at, FIND_BLANK);
		find_hide(r, at, end);
	}
}

static void find_arguments(struct redact *r)
{
	for (const struct secret_program *p = secret_programs; p->name; p++) {
		size_t at = find_word(r, p->name);

		if (p->before && find_text(r, 0, p->name) < r->len)
			find_hide(r, 0, r->len);
		else if (at < r->len && p->option)
			hide_option(r, at, p->option);
		else if (at < r->len)
			find_hide(r, at + strlen(p->name), r->len);
	}
}

find_rule *const find_rules[] = {
	find_keys,	find_values, find_hashes, find_shadow, find_userinfo,
	find_arguments, find_tokens, find_random, NULL,
};
