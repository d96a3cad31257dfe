// SPDX-License-Identifier: Apache-2.0
/* system.api.get: the API as an OpenAPI 3.1 document, made of the table of operations. */
#include <ctype.h>
#include <string.h>

#include "userworld/core/internal.h"
#include "version.h"

#define STRING_MAX 255 /* bytes, where a parameter says nothing */

/*
 * What does not follow from the table: how to log in, errors, and what hostd does by itself, not by
 * an operation. The path is from the top of the tree, where the compiler runs.
 */
__asm__(".section .rodata.openapi_frame,\"a\"\n"
	".global openapi_frame, openapi_frame_end\nopenapi_frame:\n"
	".incbin \"userworld/core/system/openapi.json\"\nopenapi_frame_end:\n.byte 0\n.previous\n");
extern const char openapi_frame[], openapi_frame_end[];

/* "on|off" as a list; NULL if any string will do. */
static json_t *enumeration(const struct core_param *p)
{
	json_t *list = p->words ? json_array() : NULL;

	for (const char *word = p->words; word; word = strchr(word, '|')) {
		word += *word == '|';
		json_array_append_new(list, json_stringn(word, strcspn(word, "|")));
	}
	return list;
}

/* "Hard cap, in bytes; default: 8192" */
static json_t *description(const struct core_param *p)
{
	if (!p->help)
		return NULL;
	return json_sprintf("%s%s%s%s", p->help, p->bytes ? ", in bytes" : "",
			    p->otherwise ? "; default: " : "", p->otherwise ?: "");
}

static json_t *string_schema(const struct core_param *p)
{
	static const char *const patterns[] = {
		[CORE_STRING] = "^[^\\u0000-\\u001f\\u007f]*$",
		[CORE_NAME] = "^[A-Za-z0-9][A-Za-z0-9._+-]*$",
		[CORE_PATH] = "^/",
		[CORE_TEXT] = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$",
	};

	return json_pack("{s:s, s:s, s:I, s:I, s:s*, s:o*}", "type", "string", "pattern",
			 patterns[p->type], "minLength", p->min, "maxLength",
			 p->max ? p->max : (json_int_t)STRING_MAX, "format",
			 p->secret ? "password" : NULL, "enum", enumeration(p));
}

/* What check.c demands; lengths are of bytes there. */
static json_t *schema_of(const struct core_param *p)
{
	if (p->type == CORE_BOOL)
		return json_pack("{s:s}", "type", "boolean");
	if (p->type != CORE_INT)
		return string_schema(p);
	if (!p->min && !p->max)
		return json_pack("{s:s}", "type", "integer");
	return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", p->min, "maximum",
			 p->max);
}

static bool in_path(const struct core_op *op, const char *name)
{
	const char *at = op->path;
	size_t len = strlen(name);

	while ((at = strchr(at, '{'))) {
		at++;
		if (!strncmp(at, name, len) && at[len] == '}')
			return true;
	}
	return false;
}

/* Where hostd sets it, it is no business of the client's. */
static bool is_own(const struct core_op *op, const struct core_param *p)
{
	return (op->flags & CORE_STREAM) && !strcmp(p->name, "fd");
}

static bool has_body(const struct core_op *op)
{
	return strcmp(op->method, "GET") != 0 && strcmp(op->method, "DELETE") != 0;
}

static json_t *parameters(const struct core_op *op)
{
	json_t *list = json_array();

	for (const struct core_param *p = op->params; p && p->name; p++) {
		bool path = in_path(op, p->name);

		if (is_own(op, p) || (!path && has_body(op)))
			continue;
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o*, s:o}", "name", p->name,
						      "in", path ? "path" : "query", "required",
						      path || p->required, "description",
						      description(p), "schema", schema_of(p)));
	}
	return list;
}

static json_t *body(const struct core_op *op)
{
	json_t *properties = json_object(), *required = json_array();

	for (const struct core_param *p = op->params; p && p->name; p++) {
		json_t *schema;

		if (in_path(op, p->name))
			continue;
		schema = schema_of(p);
		if (p->help)
			json_object_set_new(schema, "description", description(p));
		json_object_set_new(properties, p->name, schema);
		if (p->required)
			json_array_append_new(required, json_string(p->name));
	}
	return json_pack("{s:b, s:{s:{s:{s:s, s:b, s:o, s:o}}}}", "required",
			 json_array_size(required) > 0, "content", "application/json", "schema",
			 "type", "object", "additionalProperties", 0, "properties", properties,
			 "required", required);
}

static json_t *responses(const struct core_op *op)
{
	const char *type = op->flags & CORE_STREAM ? op->stream_type : "application/json";

	return json_pack("{s:{s:s, s:{s:{}}}, s:{s:s}}", "2XX", "description",
			 "Done; 204 without a body if there is nothing to say", "content", type,
			 "default", "$ref", "#/components/responses/Problem");
}

static const char *const privileges[] = {
	[CORE_READ] = "read",
	[CORE_OPERATE] = "operate",
	[CORE_CHANGE] = "change",
};

static json_t *describe(const struct core_op *op)
{
	const char *tag = op->path + 1;
	json_t *o = json_pack("{s:s, s:s, s:[s%], s:s, s:o, s:o}", "operationId", op->name,
			      "summary", op->help, "tags", tag, strcspn(tag, "/"),
			      "x-visoros-privilege", privileges[op->privilege], "parameters",
			      parameters(op), "responses", responses(op));

	if (has_body(op))
		json_object_set_new(o, "requestBody", body(op));
	return o;
}

static void add(json_t *paths, const struct core_op *op)
{
	json_t *path = json_object_get(paths, op->path);
	char method[16];
	size_t i;

	if (!path) {
		path = json_object();
		json_object_set_new(paths, op->path, path);
	}
	for (i = 0; op->method[i] && i < sizeof(method) - 1; i++)
		method[i] = (char)tolower((unsigned char)op->method[i]);
	method[i] = '\0';
	json_object_set_new(path, method, describe(op));
}

static int api_get(json_t *params, json_t **result, struct err *e)
{
	json_t *doc =
		json_loadb(openapi_frame, (size_t)(openapi_frame_end - openapi_frame), 0, NULL);
	json_t *paths = json_object_get(doc, "paths");
	const struct core_op *op;

	(void)params;
	for (size_t i = 0; paths && (op = core_op_at(i)); i++)
		if (op->method)
			add(paths, op);
	json_object_set_new(json_object_get(doc, "info"), "version", json_string(VISOROS_VERSION));
	return core_give(result, doc, e);
}

const struct core_op core_api_ops[] = {
	{
		.name = "system.api.get",
		.method = "GET",
		.path = "/openapi.json",
		.run = api_get,
		.help = "The API as an OpenAPI document",
	},
	{ 0 },
};
