// SPDX-License-Identifier: Apache-2.0
/* From method and path to an operation. */
#include "route.h"

#include <event2/http.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* One part of the path against one of the pattern; a variable takes any text but none. */
static bool match_part(const char *part, size_t len, const char *pattern, size_t pattern_len,
		       json_t *vars)
{
	_cleanup_free_ char *coded = NULL, *value = NULL;
	char name[64];
	size_t size;

	if (pattern[0] != '{')
		return len == pattern_len && !memcmp(part, pattern, len);
	if (len == 0 || pattern_len - 2 >= sizeof(name))
		return false;
	memcpy(name, pattern + 1, pattern_len - 2);
	name[pattern_len - 2] = '\0';
	coded = strndup(part, len);
	value = coded ? evhttp_uridecode(coded, 0, &size) : NULL;
	/* A NUL in the middle or bad UTF-8 is no name of anything. */
	return value && strlen(value) == size &&
	       json_object_set_new(vars, name, json_string(value)) == 0;
}

static bool match(const char *path, const char *pattern, json_t *vars)
{
	while (*path == '/' && *pattern == '/') {
		size_t len = strcspn(++path, "/");
		size_t pattern_len = strcspn(++pattern, "/");

		if (!match_part(path, len, pattern, pattern_len, vars))
			return false;
		path += len;
		pattern += pattern_len;
	}
	return !*path && !*pattern;
}

static void add_method(char allow[static 64], const char *method)
{
	size_t len = strlen(allow);

	snprintf(allow + len, 64 - len, "%s%s", len ? ", " : "", method);
}

enum route_result route_match(const char *method, const char *path, const struct core_op **op,
			      json_t **vars, char allow[static 64])
{
	const struct core_op *at;

	allow[0] = '\0';
	if (strncmp(path, ROUTE_PREFIX, strlen(ROUTE_PREFIX)) != 0)
		return ROUTE_NO_PATH;
	path += strlen(ROUTE_PREFIX);
	for (size_t i = 0; (at = core_op_at(i)); i++) {
		json_t *found = json_object();

		if (at->path && match(path, at->path, found)) {
			if (!strcmp(at->method, method)) {
				*op = at;
				*vars = found;
				return ROUTE_FOUND;
			}
			add_method(allow, at->method);
		}
		json_decref(found);
	}
	return allow[0] ? ROUTE_NO_METHOD : ROUTE_NO_PATH;
}

static enum core_type type_of(const struct core_op *op, const char *name)
{
	for (const struct core_param *p = op->params; p && p->name; p++)
		if (!strcmp(p->name, name))
			return p->type;
	return CORE_STRING; /* core_check() says that there is none of that name */
}

/* Text that is not of the wanted type stays text; core_check() says what is wrong with it. */
static json_t *typed(enum core_type type, const char *text)
{
	char *end;
	long long number;

	if (type == CORE_BOOL && !strcmp(text, "true"))
		return json_true();
	if (type == CORE_BOOL && !strcmp(text, "false"))
		return json_false();
	if (type != CORE_INT)
		return json_string(text);
	errno = 0;
	number = strtoll(text, &end, 10);
	return *text && !*end && errno == 0 ? json_integer(number) : json_string(text);
}

static int merge(json_t *params, const struct core_op *op, json_t *from, bool text, struct err *e)
{
	const char *key;
	json_t *value;

	json_object_foreach (from, key, value) {
		if (json_object_get(params, key))
			return err_set(e, ERR_USAGE, "%s: parameter '%.64s' is given twice",
				       op->name, key);
		if (text)
			value = typed(type_of(op, key), json_string_value(value));
		else
			json_incref(value);
		if (json_object_set_new(params, key, value) < 0)
			return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	return 0;
}

int route_params(const struct core_op *op, json_t *vars, json_t *query, json_t *body,
		 json_t **params, struct err *e)
{
	json_t *all = json_object();

	if (body && !json_is_object(body)) {
		json_decref(all);
		return err_set(e, ERR_USAGE, "the body must be a JSON object");
	}
	if (merge(all, op, vars, true, e) < 0 || merge(all, op, query, true, e) < 0 ||
	    merge(all, op, body, false, e) < 0) {
		json_decref(all);
		return -1;
	}
	*params = all;
	return 0;
}
