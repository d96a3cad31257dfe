// SPDX-License-Identifier: Apache-2.0
/* Bundles that come with the request: one at a time, as installs are. */
#include "upload.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "condition.h"
#include "log.h"
#include "reply.h"
#include "tasks.h"

struct upload {
	char id[33];
	char task[TASK_ID + 1];
	json_int_t size;	  /* bytes to come in all */
	json_int_t offset;	  /* bytes that have come */
	struct bufferevent *pipe; /* to the worker; NULL when all was sent or it ended */
	struct call *piece;	  /* waits until the worker has taken its bytes */
	struct event *idle;
	struct call *first; /* waits until there is a worker */
	struct front *f;
	bool running;	/* the worker is at work */
	json_t *result; /* of the worker, or NULL and */
	struct err error;
};

static struct upload *current;

static void close_pipe(struct upload *u)
{
	if (u->pipe)
		bufferevent_free(u->pipe);
	u->pipe = NULL;
}

/* The worker sees the end of its stream, too early, and leaves no trace by itself. */
static void drop(struct upload *u)
{
	close_pipe(u);
	event_del(u->idle);
	if (u == current)
		current = NULL;
	if (u->running)
		return; /* after_install() ends it */
	event_free(u->idle);
	json_decref(u->result);
	free(u);
}

static void answer_piece(struct upload *u, int status, json_t *body)
{
	struct call *c = u->piece;

	u->piece = NULL;
	call_answer(c, status, body);
}

/* The last piece is answered with what came of the install. */
static void answer_result(struct upload *u)
{
	struct call *c = u->piece;

	if (!c)
		return;
	u->piece = NULL;
	if (u->result)
		call_answer(c, HTTP_OK, u->result);
	else
		call_fail(c, 0, &u->error);
	drop(u);
}

static void after_install(void *context, const struct outcome *o)
{
	struct upload *u = context;
	struct call *first = u->first;

	u->first = NULL;
	u->running = false;
	u->result = json_incref(o->result);
	if (o->e)
		u->error = *o->e;
	close_pipe(u);
	if (first)
		call_fail(first, o->status, &u->error); /* there is no worker */
	if (u != current || first)
		drop(u);
	else
		answer_result(u); /* without a waiting piece the next request gets it */
}

static void on_idle(evutil_socket_t fd, short what, void *arg)
{
	struct upload *u = arg;

	(void)fd, (void)what;
	if (u->piece || u->offset == u->size)
		return;
	log_warnx("upload: nothing came for %d s; given up", UPLOAD_IDLE);
	drop(u);
}

static void await_piece(struct upload *u)
{
	struct timeval limit = { .tv_sec = UPLOAD_IDLE };

	event_add(u->idle, &limit);
}

static void after_task(void *context, const struct outcome *o)
{
	struct call *c = context;

	if (o->e)
		call_fail(c, o->status, o->e);
	else
		call_task(c, o->result);
}

/* Who does not wait gets the task as it is now; the upload is over, and the install goes on. */
static void answer_task(struct upload *u)
{
	const struct asker to = { .end = after_task, .context = u->piece };
	struct call *c = u->piece;

	u->piece = NULL;
	c->params = json_pack("{s:s}", "id", u->task);
	drop(u);
	c->ask.type = ASK_CALL;
	c->ask.op = core_find("system.task.get");
	c->ask.params = c->params;
	c->f->ask(c->f->executor, &c->ask, &to);
}

/* All that there is was sent: now the result decides, for those who wait for it. */
static void sent(struct upload *u)
{
	const char *prefer = u->piece ? call_header(u->piece, "Prefer") : NULL;

	close_pipe(u);
	if (prefer && condition_is_async(prefer))
		answer_task(u);
}

/* The worker has taken a whole piece. */
static void on_drained(struct bufferevent *pipe, void *arg)
{
	struct upload *u = arg;
	json_t *body;

	(void)pipe;
	if (u->offset == u->size) {
		sent(u);
		return;
	}
	if (!u->piece)
		return;
	body = json_pack("{s:s, s:I, s:I}", "id", u->id, "offset", u->offset, "size", u->size);
	await_piece(u);
	answer_piece(u, HTTP_OK, body);
	json_decref(body);
}

/* It ended early: its result tells why and is about to arrive. */
static void on_broken(struct bufferevent *pipe, short what, void *arg)
{
	(void)pipe;
	(void)what;
	close_pipe(arg);
}

static void answer_first(struct upload *u)
{
	json_t *body = json_pack("{s:s, s:i, s:I, s:I, s:s}", "id", u->id, "offset", 0, "size",
				 u->size, "piece_max", (json_int_t)BODY_MAX, "task", u->task);
	struct call *c = u->first;

	u->first = NULL;
	await_piece(u);
	call_answer(c, 201, body);
	json_decref(body);
}

/* The worker reads from there. */
static void on_open(void *context, int fd, const char *task)
{
	struct upload *u = context;

	snprintf(u->task, sizeof(u->task), "%s", task);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	u->pipe = bufferevent_socket_new(u->f->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!u->pipe)
		log_fatalx("out of memory"); /* we are started again */
	bufferevent_setcb(u->pipe, NULL, on_drained, on_broken, u);
	bufferevent_enable(u->pipe, EV_WRITE);
	answer_first(u);
}

