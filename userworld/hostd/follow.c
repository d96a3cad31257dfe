// SPDX-License-Identifier: Apache-2.0
#include "follow.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "cleanup.h"
#include "conn.h"
#include "log.h"
#include "reply.h"

#define ROWS 100 /* that are read at once */
#define SUFFIX "/stream"

/* A list that grows. Its operation takes "since", and gives rows with a mark of where they stand.
 */
struct topic {
	const char *name;
	const char *path; /* of the list; a last '*' stands for the parameter "name" */
	const char *op;
	const char *mark; /* key of the mark in a row */
	bool from_now;	  /* a new client gets what comes; else also what there is */
	bool polled;	  /* nobody tells that there is something new */
};

static const struct topic topics[] = {
	{ "events", ROUTE_PREFIX "/system/events", "system.event.list", "number", true, false },
	{ "tasks", ROUTE_PREFIX "/system/tasks", "system.task.list", "revision", false, false },
	{ "logs", ROUTE_PREFIX "/system/logs/*", "system.log.follow", "mark", false, true },
};

struct follower {
	LIST_ENTRY(follower) link;
	const struct topic *topic;
	struct call *c;			/* proof and address for each look */
	struct evhttp_request *request; /* NULL: the client has gone */
	json_t *since;			/* mark of the last row that was sent; NULL: none */
	struct event *beat, *poll;
	time_t until; /* CLOCK_MONOTONIC, s */
	bool looking; /* the executor was asked */
	bool again;   /* there may be more than that look will find */
	bool skip;    /* rows of this look are old */
};

static LIST_HEAD(, follower) followers = LIST_HEAD_INITIALIZER(followers);
static unsigned int count;

static void look(struct follower *f);

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* Once the executor has answered. */
static void forget(struct follower *f)
{
	if (f->looking)
		return;
	LIST_REMOVE(f, link);
	count--;
	if (f->beat)
		event_free(f->beat);
	if (f->poll)
		event_free(f->poll);
	json_decref(f->since);
	if (f->c)
		call_detach(f->c);
	free(f);
}

static void stop(struct follower *f)
{
	f->request = NULL;
	if (f->beat)
		event_del(f->beat);
	if (f->poll)
		event_del(f->poll);
	forget(f);
}

/* evhttp frees the request with its connection. */
static void on_close(struct evhttp_connection *http, void *arg)
{
	(void)http;
	stop(arg);
}

static void end(struct follower *f)
{
	struct evhttp_request *request = f->request;

	evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
	stop(f);
	conn_waits(request);
	evhttp_send_reply_end(request);
}

static size_t unread(const struct follower *f)
{
	struct evhttp_connection *http = evhttp_request_get_connection(f->request);

	return evbuffer_get_length(bufferevent_get_output(evhttp_connection_get_bufferevent(http)));
}

static void add_row(struct follower *f, struct evbuffer *out, json_t *row)
{
	json_t *mark = json_object_get(row, f->topic->mark);
	_cleanup_free_ char *text = json_dumps(row, JSON_COMPACT);
	_cleanup_free_ char *id = json_dumps(mark, JSON_COMPACT | JSON_ENCODE_ANY);

	json_decref(f->since);
	f->since = json_incref(mark);
	if (f->skip)
		return;
	/* A mark that is text has no quotes in an id. */
	if (!text || !id ||
	    evbuffer_add_printf(out, "id: %s\ndata: %s\n\n",
				json_is_string(mark) ? json_string_value(mark) : id, text) < 0)
		log_fatalx("out of memory"); /* we are started again */
}

static void send_rows(struct follower *f, json_t *rows)
{
	struct evbuffer *out = evbuffer_new();
	json_t *row;
	size_t i;

	if (!out)
		log_fatalx("out of memory");
	json_array_foreach (rows, i, row)
		add_row(f, out, row);
	if (evbuffer_get_length(out))
		evhttp_send_reply_chunk(f->request, out);
	evbuffer_free(out);
}

/* What the client knows before its first row: nothing stands before this. */
static void begin_at_nothing(struct follower *f)
{
	if (f->skip && !f->since)
		f->since = json_integer(0);
	f->skip = false;
}

static void after_look(void *context, const struct outcome *o)
{
	struct follower *f = context;
	bool more = f->again;

	f->looking = false;
	if (!f->request) {
		forget(f);
		return;
	}
	if (o->e) { /* not logged in any more, or the log has gone */
		end(f);
		return;
	}
	more |= !f->skip && json_array_size(o->result) == ROWS;
	send_rows(f, o->result);
	begin_at_nothing(f);
	if (more)
		look(f);
}

