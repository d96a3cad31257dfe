// SPDX-License-Identifier: Apache-2.0
/* The pure parts of hostd: sessions, routes, problem documents, redirections. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/hostd/problem.h"
#include "userworld/hostd/redirect.h"
#include "userworld/hostd/refusal.h"
#include "userworld/hostd/route.h"
#include "userworld/hostd/session.h"

#define IDLE 900

/* A token that differs from others in its number. */
static const char *token(int n)
{
	static char text[SESSION_TOKEN + 1];

	snprintf(text, sizeof(text), "%064d", n);
	return text;
}

static void sessions_live(void **state)
{
	static struct sessions all = { .idle = IDLE };

	(void)state;
	session_add(&all, token(1), "root", "m", 1000);
	assert_string_equal(session_find(&all, token(1), 1000 + IDLE), "root");
	/* Each use counts anew. */
	assert_string_equal(session_find(&all, token(1), 1000 + 2 * IDLE), "root");
	assert_null(session_find(&all, token(1), 1001 + 3 * IDLE));
	assert_null(session_find(&all, token(1), 1000));
	assert_null(session_find(&all, "", 1000));
	assert_null(session_find(&all, token(2), 1000));
	/* Without a limit only the end of its life ends it. */
	all.idle = 0;
	session_add(&all, token(1), "root", "m", 0);
	assert_non_null(session_find(&all, token(1), SESSION_LIFE));
	assert_null(session_find(&all, token(1), SESSION_LIFE + 1));
}

static void sessions_end(void **state)
{
	static struct sessions all;

	(void)state;
	session_add(&all, token(1), "root", "m", 0);
	session_add(&all, token(2), "other", "m", 0);
	session_end(&all, token(1));
	assert_null(session_find(&all, token(1), 1));
	assert_string_equal(session_find(&all, token(2), 1), "other");
	/* Busy sessions end as well, in the end. */
	for (int64_t now = 1; now <= SESSION_LIFE; now += IDLE)
		assert_non_null(session_find(&all, token(2), now));
	assert_null(session_find(&all, token(2), SESSION_LIFE + 1));
}

static void sessions_make_room(void **state)
{
	static struct sessions all;

	(void)state;
	for (int i = 0; i < SESSION_MAX; i++)
		session_add(&all, token(i), "root", "m", i);
	session_find(&all, token(0), SESSION_MAX);
	session_add(&all, token(1000), "root", "m", SESSION_MAX);
	assert_non_null(session_find(&all, token(0), SESSION_MAX));
	assert_null(session_find(&all, token(1), SESSION_MAX));
	assert_non_null(session_find(&all, token(1000), SESSION_MAX));
}

static int marks_by_now(const char *user, char mark[static SESSION_MARK + 1])
{
	strcpy(mark, !strcmp(user, "anna") ? "new" : "m");
	return strcmp(user, "gone") ? 0 : -1;
}

/* Only those end whose password or role has changed, or who are no users any more. */
static void sessions_after_a_change(void **state)
{
	static struct sessions all;

	(void)state;
	session_stamp(&all, 5, marks_by_now);
	session_add(&all, token(1), "root", "m", 0);
	session_add(&all, token(2), "anna", "m", 0);
	session_add(&all, token(3), "gone", "m", 0);
	session_stamp(&all, 5, marks_by_now);
	assert_non_null(session_find(&all, token(2), 0));
	session_stamp(&all, 6, marks_by_now);
	assert_non_null(session_find(&all, token(1), 0));
	assert_null(session_find(&all, token(2), 0));
	assert_null(session_find(&all, token(3), 0));
}

static const char *found(const char *method, const char *path)
{
	static char name[128];
	const struct core_op *op = NULL;
	json_t *vars = NULL;
	const char *key;
	char allow[64];
	json_t *value;

	switch (route_match(method, path, &op, &vars, allow)) {
	case ROUTE_NO_PATH:
		return "404";
	case ROUTE_NO_METHOD:
		snprintf(name, sizeof(name), "405 %s", allow);
		return name;
	case ROUTE_FOUND:
		break;
	}
	snprintf(name, sizeof(name), "%s", op->name);
	json_object_foreach (vars, key, value) {
		strcat(strcat(strcat(strcat(name, " "), key), "="), json_string_value(value));
	}
	json_decref(vars);
	return name;
}