static struct upload *new_upload(struct front *f, json_int_t size, struct err *e)
{
	struct upload *u = calloc(1, sizeof(*u));
	unsigned char id[16];

	if (!u || RAND_bytes(id, sizeof(id)) != 1 ||
	    !(u->idle = event_new(f->base, -1, 0, on_idle, u))) {
		free(u);
		err_set(e, ERR_NO_SPACE, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(id); i++)
		snprintf(u->id + 2 * i, 3, "%02x", id[i]);
	u->size = size;
	u->f = f;
	return u;
}

/* What the body says besides goes to the install as it is, and is checked there. */
static int read_size(struct call *c, json_int_t *size, struct err *e)
{
	static const struct core_param params[] = {
		{ "size", CORE_INT, .required = true, .min = 1, .max = UPLOAD_MAX },
		{ 0 },
	};
	static const struct core_op upload = { .name = "upload", .params = params };
	json_t *body = NULL, *own;
	int rc;

	if (call_body(c, &body, e) < 0)
		return -1;
	if (body && !json_is_object(body)) {
		json_decref(body);
		return err_set(e, ERR_USAGE, "the body must be a JSON object");
	}
	c->params = body;
	own = json_pack("{s:O*}", "size", json_object_get(body, "size"));
	rc = core_check(&upload, own, e);
	*size = json_integer_value(json_object_get(own, "size"));
	json_decref(own);
	if (body)
		json_object_del(body, "size");
	return rc;
}

static void begin(struct call *c)
{
	struct asker to = { .open = on_open, .end = after_install };
	struct err e = ERR_INIT;
	json_int_t size = 0;

	if (current && !current->running)
		drop(current); /* it failed early, and its client never asked for the result */
	if (current)
		err_set(&e, ERR_CONFLICT, "another upload is going on");
	if (current || read_size(c, &size, &e) < 0 || !(current = new_upload(c->f, size, &e))) {
		call_fail(c, 0, &e);
		return;
	}
	to.context = current;
	current->first = c;
	current->running = true;
	c->ask.type = ASK_UPLOAD;
	c->ask.size = size;
	c->ask.params = c->params;
	c->f->ask(c->f->executor, &c->ask, &to);
}

static int check_piece(const struct upload *u, struct evhttp_request *request, struct err *e)
{
	const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
	size_t len = evbuffer_get_length(evhttp_request_get_input_buffer(request));
	json_int_t offset;

	if (u->piece)
		return err_set(e, ERR_CONFLICT, "the last piece is not taken yet");
	if (!query || sscanf(query, "offset=%" SCNd64, (int64_t *)&offset) != 1)
		return err_set(e, ERR_USAGE, "the query must say the offset");
	if (offset != u->offset)
		return err_set(e, ERR_CONFLICT, "the next offset is %" JSON_INTEGER_FORMAT,
			       u->offset);
	if (len == 0 || (json_int_t)len > u->size - u->offset)
		return err_set(e, ERR_INVALID,
			       "a piece needs 1 byte, %" JSON_INTEGER_FORMAT
			       " are left of the size stated",
			       u->size - u->offset);
	return 0;
}

static void take_piece(struct call *c)
{
	struct upload *u = current;
	struct err e = ERR_INIT;

	if (!c->request) {
		call_fail(c, 0, &e);
		return;
	}
	if (!u->running) {
		u->piece = c;
		answer_result(u);
		return;
	}
	if (check_piece(u, c->request, &e) < 0) {
		call_fail(c, 0, &e);
		return;
	}
	event_del(u->idle);
	u->piece = c;
	u->offset += (json_int_t)evbuffer_get_length(evhttp_request_get_input_buffer(c->request));
	/* Without pipe the worker has ended, and its result answers this piece. */
	if (u->pipe)
		bufferevent_write_buffer(u->pipe, evhttp_request_get_input_buffer(c->request));
}

static void cancel(struct call *c)
{
	if (current->piece) {
		struct err e = ERR_INIT;

		err_set(&e, ERR_CONFLICT, "a piece is being taken");
		call_fail(c, 0, &e);
		return;
	}
	log_info("user %s: upload cancelled", c->user);
	drop(current);
	call_answer(c, 204, json_null());
}

static void route(struct call *c)
{
	const char *id = c->path + strlen(UPLOAD_PATH);
	struct err e = ERR_INIT;

	id += *id == '/';
	if (!*id && !strcmp(c->method, "POST")) {
		begin(c);
	} else if (!current || strcmp(id, current->id) != 0) {
		err_set(&e, ERR_NOT_FOUND, "%.200s: no such upload", c->path);
		call_fail(c, 0, &e);
	} else if (!strcmp(c->method, "PUT")) {
		take_piece(c);
	} else if (!strcmp(c->method, "DELETE")) {
		cancel(c);
	} else {
		reply_header(c->request, "Allow", "PUT, DELETE");
		err_set(&e, ERR_USAGE, "an upload allows PUT and DELETE");
		call_fail(c, HTTP_BADMETHOD, &e);
	}
}

void upload_request(struct call *c)
{
	call_authenticate(c, route);
}
