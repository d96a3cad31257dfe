// SPDX-License-Identifier: Apache-2.0
#include "follow.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "cleanup.h"
#include "conn.h"
#include "log.h"
#include "reply.h"
#include "userworld/core/event.h"

#define ROWS 100 /* that are read at once */

struct follower {
	LIST_ENTRY(follower) link;
	struct evhttp_request *request;
	json_int_t since; /* the last event that was sent */
	struct event *beat;
	time_t until; /* CLOCK_MONOTONIC, s */
};

static LIST_HEAD(, follower) followers = LIST_HEAD_INITIALIZER(followers);
static unsigned int count;

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static void forget(struct follower *f)
{
	LIST_REMOVE(f, link);
	count--;
	event_free(f->beat);
	free(f);
}

/* evhttp frees the request with its connection. */
static void on_close(struct evhttp_connection *http, void *arg)
{
	(void)http;
	forget(arg);
}

static void end(struct follower *f)
{
	struct evhttp_request *request = f->request;

	evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
	forget(f);
	conn_waits(request);
	evhttp_send_reply_end(request);
}

static size_t unread(const struct follower *f)
{
	struct evhttp_connection *http = evhttp_request_get_connection(f->request);

	return evbuffer_get_length(bufferevent_get_output(evhttp_connection_get_bufferevent(http)));
}

static int add_event(struct evbuffer *out, json_t *row)
{
	_cleanup_free_ char *text = json_dumps(row, JSON_COMPACT);
	json_int_t number = json_integer_value(json_object_get(row, "number"));

	return text && evbuffer_add_printf(out, "id: %" JSON_INTEGER_FORMAT "\ndata: %s\n\n",
					   number, text) > 0
		       ? 0
		       : -1;
}

/* The next events, up to ROWS: how many, or -1. */
static int tell_some(struct follower *f)
{
	const struct event_filter filter = { .follow = true, .since = f->since, .limit = ROWS };
	struct evbuffer *out = evbuffer_new();
	json_t *rows = NULL, *row;
	struct err e = ERR_INIT;
	int n = -1;
	size_t i;

	if (out && event_list(&filter, &rows, &e) == 0) {
		n = (int)json_array_size(rows);
		json_array_foreach (rows, i, row) {
			if (add_event(out, row) < 0)
				log_fatalx("out of memory"); /* the supervisor starts us again */
			f->since = json_integer_value(json_object_get(row, "number"));
		}
		if (n > 0)
			evhttp_send_reply_chunk(f->request, out);
	}
	json_decref(rows);
	if (out)
		evbuffer_free(out);
	return n;
}

/* What a slow client does not get now it gets after the next beat, from the store. */
static void tell(struct follower *f)
{
	while (unread(f) < FOLLOW_UNREAD && tell_some(f) == ROWS)
		;
}

static void send_text(struct follower *f, const char *text)
{
	struct evbuffer *out = evbuffer_new();

	if (!out || evbuffer_add(out, text, strlen(text)) < 0)
		log_fatalx("out of memory");
	evhttp_send_reply_chunk(f->request, out);
	evbuffer_free(out);
}

static void on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct follower *f = arg;

	(void)fd, (void)what;
	if (now() >= f->until) {
		end(f);
		return;
	}
	if (unread(f) == 0)
		send_text(f, ":\n\n");
	tell(f);
}

void follow_news(void)
{
	struct follower *f;

	LIST_FOREACH(f, &followers, link)
	tell(f);
}

/* The last event that the client knows: as it says, or the newest that there is. */
static int begin_after(struct evhttp_request *request, json_int_t *since, struct err *e)
{
	const struct event_filter newest = { .limit = 1 };
	const char *id =
		evhttp_find_header(evhttp_request_get_input_headers(request), "Last-Event-ID");
	json_t *rows = NULL;
	char *rest;

	if (id) {
		*since = strtoll(id, &rest, 10);
		if (!*id || *rest || *since < 0)
			return err_set(e, ERR_USAGE, "Last-Event-ID: '%.64s' is no number", id);
		return 0;
	}
	if (event_list(&newest, &rows, e) < 0)
		return -1;
	*since = json_integer_value(json_object_get(json_array_get(rows, 0), "number"));
	json_decref(rows);
	return 0;
}

static void start(struct follower *f, struct call *c)
{
	const struct timeval beat = { .tv_sec = FOLLOW_BEAT };

	f->until = now() + FOLLOW_TIME;
	f->request = call_detach(c);
	event_add(f->beat, &beat);
	LIST_INSERT_HEAD(&followers, f, link);
	count++;
	evhttp_connection_set_closecb(evhttp_request_get_connection(f->request), on_close, f);
	reply_header(f->request, "Content-Type", "text/event-stream");
	reply_header(f->request, "Cache-Control", "no-store");
	reply_header(f->request, "X-Content-Type-Options", "nosniff");
	evhttp_send_reply_start(f->request, HTTP_OK, "OK");
	send_text(f, "retry: 3000\n\n");
	tell(f);
}

static void begin(struct call *c)
{
	struct follower *f = NULL;
	struct err e = ERR_INIT;

	if (strcmp(c->method, "GET") != 0) {
		reply_header(c->request, "Allow", "GET");
		err_set(&e, ERR_USAGE, "%s allows GET", FOLLOW_PATH);
		call_fail(c, HTTP_BADMETHOD, &e);
		return;
	}
	if (count == FOLLOW_MAX) {
		err_set(&e, ERR_UNAVAILABLE, "%d clients follow the events already", FOLLOW_MAX);
	} else {
		f = calloc(1, sizeof(*f));
		if (f)
			f->beat = event_new(c->h->base, -1, EV_PERSIST, on_beat, f);
		if (!f || !f->beat)
			err_set(&e, ERR_NO_SPACE, "out of memory");
		else if (c->request && begin_after(c->request, &f->since, &e) == 0) {
			start(f, c);
			return;
		}
	}
	if (f && f->beat)
		event_free(f->beat);
	free(f);
	call_fail(c, 0, &e);
}

void follow_request(struct call *c)
{
	call_authenticate(c, begin);
}
