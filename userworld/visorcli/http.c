// SPDX-License-Identifier: Apache-2.0
/* Requests to hostd and its answers, as text. */
#include "http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define API "/api/v1"
#define PROBLEM "urn:visoros:error:"

/* RFC 3986: all but the unreserved characters are encoded. */
static void put_encoded(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (isalnum((unsigned char)*text) || strchr("-._~", *text))
			fputc(*text, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*text);
	}
}

static void put_value(json_t *value, FILE *out)
{
	if (json_is_string(value))
		put_encoded(json_string_value(value), out);
	else if (json_is_integer(value))
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		fputs(json_is_true(value) ? "true" : "false", out);
}

/* Moves the parameters that the path names from left into it. */
static int put_path(const char *path, json_t *left, FILE *out, struct err *e)
{
	while (*path) {
		const char *end = *path == '{' ? strchr(path, '}') : NULL;
		json_t *value;
		char key[64];

		if (!end) {
			fputc(*path++, out);
			continue;
		}
		snprintf(key, sizeof(key), "%.*s", (int)(end - path - 1), path + 1);
		value = json_object_get(left, key);
		if (!json_is_string(value) || !json_string_length(value))
			return err_set(e, ERR_USAGE, "parameter '%s' is missing", key);
		put_value(value, out);
		json_object_del(left, key);
		path = end + 1;
	}
	return 0;
}

static void put_query(json_t *left, FILE *out)
{
	const char *key;
	json_t *value;
	char separator = '?';

	json_object_foreach (left, key, value) {
		fputc(separator, out);
		put_encoded(key, out);
		fputc('=', out);
		put_value(value, out);
		separator = '&';
	}
}

static int put_request(const struct core_op *op, json_t *left, const char *host, const char *login,
		       FILE *out, struct err *e)
{
	bool query = !strcmp(op->method, "GET") || !strcmp(op->method, "DELETE");
	_cleanup_free_ char *body = NULL;

	fprintf(out, "%s " API, op->method);
	if (put_path(op->path, left, out, e) < 0)
		return -1;
	if (query)
		put_query(left, out);
	fprintf(out, " HTTP/1.0\r\nHost: %s\r\n", host);
	if (login)
		fprintf(out, "Authorization: %s\r\n", login);
	if (!query && !(body = json_dumps(left, JSON_COMPACT)))
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (body)
		fprintf(out, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
			strlen(body));
	fprintf(out, "\r\n%s", body ? body : "");
	return 0;
}

int http_request(const struct core_op *op, json_t *params, const char *host, const char *login,
		 char **text, struct err *e)
{
	json_t *left = params ? json_copy(params) : json_object();
	size_t size = 0;
	FILE *out;
	int rc;

	*text = NULL;
	out = left ? open_memstream(text, &size) : NULL;
	if (!out) {
		json_decref(left);
		return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	rc = put_request(op, left, host, login, out, e);
	json_decref(left);
	if (fclose(out) != 0 || rc < 0) {
		free(*text);
		*text = NULL;
		return rc < 0 ? rc : err_set(e, ERR_NO_SPACE, "out of memory");
	}
	return 0;
}

static int problem(int status, json_t *body, struct err *e)
{
	const char *type = json_string_value(json_object_get(body, "type"));
	const char *detail = json_string_value(json_object_get(body, "detail"));

	if (!type || strncmp(type, PROBLEM, strlen(PROBLEM)) != 0 || !detail)
		return err_set(e, ERR_SYSTEM, "hostd answers with status %d", status);
	return err_set(e, err_kind_from_name(type + strlen(PROBLEM)), "%s", detail);
}

int http_answer(const char *text, size_t len, json_t **result, struct err *e)
{
	const char *body = strstr(text, "\r\n\r\n");
	json_t *value = NULL;
	int status = 0;
	int rc = 0;

	if (!body || sscanf(text, "HTTP/1.%*d %d", &status) != 1)
		return err_set(e, ERR_UNAVAILABLE, "hostd ended before it answered");
	body += 4;
	if (status == 204) {
		*result = json_null();
		return 0;
	}
	value = json_loadb(body, len - (size_t)(body - text), JSON_DECODE_ANY, NULL);
	if (status / 100 != 2)
		rc = problem(status, value, e);
	else if (!value)
		rc = err_set(e, ERR_UNAVAILABLE, "the answer of hostd is cut off");
	if (rc < 0) {
		json_decref(value);
		return -1;
	}
	*result = value;
	return 0;
}
