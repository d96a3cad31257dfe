// SPDX-License-Identifier: Apache-2.0
/* One API request on its way. */
#include "call.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reply.h"
#include "worker.h"

static const char *method_name(struct evhttp_request *request)
{
	switch (evhttp_request_get_command(request)) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	case EVHTTP_REQ_PATCH:
		return "PATCH";
	default:
		return "other";
	}
}

/* evhttp frees the request with its connection. */
static void on_close(struct evhttp_connection *http, void *arg)
{
	struct call *c = arg;

	(void)http;
	c->request = NULL;
}

struct call *call_new(struct hostd *h, struct evhttp_request *request, const char *path)
{
	struct call *c = strlen(path) < sizeof(c->path) ? calloc(1, sizeof(*c)) : NULL;
	struct err e = ERR_INIT;

	if (!c) {
		err_set(&e, ERR_USAGE, "the path is too long");
		reply_problem(request, 414, &e);
		return NULL;
	}
	c->h = h;
	c->request = request;
	c->method = method_name(request);
	strcpy(c->path, path);
	evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_close, c);
	return c;
}

static void end(struct call *c)
{
	if (c->request)
		evhttp_connection_set_closecb(evhttp_request_get_connection(c->request), NULL,
					      NULL);
	explicit_bzero(&c->auth, sizeof(c->auth));
	json_decref(c->params);
	free(c);
}

struct evhttp_request *call_detach(struct call *c)
{
	struct evhttp_request *request = c->request;

	end(c);
	return request;
}

void call_answer(struct call *c, int status, json_t *body)
{
	struct evhttp_request *request = call_detach(c);

	if (request)
		reply_json(request, status, body);
}

void call_fail(struct call *c, int status, const struct err *e)
{
	struct evhttp_request *request = c->request;

	/* A browser would open its own dialogue for Basic; the page has a better one. */
	if (request && e->kind == ERR_AUTH &&
	    !evhttp_find_header(evhttp_request_get_input_headers(request), "X-Requested-With"))
		reply_header(request, "WWW-Authenticate", "Basic realm=\"VisorOS\"");
	end(c);
	if (request)
		reply_problem(request, status, e);
}

static void after_verify(void *context, json_t *result, const struct err *e)
{
	struct call *c = context;

	if (!result) {
		call_fail(c, 0, e);
		return;
	}
	auth_remember(c->h, &c->auth);
	explicit_bzero(c->auth.password, sizeof(c->auth.password));
	c->next(c);
}

static void verify(struct call *c)
{
	json_t *params = json_pack("{s:s, s:s, s:b}", "user", c->auth.user, "password",
				   c->auth.password, "development", c->h->development);
	struct err e = ERR_INIT;
	int rc;

	if (!params) {
		err_set(&e, ERR_AUTH, "user and password must be UTF-8");
		call_fail(c, 0, &e);
		return;
	}
	rc = worker_start(auth_login_job, NULL, params, -1, after_verify, c, &e);
	json_decref(params);
	if (rc < 0)
		call_fail(c, 0, &e);
}

void call_authenticate(struct call *c, call_step *next)
{
	enum auth_result result = auth_request(c->h, c->request, &c->auth);
	struct err e = ERR_INIT;

	c->next = next;
	if (result == AUTH_NONE) {
		err_set(&e, ERR_AUTH, "log in first");
		call_fail(c, 0, &e);
	} else if (!auth_same_origin(c->request, &c->auth)) {
		err_set(&e, ERR_DENIED, "the request comes from a page of another site");
		call_fail(c, 0, &e);
	} else if (result == AUTH_VERIFY) {
		verify(c);
	} else {
		next(c);
	}
}

void call_actor(const struct call *c)
{
	char who[128];

	snprintf(who, sizeof(who), "%s (%s)", c->auth.user, c->auth.local ? "local" : "network");
	core_set_actor(who);
}

int call_body(struct call *c, json_t **body, struct err *e)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(c->request);
	size_t len = evbuffer_get_length(input);
	const char *type =
		evhttp_find_header(evhttp_request_get_input_headers(c->request), "Content-Type");
	json_error_t bad;

	*body = NULL;
	if (len == 0)
		return 0;
	if (!type || strncasecmp(type, "application/json", 16) != 0)
		return err_set(e, ERR_USAGE, "the body's Content-Type must be application/json");
	if (len > JSON_MAX)
		return err_set(e, ERR_USAGE, "the body has %zu bytes, may have %u", len, JSON_MAX);
	*body = json_loadb((const char *)evbuffer_pullup(input, -1), len, JSON_REJECT_DUPLICATES,
			   &bad);
	if (!*body)
		return err_set(e, ERR_USAGE, "the body is not JSON: line %d, column %d: %s",
			       bad.line, bad.column, bad.text);
	return 1;
}
