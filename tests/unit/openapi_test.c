// SPDX-License-Identifier: Apache-2.0
/* The API's document: it has every operation, with the parameters that are really checked. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/core.h"

static json_t *document(void)
{
	struct err e = ERR_INIT;
	json_t *doc = NULL;

	if (core_call("system.api.get", NULL, &doc, &e) < 0)
		fail_msg("%s", e.text);
	return doc;
}

static json_t *find(json_t *doc, const struct core_op *op)
{
	char method[16] = "";

	for (size_t i = 0; op->method[i]; i++)
		method[i] = (char)tolower((unsigned char)op->method[i]);
	return json_object_get(json_object_get(json_object_get(doc, "paths"), op->path), method);
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

/* The parameter's schema, wherever it stands; *required as it says. */
static json_t *schema_of(json_t *o, const char *name, bool *required)
{
	json_t *body = json_object_get(
		json_object_get(json_object_get(json_object_get(o, "requestBody"), "content"),
				"application/json"),
		"schema");
	json_t *found = json_object_get(json_object_get(body, "properties"), name), *p;
	size_t i;

	*required = false;
	if (found) {
		json_array_foreach (json_object_get(body, "required"), i, p)
			*required = *required || !strcmp(json_string_value(p), name);
		return found;
	}
	json_array_foreach (json_object_get(o, "parameters"), i, p)
		if (!strcmp(text(p, "name"), name)) {
			*required = json_is_true(json_object_get(p, "required"));
			return json_object_get(p, "schema");
		}
	return NULL;
}

static size_t words_of(const struct core_param *p)
{
	size_t n = p->words != NULL;

	for (const char *c = p->words; c && *c; c++)
		n += *c == '|';
	return n;
}

static void check_parameter(const struct core_op *op, json_t *o, const struct core_param *p)
{
	static const char *const types[] = {
		[CORE_STRING] = "string", [CORE_INT] = "integer", [CORE_BOOL] = "boolean",
		[CORE_NAME] = "string",	  [CORE_PATH] = "string", [CORE_TEXT] = "string",
	};
	bool required;
	json_t *schema = schema_of(o, p->name, &required);

	if ((op->flags & CORE_STREAM) && !strcmp(p->name, "fd")) {
		assert_null(schema);
		return;
	}
	if (!schema || strcmp(text(schema, "type"), types[p->type]) != 0)
		fail_msg("%s: %s is not there, or of another type", op->name, p->name);
	if (p->required && !required)
		fail_msg("%s: %s is not required", op->name, p->name);
	assert_int_equal(json_array_size(json_object_get(schema, "enum")), words_of(p));
	if (p->type == CORE_INT && (p->min || p->max)) {
		assert_int_equal(json_integer_value(json_object_get(schema, "minimum")), p->min);
		assert_int_equal(json_integer_value(json_object_get(schema, "maximum")), p->max);
	}
	if (p->secret)
		assert_string_equal(text(schema, "format"), "password");
}

static void test_every_operation(void **state)
{
	json_t *doc = document();
	const struct core_op *op;

	(void)state;
	assert_string_equal(text(doc, "openapi"), "3.1.0");
	for (size_t i = 0; (op = core_op_at(i)); i++) {
		json_t *o = op->method ? find(doc, op) : NULL;

		if (!op->method)
			continue;
		if (!o || strcmp(text(o, "operationId"), op->name) != 0)
			fail_msg("%s is not there", op->name);
		assert_string_equal(text(o, "x-visoros-privilege"),
				    op->privilege == CORE_READ	    ? "read"
				    : op->privilege == CORE_OPERATE ? "operate"
								    : "change");
		for (const struct core_param *p = op->params; p && p->name; p++)
			check_parameter(op, o, p);
	}
	json_decref(doc);
}

/* What a path has in braces is a parameter of it, for every method, and nothing else is one. */
static void test_paths(void **state)
{
	json_t *doc = document(), *path, *o, *p;
	const char *name, *method;
	size_t i;

	(void)state;
	json_object_foreach (json_object_get(doc, "paths"), name, path) {
		json_object_foreach (path, method, o) {
			size_t named = 0, braces = 0;
			json_t *list = json_object_get(path, "parameters");

			if (!strcmp(method, "parameters"))
				continue;
			for (const char *c = name; *c; c++)
				braces += *c == '{';
			json_array_foreach (list ? list : json_object_get(o, "parameters"), i, p) {
				char braced[80];

				snprintf(braced, sizeof(braced), "{%s}", text(p, "name"));
				if (strcmp(text(p, "in"), "path") != 0)
					continue;
				if (!strstr(name, braced) ||
				    !json_is_true(json_object_get(p, "required")))
					fail_msg("%s %s: %s", method, name, braced);
				named++;
			}
			assert_int_equal(named, braces);
		}
	}
	json_decref(doc);
}

/* Each name of an operation is there once, those that hostd does by itself as well. */
static void test_names(void **state)
{
	json_t *doc = document(), *seen = json_object(), *path, *o;
	const char *name, *method;

	(void)state;
	json_object_foreach (json_object_get(doc, "paths"), name, path)
		json_object_foreach (path, method, o)
			if (strcmp(method, "parameters") != 0) {
				assert_null(json_object_get(seen, text(o, "operationId")));
				json_object_set_new(seen, text(o, "operationId"), json_true());
			}
	assert_non_null(json_object_get(seen, "session.open"));
	assert_non_null(json_object_get(seen, "upload.piece"));
	assert_non_null(json_object_get(seen, "system.event.stream"));
	json_decref(seen);
	json_decref(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_operation),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
