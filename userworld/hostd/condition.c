// SPDX-License-Identifier: Apache-2.0
/* Conditions of a request. */
#include "condition.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool condition_is_async(const char *prefer)
{
	static const char word[] = "respond-async";
	size_t len = strlen(word);

	while (*prefer) {
		prefer += strspn(prefer, " \t,");
		if (!strncasecmp(prefer, word, len) && strchr(" \t,;", prefer[len]))
			return true;
		prefer += strcspn(prefer, ",");
	}
	return false;
}

/* One tag in quotes, as GET gives it. "*" asks for something that is there: so it is. */
static int take_match(const char *text, char *match, struct err *e)
{
	size_t len = strlen(text);

	if (!strcmp(text, "*"))
		return 0;
	if (len < 3 || len - 2 > ASK_TAG_MAX || text[0] != '"' || text[len - 1] != '"')
		return err_set(e, ERR_USAGE, "If-Match must be one tag as ETag has given it");
	memcpy(match, text + 1, len - 2);
	match[len - 2] = '\0';
	return 0;
}

static int take_key(const char *text, char *key, struct err *e)
{
	size_t len = strlen(text);

	for (const char *at = text; *at; at++)
		if (!isgraph((unsigned char)*at))
			len = 0;
	if (len == 0 || len > ASK_KEY_MAX)
		return err_set(e, ERR_USAGE,
			       "Idempotency-Key must be 1 to %d printable ASCII characters",
			       ASK_KEY_MAX);
	strcpy(key, text);
	return 0;
}

int condition_take(struct call *c, struct err *e)
{
	const char *match = call_header(c, "If-Match"), *key = call_header(c, "Idempotency-Key"),
		   *prefer = call_header(c, "Prefer");

	if (!strcmp(c->method, "GET"))
		return 0;
	c->ask.async = prefer && condition_is_async(prefer);
	if (match && take_match(match, c->ask.match, e) < 0)
		return -1;
	return key ? take_key(key, c->ask.key, e) : 0;
}
