// SPDX-License-Identifier: Apache-2.0
#include "pools.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/line_edit.h"

#define LINE_MAX_BYTES 511

static bool part_char(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-';
}

bool pool_name_valid(const char *pool)
{
	if (strncmp(pool, "host", 4) || (pool[4] && pool[4] != '/') ||
	    strlen(pool) > CGROUP_PATH_MAX)
		return false;
	for (const char *part = pool; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (!isalnum((unsigned char)*part))
			return false;
		for (const char *c = part; *c && *c != '/'; c++)
			if (!part_char(*c))
				return false;
	}
	return true;
}

/* "memory.max=256M" */
static int parse_word(char *word, struct pool_limits *l, struct err *e)
{
	char *equals = strchr(word, '=');

	if (!equals)
		return err_set(e, ERR_INVALID, "expected 'key=value', not '%s'", word);
	*equals = '\0';
	for (int k = 0; k < POOL_KEYS; k++) {
		if (strcmp(word, pool_key_name((enum pool_key)k)))
			continue;
		return pool_limits_parse(l, (enum pool_key)k, equals + 1, e);
	}
	return err_set(e, ERR_INVALID, "unknown key '%s'", word);
}

static int parse_line(char *text, struct pool_line *out, struct err *e)
{
	char *save, *word = strtok_r(text, " \t", &save);

	*out = (struct pool_line){ 0 };
	if (!pool_name_valid(word))
		return err_set(e, ERR_INVALID, "'%s' is no pool: a path from host on", word);
	strcpy(out->pool, word);
	while ((word = strtok_r(NULL, " \t", &save)))
		if (parse_word(word, &out->limits, e) < 0)
			return -1;
	return pool_limits_check(&out->limits, out->pool, e);
}

int pools_parse(const char *name, const char *text, struct pool_line *out, struct err *e)
{
	int count = 0;

	for (unsigned int number = 1; *text; number++) {
		char line[LINE_MAX_BYTES + 1];
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		text += len + (text[len] == '\n');
		line[strcspn(line, "#\r")] = '\0';
		if (!line[strspn(line, " \t")])
			continue;
		if (len > LINE_MAX_BYTES || count == POOLS_MAX)
			return err_set(e, ERR_INVALID, "%s:%u: %s", name, number,
				       count == POOLS_MAX ? "too many pools" : "line too long");
		if (parse_line(line, &out[count], e) < 0)
			return err_wrap(e, "%s:%u", name, number);
		if (pools_find(out, count, out[count].pool))
			return err_set(e, ERR_INVALID, "%s:%u: pool %s was given already", name,
				       number, out[count].pool);
		count++;
	}
	return count;
}

const struct pool_line *pools_find(const struct pool_line *lines, int count, const char *pool)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(lines[i].pool, pool))
			return &lines[i];
	return NULL;
}

/* Allocated; NULL for lack of memory. */
static char *line_of(const char *pool, const struct pool_limits *l)
{
	size_t size = 0;
	char *line = NULL;
	FILE *f = open_memstream(&line, &size);

	if (!f)
		return NULL;
	fputs(pool, f);
	for (int k = 0; k < POOL_KEYS; k++) {
		if (!l->given[k])
			continue;
		fprintf(f, " %s=", pool_key_name((enum pool_key)k));
		if (pool_key_is_set((enum pool_key)k))
			fputs(pool_limits_ids(l, (enum pool_key)k), f);
		else if (l->value[k] == POOL_NONE)
			fputs("max", f);
		else
			fprintf(f, "%" PRIu64, l->value[k]);
	}
	if (fclose(f) == 0)
		return line;
	free(line);
	return NULL;
}

static bool line_is_of(const char *line, const char *pool)
{
	size_t len = strlen(pool);

	line += strspn(line, " \t");
	return !strncmp(line, pool, len) && strchr(" \t\r\n#", line[len]);
}

char *pools_edit(const char *text, const char *pool, const struct pool_limits *limits)
{
	_cleanup_free_ char *line = NULL;

	if (!limits)
		return line_edit(text, line_is_of, pool, NULL);
	line = line_of(pool, limits);
	return line ? line_edit(text, line_is_of, pool, line) : NULL;
}
