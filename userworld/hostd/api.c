// SPDX-License-Identifier: Apache-2.0
/* Requests to operations: find the route, check, ask the executor, answer. */
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "call.h"
#include "condition.h"
#include "conn.h"
#include "follow.h"
#include "login.h"
#include "page.h"
#include "pages.h"
#include "reply.h"
#include "route.h"
#include "stream.h"
#include "tag.h"
#include "upload.h"

/* A list in pages, if the request asks for one: page from 1 on, page_size rows each. */
static json_t *cut_page(struct call *c, json_t *rows)
{
	struct page_cut cut = { .page = c->page,
				.size = c->page_size,
				.rows = json_array_size(rows) };
	char text[1200];
	json_t *part;

	if (!c->page_size || !json_is_array(rows))
		return json_incref(rows);
	part = pages_cut(rows, &cut);
	if (c->request) {
		snprintf(text, sizeof(text), "%zu", cut.rows);
		reply_header(c->request, "X-Total-Count", text);
		pages_links(&cut, c->path, text, sizeof(text));
		if (*text)
			reply_header(c->request, "Link", text);
	}
	return part;
}

/* What was read can be asked for again at no cost, and changed on condition. */
static void answer_read(struct call *c, json_t *result)
{
	const char *known = call_header(c, "If-None-Match");
	char tag[TAG_LENGTH + 1], quoted[TAG_LENGTH + 3];
	json_t *part;

	if (c->request && !json_is_null(result) && tag_of(result, tag) == 0) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", tag);
		reply_header(c->request, "ETag", quoted);
		if (known && tag_listed(known, tag, true)) {
			reply_empty(call_detach(c), HTTP_NOTMODIFIED);
			return;
		}
	}
	part = cut_page(c, result);
	call_answer(c, HTTP_OK, part);
	json_decref(part);
}

static void after_call(void *context, const struct outcome *o)
{
	struct call *c = context;

	if (o->e)
		call_fail(c, o->status, o->e);
	else if (o->task)
		call_task(c, o->result);
	else if (!strcmp(c->method, "GET"))
		answer_read(c, o->result);
	else
		call_answer(c, HTTP_OK, o->result);
}

static void run(struct call *c)
{
	const struct asker to = { .end = after_call, .context = c };

	c->ask.type = ASK_CALL;
	c->ask.params = c->params;
	if (c->ask.op->flags & CORE_STREAM)
		stream_run(c);
	else
		c->f->ask(c->f->executor, &c->ask, &to);
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

/* "page" and "page_size" are ours in each list that knows no such parameters itself. */
static int take_page(struct call *c, json_t *query, struct err *e)
{
	if (strcmp(c->method, "GET") != 0)
		return 0;
	c->page = 1;
	return pages_number(query, "page", PAGES_MAX, &c->page, e) < 0 ||
			       pages_number(query, "page_size", PAGE_SIZE_MAX, &c->page_size, e) < 0
		       ? -1
		       : 0;
}

/* c->params holds the variables of the path up to here. */
static int read_params(struct call *c, struct err *e)
{
	json_t *vars = c->params, *query = NULL, *body = NULL;
	int rc;

	c->params = NULL;
	rc = parse_query(c->request, &query, e);
	if (rc == 0)
		rc = take_page(c, query, e);
	if (rc == 0)
		rc = call_body(c, &body, e);
	if (rc >= 0)
		rc = route_params(c->ask.op, vars, query, body, &c->params, e);
	json_decref(vars);
	json_decref(query);
	json_decref(body);
	return rc < 0 ? -1 : core_check(c->ask.op, c->params, e);
}

/* What is wrong with a request is told to those who are logged in. */
static void tell_refused(struct call *c)
{
	call_fail(c, 0, &c->refused);
}

static void operation(struct call *c)
{
	if (!call_own_site(c))
		return;
	if (read_params(c, &c->refused) < 0 || condition_take(c, &c->refused) < 0)
		call_authenticate(c, tell_refused);
	else
		run(c);
}

static void find_operation(struct call *c)
{
	struct err e = ERR_INIT;
	char allow[64];

	switch (route_match(c->method, c->path, &c->ask.op, &c->params, allow)) {
	case ROUTE_FOUND:
		operation(c);
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

/* libevent answers in the version of the request, whatever it is: HTTP/1.14 is none. */
static void answer_as_http_1(struct evhttp_request *request)
{
	if (request->major != 1 || request->minor != 0) {
		request->major = 1;
		request->minor = 1;
	}
}

void front_request(struct evhttp_request *request, void *arg)
{
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
	struct front *f = arg;
	struct err e = ERR_INIT;
	struct call *c;

	answer_as_http_1(request);
	conn_served(request);
	/* Where Prometheus looks if it is not told otherwise. */
	if (path && !strcmp(path, "/metrics"))
		path = ROUTE_PREFIX "/metrics";
	if (!path || !is_below(path, ROUTE_PREFIX)) {
		page_request(request, path ? path : "");
		return;
	}
	if (f->ending) {
		err_set(&e, ERR_UNAVAILABLE, "hostd is ending");
		reply_problem(request, 0, &e);
		return;
	}
	c = call_new(f, request, path);
	if (!c)
		return;
	if (is_below(path, LOGIN_PATH))
		login_request(c);
	else if (is_below(path, UPLOAD_PATH))
		upload_request(c);
	else if (follow_is(path))
		follow_request(c);
	else
		find_operation(c);
}
