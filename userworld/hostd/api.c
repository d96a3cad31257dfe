// SPDX-License-Identifier: Apache-2.0
/* Requests to operations: find the route, know the user, check, run, answer. */
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "call.h"
#include "conn.h"
#include "follow.h"
#include "log.h"
#include "login.h"
#include "page.h"
#include "reply.h"
#include "route.h"
#include "stream.h"
#include "upload.h"
#include "worker.h"

/* "name=x path=/y", without secrets. */
static void describe(const struct core_op *op, json_t *params, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (const struct core_param *p = op->params; p && p->name && len < size; p++) {
		json_t *value = json_object_get(params, p->name);
		char *text;

		if (!value)
			continue;
		text = p->secret ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		len += (size_t)snprintf(buf + len, size - len, " %s=%s", p->name,
					text ? text : "***");
		free(text);
	}
}

/* Every change is logged with who asked for it, whether it worked or not. */
static void audit(const struct call *c, const struct err *e)
{
	char text[512];

	if (c->op->privilege == CORE_READ)
		return;
	describe(c->op, c->params, text, sizeof(text));
	if (e)
		log_warnx("user %s (%s): %s%s: %s", c->auth.user,
			  c->auth.local ? "local" : "network", c->op->name, text, e->text);
	else
		log_info("user %s (%s): %s%s", c->auth.user, c->auth.local ? "local" : "network",
			 c->op->name, text);
}

static void after_run(void *context, json_t *result, const struct err *e)
{
	struct call *c = context;

	audit(c, result ? NULL : e);
	if (result)
		call_answer(c, HTTP_OK, result);
	else
		call_fail(c, 0, e);
}

static void run(struct call *c)
{
	struct err e = ERR_INIT;
	json_t *result = NULL;

	call_actor(c);
	if (c->op->flags & CORE_STREAM) {
		stream_run(c);
		return;
	}
	if (c->op->flags & CORE_SLOW) {
		if (worker_start(core_call, c->op->name, c->params, -1, after_run, c, &e) < 0)
			call_fail(c, 0, &e);
		return;
	}
	if (core_call(c->op->name, c->params, &result, &e) < 0)
		after_run(c, NULL, &e);
	else
		after_run(c, result, NULL);
	json_decref(result);
}

static int parse_query(struct evhttp_request *request, json_t **query, struct err *e)
{
	const char *text = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
	struct evkeyvalq pairs;
	struct evkeyval *pair;
	int rc = 0;

	*query = NULL;
	if (!text || !*text)
		return 0;
	if (evhttp_parse_query_str(text, &pairs) < 0)
		return err_set(e, ERR_USAGE, "the query is not made of key=value pairs");
	*query = json_object();
	TAILQ_FOREACH(pair, &pairs, next)
	{
		if (json_object_get(*query, pair->key))
			rc = err_set(e, ERR_USAGE, "parameter '%.64s' is given twice", pair->key);
		else if (json_object_set_new(*query, pair->key, json_string(pair->value)) < 0)
			rc = err_set(e, ERR_USAGE, "the query is not UTF-8");
	}
	evhttp_clear_headers(&pairs);
	return rc;
}

/* c->params holds the variables of the path up to here. */
static int read_params(struct call *c, struct err *e)
{
	json_t *vars = c->params, *query = NULL, *body = NULL;
	int rc;

	c->params = NULL;
	rc = parse_query(c->request, &query, e);
	if (rc == 0)
		rc = call_body(c, &body, e);
	if (rc >= 0)
		rc = route_params(c->op, vars, query, body, &c->params, e);
	json_decref(vars);
	json_decref(query);
	json_decref(body);
	return rc < 0 ? -1 : core_check(c->op, c->params, e);
}

static void operation(struct call *c)
{
	struct err e = ERR_INIT;

	if (read_params(c, &e) < 0) {
		call_fail(c, 0, &e);
		return;
	}
	/* The client may have left while its password was checked; a change goes on anyway. */
	run(c);
}

static void find_operation(struct call *c)
{
	struct err e = ERR_INIT;
	char allow[64];

	switch (route_match(c->method, c->path, &c->op, &c->params, allow)) {
	case ROUTE_FOUND:
		call_authenticate(c, operation);
		return;
	case ROUTE_NO_METHOD:
		reply_header(c->request, "Allow", allow);
		err_set(&e, ERR_USAGE, "%.200s allows %s", c->path, allow);
		call_fail(c, HTTP_BADMETHOD, &e);
		return;
	case ROUTE_NO_PATH:
		err_set(&e, ERR_NOT_FOUND, "%.200s: no such resource", c->path);
		call_fail(c, 0, &e);
		return;
	}
}

static bool is_below(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(path, prefix, len) && (!path[len] || path[len] == '/');
}

void hostd_request(struct evhttp_request *request, void *arg)
{
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
	struct hostd *h = arg;
	struct err e = ERR_INIT;
	struct call *c;

	conn_served(request);
	/* Where Prometheus looks if it is not told otherwise. */
	if (path && !strcmp(path, "/metrics"))
		path = ROUTE_PREFIX "/metrics";
	if (!path || !is_below(path, ROUTE_PREFIX)) {
		page_request(request, path ? path : "");
		return;
	}
	if (h->ending) {
		err_set(&e, ERR_UNAVAILABLE, "hostd is ending");
		reply_problem(request, 0, &e);
		return;
	}
	c = call_new(h, request, path);
	if (!c)
		return;
	if (is_below(path, LOGIN_PATH))
		login_request(c);
	else if (is_below(path, UPLOAD_PATH))
		upload_request(c);
	else if (!strcmp(path, FOLLOW_PATH))
		follow_request(c);
	else
		find_operation(c);
}
