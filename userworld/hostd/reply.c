// SPDX-License-Identifier: Apache-2.0
/* Answers. */
#include "reply.h"

#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"
#include "problem.h"

/* The page loads nothing from elsewhere, runs no inline code and is framed by nobody. */
static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
			     "img-src 'self' data:; connect-src 'self'; form-action 'none'; "
			     "frame-ancestors 'none'; base-uri 'none'";

void reply_header(struct evhttp_request *request, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(request), name, value);
}

static void on_complete(struct evhttp_request *request, void *arg)
{
	(void)arg;
	conn_waits(request);
}

static void send_answer(struct evhttp_request *request, int status, const char *type,
			struct evbuffer *body)
{
	if (type)
		reply_header(request, "Content-Type", type);
	reply_header(request, "Content-Security-Policy", policy);
	reply_header(request, "X-Content-Type-Options", "nosniff");
	reply_header(request, "Referrer-Policy", "no-referrer");
	if (!evhttp_find_header(evhttp_request_get_output_headers(request), "Cache-Control"))
		reply_header(request, "Cache-Control", "no-store");
	evhttp_request_set_on_complete_cb(request, on_complete, NULL);
	evhttp_send_reply(request, status, NULL, body);
}

static void free_text(const void *data, size_t len, void *extra)
{
	(void)len;
	(void)extra;
	free((void *)(uintptr_t)data);
}

static void send_json(struct evhttp_request *request, int status, const char *type, json_t *body)
{
	struct evbuffer *out = evbuffer_new();
	char *text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text && out)
		evbuffer_add_reference(out, text, strlen(text), free_text, NULL);
	if (out)
		evbuffer_add(out, "\n", 1);
	send_answer(request, status, type, out);
	if (out)
		evbuffer_free(out);
}

void reply_json(struct evhttp_request *request, int status, json_t *body)
{
	if (json_is_null(body))
		send_answer(request, HTTP_NOCONTENT, NULL, NULL);
	else
		send_json(request, status, "application/json", body);
}

void reply_empty(struct evhttp_request *request, int status)
{
	if (request)
		send_answer(request, status, NULL, NULL);
}

void reply_problem(struct evhttp_request *request, int status, const struct err *e)
{
	json_t *body = problem_json(e, status);

	if (status == 0)
		status = err_http_status(e->kind);
	send_json(request, status, PROBLEM_TYPE, body);
	json_decref(body);
}

void reply_text(struct evhttp_request *request, const char *type, char *text, size_t len)
{
	struct evbuffer *out = evbuffer_new();

	if (!out || evbuffer_add_reference(out, text, len, free_text, NULL) < 0)
		free(text);
	send_answer(request, HTTP_OK, type, out);
	if (out)
		evbuffer_free(out);
}

void reply_static(struct evhttp_request *request, const char *type, const void *data, size_t len)
{
	struct evbuffer *out = evbuffer_new();

	if (out)
		evbuffer_add_reference(out, data, len, NULL, NULL);
	send_answer(request, HTTP_OK, type, out);
	if (out)
		evbuffer_free(out);
}