/* What a slow client does not get now it gets after the next beat. */
static void look(struct follower *f)
{
	const struct asker to = { .end = after_look, .context = f };

	if (f->looking) {
		f->again = true;
		return;
	}
	if (unread(f) >= FOLLOW_UNREAD)
		return;
	f->looking = true;
	f->again = false;
	json_object_del(f->c->params, "since");
	if (f->since)
		json_object_set(f->c->params, "since", f->since);
	if (!strcmp(f->topic->name, "events"))
		json_object_set_new(f->c->params, "limit", json_integer(f->skip ? 1 : ROWS));
	f->c->ask.type = ASK_CALL;
	f->c->ask.params = f->c->params;
	f->c->f->ask(f->c->f->executor, &f->c->ask, &to);
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
	look(f);
}

static void on_poll(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	look(arg);
}

void follow_news(const char *topic)
{
	struct follower *f, *next;

	for (f = LIST_FIRST(&followers); f; f = next) {
		next = LIST_NEXT(f, link);
		if (f->request && !strcmp(f->topic->name, topic))
			look(f);
	}
}

/* Where it goes on: as the client says, or what comes from now on, or all there is. */
static int begin_after(struct follower *f, struct err *e)
{
	const char *id = call_header(f->c, "Last-Event-ID");
	char *rest;
	json_int_t number;

	if (!id) {
		f->skip = f->topic->from_now;
		return 0;
	}
	if (f->topic->polled) {
		f->since = json_string(id);
		return f->since ? 0 : err_set(e, ERR_USAGE, "Last-Event-ID: not UTF-8");
	}
	number = strtoll(id, &rest, 10);
	if (!*id || *rest || number < 0)
		return err_set(e, ERR_USAGE, "Last-Event-ID: '%.64s' is no number", id);
	f->since = json_integer(number);
	return 0;
}

static void start(struct follower *f)
{
	const struct timeval beat = { .tv_sec = FOLLOW_BEAT }, poll = { .tv_sec = FOLLOW_POLL };

	f->until = now() + FOLLOW_TIME;
	f->request = f->c->request;
	event_add(f->beat, &beat);
	if (f->topic->polled)
		event_add(f->poll, &poll);
	f->c->request = NULL;
	evhttp_connection_set_closecb(evhttp_request_get_connection(f->request), on_close, f);
	reply_header(f->request, "Content-Type", "text/event-stream");
	reply_header(f->request, "Cache-Control", "no-store");
	reply_header(f->request, "X-Content-Type-Options", "nosniff");
	evhttp_send_reply_start(f->request, HTTP_OK, "OK");
	send_text(f, "retry: 3000\n\n");
	look(f);
}

/* The topic of a path; the part that '*' stands for is put into name. */
static const struct topic *topic_of(const char *path, char name[static 65])
{
	size_t len = strlen(path), tail = strlen(SUFFIX);

	name[0] = '\0';
	if (len <= tail || strcmp(path + len - tail, SUFFIX) != 0)
		return NULL;
	len -= tail;
	for (size_t i = 0; i < ARRAY_SIZE(topics); i++) {
		size_t own = strcspn(topics[i].path, "*");

		if (strncmp(path, topics[i].path, own) != 0)
			continue;
		if (!topics[i].path[own] && len == own)
			return &topics[i];
		if (topics[i].path[own] && len > own && len - own < 65 &&
		    !memchr(path + own, '/', len - own)) {
			memcpy(name, path + own, len - own);
			name[len - own] = '\0';
			return &topics[i];
		}
	}
	return NULL;
}

bool follow_is(const char *path)
{
	char name[65];

	return topic_of(path, name) != NULL;
}

static struct follower *new_follower(struct call *c, struct err *e)
{
	struct follower *f = NULL;
	char name[65];

	if (count == FOLLOW_MAX) {
		err_set(e, ERR_UNAVAILABLE, "%d clients follow something already", FOLLOW_MAX);
		return NULL;
	}
	f = calloc(1, sizeof(*f));
	if (!f)
		log_fatalx("out of memory");
	f->topic = topic_of(c->path, name);
	f->beat = event_new(c->f->base, -1, EV_PERSIST, on_beat, f);
	f->poll = event_new(c->f->base, -1, EV_PERSIST, on_poll, f);
	c->params = *name ? json_pack("{s:s}", "name", name) : json_object();
	c->ask.op = core_find(f->topic->op);
	if (!f->beat || !f->poll || !c->params)
		log_fatalx("out of memory");
	LIST_INSERT_HEAD(&followers, f, link);
	count++;
	return f;
}

static void begin(struct call *c)
{
	struct err e = ERR_INIT;
	struct follower *f;

	if (strcmp(c->method, "GET") != 0) {
		if (c->request)
			reply_header(c->request, "Allow", "GET");
		err_set(&e, ERR_USAGE, "%.200s allows GET", c->path);
		call_fail(c, HTTP_BADMETHOD, &e);
		return;
	}
	f = new_follower(c, &e);
	if (!f) {
		call_fail(c, 0, &e);
		return;
	}
	f->c = c;
	if (c->request && core_check(c->ask.op, c->params, &e) == 0 && begin_after(f, &e) == 0) {
		start(f);
		return;
	}
	f->c = NULL;
	forget(f);
	call_fail(c, 0, &e);
}

void follow_request(struct call *c)
{
	call_authenticate(c, begin);
}
