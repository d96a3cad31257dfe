// SPDX-License-Identifier: Apache-2.0
#include "conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"

static bool key_char(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '-' || c == '_';
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *trim(char *s)
{
	char *end = s + strlen(s);

	while (blank(*s))
		s++;
	while (end > s && blank(end[-1]))
		end--;
	*end = '\0';
	return s;
}

static void cut_comment(char *s)
{
	for (char *p = s; *p; p++) {
		if (*p == '#' && (p == s || blank(p[-1]))) {
			*p = '\0';
			return;
		}
	}
}

static int add_line(struct conf *c, char *text, unsigned int number, struct err *e)
{
	struct conf_line *l = &c->lines[c->count];
	char *equals, *key, *p;

	cut_comment(text);
	key = trim(text);
	if (!*key)
		return 0;
	equals = strchr(key, '=');
	if (!equals)
		return err_set(e, ERR_INVALID, "%s:%u: expected 'key = value'", c->name, number);
	*equals = '\0';
	key = trim(key);
	for (p = key; key_char(*p); p++)
		;
	if (*p || p == key)
		return err_set(e, ERR_INVALID, "%s:%u: '%s' is not a key", c->name, number, key);
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->lines[i].key, key))
			return err_set(e, ERR_INVALID, "%s:%u: '%s' was given in line %u already",
				       c->name, number, key, c->lines[i].line);
	l->key = key;
	l->value = trim(equals + 1);
	l->line = number;
	c->count++;
	return 0;
}

static int parse_lines(struct conf *c, struct err *e)
{
	unsigned int number = 1;
	char *next;

	for (char *p = c->text; p; p = next, number++) {
		next = strchr(p, '\n');
		if (next)
			*next++ = '\0';
		if (add_line(c, p, number, e) < 0)
			return -1;
	}
	return 0;
}

int conf_parse(struct conf *c, const char *name, const char *text, struct err *e)
{
	size_t lines = 1;

	*c = (struct conf){ .name = strdup(name), .text = strdup(text) };
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	c->lines = calloc(lines, sizeof(*c->lines));
	if (!c->name || !c->text || !c->lines) {
		conf_free(c);
		return err_sys(e, ENOMEM, "%s", name);
	}
	if (parse_lines(c, e) < 0) {
		conf_free(c);
		return -1;
	}
	return 0;
}

int conf_read(struct conf *c, const char *path, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t len;

	*c = (struct conf){ 0 };
	if (file_read(path, CONF_FILE_MAX, &text, &len, e) < 0)
		return -1;
	if (memchr(text, '\0', len))
		return err_set(e, ERR_INVALID, "%s: has a NUL byte, so it is not a text file",
			       path);
	return conf_parse(c, path, text, e);
}

void conf_free(struct conf *c)
{
	free(c->name);
	free(c->text);
	free(c->lines);
	*c = (struct conf){ 0 };
}

int conf_check_keys(const struct conf *c, const char *const *known, struct err *e)
{
	for (size_t i = 0; i < c->count; i++) {
		const char *const *k = known;

		while (*k && strcmp(*k, c->lines[i].key))
			k++;
		if (!*k)
			return err_set(e, ERR_INVALID, "%s:%u: unknown key '%s'", c->name,
				       c->lines[i].line, c->lines[i].key);
	}
	return 0;
}

static const struct conf_line *find(const struct conf *c, const char *key)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->lines[i].key, key))
			return &c->lines[i];
	return NULL;
}

const char *conf_get(const struct conf *c, const char *key)
{
	const struct conf_line *l = find(c, key);

	return l ? l->value : NULL;
}

int conf_get_bool(const struct conf *c, const char *key, bool *value, struct err *e)
{
	const struct conf_line *l = find(c, key);

	if (!l)
		return 0;
	if (strcmp(l->value, "yes") && strcmp(l->value, "no"))
		return err_set(e, ERR_INVALID, "%s:%u: %s is yes or no, not '%s'", c->name, l->line,
			       key, l->value);
	*value = l->value[0] == 'y';
	return 1;
}

int size_parse(const char *text, uint64_t *bytes)
{
	unsigned int shift = 0;
	uint64_t n;
	char *end;

	if (!strcmp(text, "max")) {
		*bytes = UINT64_MAX;
		return 0;
	}
	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno)
		return -1;
	if (*end == 'K')
		shift = 10;
	else if (*end == 'M')
		shift = 20;
	else if (*end == 'G')
		shift = 30;
	if (shift)
		end++;
	if (*end || n > UINT64_MAX >> shift)
		return -1;
	*bytes = n << shift;
	return 0;
}

int conf_get_size(const struct conf *c, const char *key, uint64_t *value, struct err *e)
{
	const struct conf_line *l = find(c, key);

	if (!l)
		return 0;
	if (size_parse(l->value, value) < 0)
		return err_set(e, ERR_INVALID,
			       "%s:%u: %s is bytes with an optional K, M or G, or max, not '%s'",
			       c->name, l->line, key, l->value);
	return 1;
}

int conf_get_uint(const struct conf *c, const char *key, unsigned int min, unsigned int max,
		  unsigned int *value, struct err *e)
{
	const struct conf_line *l = find(c, key);
	unsigned long n;
	char *end;

	if (!l)
		return 0;
	errno = 0;
	n = strtoul(l->value, &end, 10);
	if (errno || *end || !isdigit((unsigned char)l->value[0]) || n < min || n > max)
		return err_set(e, ERR_INVALID, "%s:%u: %s is a number from %u to %u, not '%s'",
			       c->name, l->line, key, min, max, l->value);
	*value = (unsigned int)n;
	return 1;
}