static void routes(void **state)
{
	(void)state;
	assert_string_equal(found("GET", "/api/v1/system/version"), "system.version.get");
	assert_string_equal(found("GET", "/api/v1/bundles"), "software.bundle.list");
	assert_string_equal(found("GET", "/api/v1/bundles/strace"),
			    "software.bundle.get name=strace");
	assert_string_equal(found("DELETE", "/api/v1/bundles/a%2Fb%20c"),
			    "software.bundle.remove name=a/b c");
	assert_string_equal(found("POST", "/api/v1/system/services/hostd/restart"),
			    "system.service.restart name=hostd");
	assert_string_equal(found("PUT", "/api/v1/system/version"), "405 GET");
	assert_string_equal(found("PATCH", "/api/v1/bundles"), "software.bundle.update");
	assert_string_equal(found("PUT", "/api/v1/bundles"), "405 GET, POST, PATCH");
	assert_string_equal(found("GET", "/api/v1"), "404");
	assert_string_equal(found("GET", "/api/v1/"), "404");
	assert_string_equal(found("GET", "/api/v1/bundles/"), "404");
	assert_string_equal(found("GET", "/api/v1/bundles/x/y"), "404");
	assert_string_equal(found("GET", "/api/v1/system/version/"), "404");
	assert_string_equal(found("GET", "/api/v2/system/version"), "404");
	assert_string_equal(found("GET", "/api/v1/bundles/x%00y"), "404");
	assert_string_equal(found("GET", "/api/v1/bundles/%ff"), "404");
}

/* The parameters of system.ramdisk.resize from the parts of a request, as text. */
static const char *params_of(const char *query, const char *body, struct err *e)
{
	static char text[256];
	json_t *vars = json_pack("{s:s}", "name", "tmp");
	json_t *q = query ? json_loads(query, 0, NULL) : NULL;
	json_t *b = body ? json_loads(body, JSON_DECODE_ANY, NULL) : NULL;
	json_t *params = NULL;
	char *dump;

	strcpy(text, "error");
	if (route_params(core_find("system.ramdisk.resize"), vars, q, b, &params, e) == 0) {
		dump = json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS);
		snprintf(text, sizeof(text), "%s", dump);
		free(dump);
	}
	json_decref(vars);
	json_decref(q);
	json_decref(b);
	json_decref(params);
	return text;
}

static void parameters(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_string_equal(params_of(NULL, "{\"max\":8192}", &e),
			    "{\"max\":8192,\"name\":\"tmp\"}");
	/* Text of the query becomes what the operation wants, or stays what it is. */
	assert_string_equal(params_of("{\"max\":\"8192\"}", NULL, &e),
			    "{\"max\":8192,\"name\":\"tmp\"}");
	assert_string_equal(params_of("{\"max\":\"8k\"}", NULL, &e),
			    "{\"max\":\"8k\",\"name\":\"tmp\"}");
	assert_string_equal(params_of("{\"max\":\"99999999999999999999\"}", NULL, &e),
			    "{\"max\":\"99999999999999999999\",\"name\":\"tmp\"}");
	assert_int_equal(e.kind, ERR_NONE);
	assert_string_equal(params_of(NULL, "{\"name\":\"log\"}", &e), "error");
	assert_int_equal(e.kind, ERR_USAGE);
	assert_string_equal(params_of("{\"max\":\"1\"}", "{\"max\":1}", &e), "error");
	assert_string_equal(params_of(NULL, "[1]", &e), "error");
	assert_string_equal(params_of(NULL, "\"x\"", &e), "error");
}

