// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn.h"
#include "log.h"
#include "reply.h"

/* An answer on its way. It ends when the worker has, and the pipe is read. */
struct stream {
	struct call *c;			/* until the first bytes come, or it fails before */
	struct evhttp_request *request; /* then; NULL: the client has gone */
	struct event *ready;		/* the pipe has bytes */
	struct event *idle;		/* the client takes none */
	struct event_base *base;
	int pipe;     /* -1: not there yet, or read to its end */
	bool working; /* the executor has not said how it went */
	bool failed;
	struct err error;
};

static void close_pipe(struct stream *s)
{
	if (s->ready)
		event_del(s->ready);
	if (s->pipe >= 0)
		close(s->pipe);
	s->pipe = -1;
}

/* Without its last chunk a client sees that something is missing. */
static void cut_off(struct evhttp_request *request)
{
	struct bufferevent *bev =
		evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));

	shutdown(bufferevent_getfd(bev), SHUT_RDWR);
}

static void on_idle(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;

	(void)fd, (void)what;
	log_warnx("the client has taken nothing for %d s; given up", STREAM_IDLE);
	cut_off(s->request);
}

static void free_stream(struct stream *s)
{
	if (s->ready) {
		close_pipe(s);
		event_free(s->ready);
	}
	if (s->idle)
		event_free(s->idle);
	free(s);
}

/* Both the pipe and the worker have ended. */
static void finish(struct stream *s)
{
	struct evhttp_request *request = s->request;

	if (s->pipe >= 0 || s->working)
		return;
	if (s->c && s->failed) {
		call_fail(s->c, 0, &s->error);
	} else if (request) {
		evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
		conn_waits(request);
		if (s->failed)
			cut_off(request);
		evhttp_send_reply_end(request);
	}
	free_stream(s);
}

/* evhttp frees the request with its connection; the worker ends when it can write no more. */
static void on_close(struct evhttp_connection *http, void *arg)
{
	struct stream *s = arg;

	(void)http;
	s->request = NULL;
	event_del(s->idle);
	close_pipe(s);
	finish(s);
}

static void begin_answer(struct stream *s)
{
	const struct core_op *op = s->c->ask.op;
	char name[128];

	s->request = call_detach(s->c);
	s->c = NULL;
	if (!s->request)
		return;
	evhttp_connection_set_closecb(evhttp_request_get_connection(s->request), on_close, s);
	reply_header(s->request, "Content-Type", op->stream_type);
	reply_header(s->request, "Cache-Control", "no-store");
	reply_header(s->request, "X-Content-Type-Options", "nosniff");
	snprintf(name, sizeof(name), "attachment; filename=\"%s\"", op->stream_name);
	reply_header(s->request, "Content-Disposition", name);
	evhttp_send_reply_start(s->request, HTTP_OK, "OK");
}

/* The client has taken the last piece. */
static void on_sent(struct evhttp_connection *http, void *arg)
{
	struct stream *s = arg;

	(void)http;
	event_del(s->idle);
	if (s->pipe >= 0)
		event_add(s->ready, NULL);
}

static void send_piece(struct stream *s, const char *data, size_t len)
{
	struct timeval limit = { .tv_sec = STREAM_IDLE };
	struct evbuffer *piece = evbuffer_new();

	if (!piece || evbuffer_add(piece, data, len) < 0)
		log_fatalx("out of memory"); /* the supervisor starts us again */
	event_add(s->idle, &limit);
	evhttp_send_reply_chunk_with_cb(s->request, piece, on_sent, s);
	evbuffer_free(piece);
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct stream *s = arg;
	char data[STREAM_PIECE];
	ssize_t len = read(fd, data, sizeof(data));

	(void)what;
	if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
		event_add(s->ready, NULL);
		return;
	}
	if (len > 0 && s->c)
		begin_answer(s);
	if (len > 0 && s->request) {
		send_piece(s, data, (size_t)len);
		return;
	}
	close_pipe(s);
	finish(s);
}

static void after_write(void *context, const struct outcome *o)
{
	struct stream *s = context;

	s->working = false;
	s->failed = !o->result;
	if (o->e)
		s->error = *o->e;
	finish(s);
}

static void on_open(void *context, int fd, const char *task)
{
	struct stream *s = context;

	(void)task;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	s->pipe = fd;
	s->ready = event_new(s->base, fd, EV_READ, on_ready, s);
	if (!s->ready || event_add(s->ready, NULL) < 0)
		log_fatalx("out of memory"); /* we are started again */
}

void stream_run(struct call *c)
{
	struct stream *s = calloc(1, sizeof(*s));
	struct asker to = { .open = on_open, .end = after_write, .context = s };
	struct err e = ERR_INIT;

	if (s)
		s->idle = evtimer_new(c->f->base, on_idle, s);
	if (!s || !s->idle) {
		free(s);
		err_set(&e, ERR_NO_SPACE, "out of memory");
		call_fail(c, 0, &e);
		return;
	}
	s->c = c;
	s->base = c->f->base;
	s->pipe = -1;
	s->working = true;
	c->f->ask(c->f->executor, &c->ask, &to);
}
