// SPDX-License-Identifier: Apache-2.0
/* One API request on its way. */
#include "call.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "proof.h"
#include "reply.h"
#include "route.h"

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

static struct call *refuse(struct evhttp_request *request, int status, const struct err *e)
{
	reply_problem(request, status, e);
	return NULL;
}

struct call *call_new(struct front *f, struct evhttp_request *request, const char *path)
{
	struct call *c = strlen(path) < sizeof(c->path) ? calloc(1, sizeof(*c)) : NULL;
	struct err e = ERR_INIT;

	if (!c) {
		err_set(&e, ERR_USAGE, "the path is too long");
		return refuse(request, 414, &e);
	}
	if (f->local && !proof_is_local(request)) {
		free(c);
		err_set(&e, ERR_DENIED, "only root may use the local socket");
		return refuse(request, 0, &e);
	}
	c->f = f;
	c->ask.local = f->local;
	c->request = request;
	c->method = method_name(request);
	strcpy(c->path, path);
	proof_from(request, c->ask.from);
	c->foreign = !f->local && !proof_take(request, &c->ask.proof);
	if (!f->local && !c->foreign && c->ask.proof.kind == PROOF_NONE)
		c->foreign = !proof_take_certificate(request, &c->ask.proof, &c->certificate);
	evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_close, c);
	return c;
}

static void end(struct call *c)
{
	if (c->request)
		evhttp_connection_set_closecb(evhttp_request_get_connection(c->request), NULL,
					      NULL);
	ask_wipe(&c->ask);
	json_decref(c->params);
	free(c->certificate);
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

void call_task(struct call *c, json_t *task)
{
	char place[128];

	snprintf(place, sizeof(place), ROUTE_PREFIX "/system/tasks/%s",
		 json_string_value(json_object_get(task, "id")) ?: "");
	if (c->request)
		reply_header(c->request, "Location", place);
	call_answer(c, 202, task);
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

bool call_own_site(struct call *c)
{
	struct err e = ERR_INIT;

	if (!c->foreign)
		return true;
	err_set(&e, ERR_DENIED, "the request comes from a page of another site");
	call_fail(c, 0, &e);
	return false;
}

static void after_who(void *context, const struct outcome *o)
{
	const char *user = json_string_value(json_object_get(o->result, "user"));
	struct call *c = context;
	struct err e = ERR_INIT;

	if (o->e) {
		call_fail(c, o->status, o->e);
	} else if (!user) {
		err_set(&e, ERR_AUTH, "log in first");
		call_fail(c, 0, &e);
	} else {
		snprintf(c->user, sizeof(c->user), "%s", user);
		c->next(c);
	}
}

void call_authenticate(struct call *c, call_step *next)
{
	const struct asker to = { .end = after_who, .context = c };

	if (!call_own_site(c))
		return;
	c->next = next;
	c->ask.type = ASK_WHO;
	c->f->ask(c->f->executor, &c->ask, &to);
}

const char *call_header(const struct call *c, const char *name)
{
	return c->request ? evhttp_find_header(evhttp_request_get_input_headers(c->request), name)
			  : NULL;
}

int call_body(struct call *c, json_t **body, struct err *e)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(c->request);
	size_t len = evbuffer_get_length(input);
	const char *type = call_header(c, "Content-Type");
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