static void problems(void **state)
{
	struct err e = ERR_INIT;
	json_t *problem;
	char *text;

	(void)state;
	err_set(&e, ERR_NO_SPACE, "ramdisk tmp is full");
	problem = problem_json(&e, 0);
	text = json_dumps(problem, JSON_COMPACT);
	assert_string_equal(text, "{\"type\":\"urn:visoros:error:no-space\","
				  "\"title\":\"Not enough memory or space\",\"status\":507,"
				  "\"detail\":\"ramdisk tmp is full\"}");
	free(text);
	json_decref(problem);
	err_set(&e, ERR_USAGE, "caf\xe9");
	problem = problem_json(&e, 405);
	assert_int_equal(json_integer_value(json_object_get(problem, "status")), 405);
	assert_string_equal(json_string_value(json_object_get(problem, "detail")), "caf?");
	json_decref(problem);
}

static const char *redirected(const char *head, int port)
{
	static char out[REDIRECT_MAX + 512];
	size_t len = redirect_answer(head, port, out, sizeof(out));
	char *line;

	out[len] = '\0';
	if (!strncmp(out, "HTTP/1.1 400", 12))
		return "400";
	line = strstr(out, "Location: ") + 10;
	*strchr(line, '\r') = '\0';
	return line;
}

/* What evhttp has begun to say becomes a problem of the same status; other answers stay. */
static void refusals(void **state)
{
	static const struct {
		const char *begin, *head, *detail;
	} bad[] = {
		{ "HTTP/1.1 400 Bad Request\r\nContent-T", "HTTP/1.1 400 ", "as HTTP/1.1" },
		{ "HTTP/7.-3 400 Bad Request\r\n", "HTTP/1.1 400 ", "as HTTP/1.1" },
		{ "HTTP/1.0 413 Too Large\r\n", "HTTP/1.1 413 ", "may have 256 KiB" },
		{ "HTTP/1.1 417 Expectation\r\n", "HTTP/1.1 417 ", "100-continue" },
		{ "HTTP/1.1 501 Not Implemented\r\n", "HTTP/1.1 501 ", "GET, POST" },
	};
	static const char *const good[] = { "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n",
					    "HTTP/1.1 304 Not Modified\r\n", "e\r\ndata: x", "" };
	char out[REFUSAL_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t len = refusal_answer(bad[i].begin, out), size;
		const char *body = strstr(out, "\r\n\r\n") + 4;
		json_t *problem;

		assert_int_equal(len, strlen(out));
		assert_memory_equal(out, bad[i].head, strlen(bad[i].head));
		assert_int_equal(
			sscanf(strstr(out, "Content-Length:"), "Content-Length: %zu", &size), 1);
		assert_int_equal(size, strlen(body));
		assert_non_null(strstr(out, "Content-Type: application/problem+json\r\n"));
		assert_non_null(strstr(out, "Connection: close\r\n"));
		problem = json_loads(body, 0, NULL);
		assert_int_equal(json_integer_value(json_object_get(problem, "status")),
				 atoi(bad[i].head + 9));
		assert_non_null(strstr(json_string_value(json_object_get(problem, "detail")),
				       bad[i].detail));
		json_decref(problem);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(refusal_answer(good[i], out), 0);
}

static void redirections(void **state)
{
	(void)state;
	assert_string_equal(redirected("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", 443),
			    "https://a.example/");
	assert_string_equal(
		redirected("GET /x?y=1 HTTP/1.0\r\nA: b\r\nhost:  10.0.0.1:80\r\n\r\n", 8443),
		"https://10.0.0.1:8443/x?y=1");
	assert_string_equal(redirected("GET / HTTP/1.1\r\n\r\n", 443), "400");
	assert_string_equal(redirected("GET / HTTP/1.1\r\nHost: \r\n\r\n", 443), "400");
	assert_string_equal(redirected("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 443), "400");
	assert_string_equal(redirected("GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n", 443), "400");
	assert_string_equal(redirected("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 443), "400");
	assert_string_equal(redirected("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 443), "400");
	assert_string_equal(redirected("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 443), "400");
	assert_string_equal(redirected("nonsense", 443), "400");
	assert_string_equal(redirected("", 443), "400");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_live),
		cmocka_unit_test(sessions_end),
		cmocka_unit_test(sessions_make_room),
		cmocka_unit_test(sessions_after_a_change),
		cmocka_unit_test(routes),
		cmocka_unit_test(parameters),
		cmocka_unit_test(problems),
		cmocka_unit_test(redirections),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
