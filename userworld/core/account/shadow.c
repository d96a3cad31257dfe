// SPDX-License-Identifier: Apache-2.0
/* shadow(5): name:hash:day of change:six more fields. */
#include "shadow.h"

#include <stdio.h>
#include <string.h>

#include "cleanup.h"

/* The line of a user, or NULL. Names are never empty, so ":" lines do not match. */
static const char *find_line(const char *text, const char *user)
{
	size_t len = strlen(user);

	if (len == 0)
		return NULL;
	while (*text) {
		if (!strncmp(text, user, len) && text[len] == ':')
			return text;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return NULL;
}

static const char *need_line(const char *text, const char *user, struct err *e)
{
	const char *line = find_line(text, user);

	if (!line)
		err_set(e, ERR_NOT_FOUND, "%.64s: no such user", user);
	return line;
}

int shadow_hash(const char *text, const char *user, char out[static SHADOW_HASH_MAX], struct err *e)
{
	const char *line = need_line(text, user, e);
	size_t len;

	if (!line)
		return -1;
	line += strlen(user) + 1;
	len = strcspn(line, ":\n");
	if (len >= SHADOW_HASH_MAX)
		return err_set(e, ERR_INVALID, "%.64s: the password field has %zu bytes", user,
			       len);
	memcpy(out, line, len);
	out[len] = '\0';
	return 0;
}

int shadow_replace(const char *text, const char *user, const char *hash, long day, char **out,
		   struct err *e)
{
	const char *line = need_line(text, user, e);
	_cleanup_free_ char *copy = NULL;
	const char *rest;
	int head;

	if (!line)
		return -1;
	if (strpbrk(hash, ":\n"))
		return err_set(e, ERR_INVALID, "a password hash must not hold ':' or a newline");
	head = (int)(line - text + (long)strlen(user) + 1);
	rest = text + head;
	rest += strcspn(rest, ":\n");
	if (*rest == ':')
		rest += 1 + strcspn(rest + 1, ":\n"); /* the old day */
	/* A line that ends early gets all its fields. */
	if (asprintf(&copy, "%.*s%s:%ld%s%s", head, text, hash, day,
		     *rest == ':' ? "" : "::::::", rest) < 0) {
		copy = NULL;
		return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	*out = TAKE_PTR(copy);
	return 0;
}

bool shadow_is_set(const char *hash)
{
	return hash[0] && hash[0] != '*' && hash[0] != '!';
}
