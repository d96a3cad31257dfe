// SPDX-License-Identifier: Apache-2.0
/*
 * Connections from the network. A record hangs on the connection's SSL object
 * and goes with it, whoever ends the connection. To end one from here its
 * socket is shut down: evhttp then sees the end of the stream and cleans up.
 */
#include "conn.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "log.h"
#include "refusal.h"

struct conn {
	TAILQ_ENTRY(conn) link;
	struct bufferevent *bev;
	struct event *deadline;
	bool waits;
	bool ends;    /* hung up; what it holds goes with it soon */
	bool refuses; /* on_output() is at work */
	size_t held;  /* bytes received that are not a complete request yet */
};

/* The one that waits longest is first. */
static TAILQ_HEAD(conns, conn) waiting = TAILQ_HEAD_INITIALIZER(waiting);

static SSL_CTX *server;
static struct evconnlistener *door;
static int slot = -1;	     /* of the record in an SSL object */
static int idle = CONN_IDLE; /* seconds */
static int most = CONN_LEAST;
static int count;
static size_t held;

static void hang_up(struct conn *c)
{
	evutil_socket_t fd = bufferevent_getfd(c->bev);

	c->ends = true;
	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	hang_up(arg);
}

static void wait_from_now(struct conn *c, int seconds)
{
	struct timeval limit = { .tv_sec = seconds };

	if (!c->waits) {
		c->waits = true;
		TAILQ_INSERT_TAIL(&waiting, c, link);
	}
	event_add(c->deadline, &limit);
}

static void on_free(void *ssl, void *record, CRYPTO_EX_DATA *ad, int index, long arg, void *more)
{
	struct conn *c = record;

	(void)ssl, (void)ad, (void)index, (void)arg, (void)more;
	if (!c)
		return;
	if (c->waits)
		TAILQ_REMOVE(&waiting, c, link);
	event_free(c->deadline);
	held -= c->held;
	free(c);
	if (count-- == most)
		evconnlistener_enable(door);
}

/* The greediest go first, so that somebody with a small request is not the one to leave. */
static void shed(void)
{
	for (;;) {
		struct conn *greedy = NULL, *c;
		size_t sum = 0;

		TAILQ_FOREACH(c, &waiting, link)
		{
			if (c->ends)
				continue;
			sum += c->held;
			if (!greedy || c->held > greedy->held)
				greedy = c;
		}
		if (!greedy || sum <= CONN_BUFFER)
			return;
		hang_up(greedy);
	}
}

/* Counts what lies in the connection's buffer. */
static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
	struct conn *c = arg;

	(void)info;
	held -= c->held;
	c->held = evbuffer_get_length(input);
	held += c->held;
	if (held > CONN_BUFFER)
		shed();
}

/*
 * Who waits is answered by nobody but evhttp itself: with a refusal, which it writes piece by
 * piece. After each of them the buffer is the whole of ours again. It is sent when all are written.
 */
static void on_output(struct evbuffer *output, const struct evbuffer_cb_info *info, void *arg)
{
	char begin[32] = "", answer[REFUSAL_MAX];
	struct conn *c = arg;
	size_t len;

	if (!c->waits || c->refuses || !info->n_added)
		return;
	evbuffer_copyout(output, begin, sizeof(begin) - 1);
	len = refusal_answer(begin, answer);
	if (!len)
		return;
	c->refuses = true;
	evbuffer_drain(output, evbuffer_get_length(output));
	evbuffer_add(output, answer, len);
	c->refuses = false;
}

void conn_limit(int seconds)
{
	idle = seconds;
}

void conn_watch(struct evhttp *http)
{
	evhttp_set_timeout(http, idle);
}

void conn_tls(SSL_CTX *tls)
{
	SSL_CTX_free(server); /* connections have references of their own */
	server = tls;
}

int conn_most(uint64_t memory)
{
	const uint64_t host = UINT64_C(64) << 20, each = UINT64_C(184) << 10;
	uint64_t n = memory > host ? (memory - host) / each : 0;

	if (n < CONN_LEAST)
		return CONN_LEAST;
	return n > CONN_MOST ? CONN_MOST : (int)n;
}

void conn_init(struct evconnlistener *listener, int wanted)
{
	door = listener;
	most = wanted;
	slot = SSL_get_ex_new_index(0, NULL, NULL, NULL, on_free);
}

static void make_room(void)
{
	struct conn *longest = TAILQ_FIRST(&waiting);

	if (count < most)
		return;
	while (longest && longest->ends)
		longest = TAILQ_NEXT(longest, link);
	if (longest)
		hang_up(longest);
	else
		evconnlistener_disable(door);
}

struct bufferevent *conn_new(struct event_base *base, void *unused)
{
	struct conn *c = calloc(1, sizeof(*c));
	SSL *ssl = SSL_new(server);

	(void)unused;
	if (!c || !ssl || !(c->deadline = event_new(base, -1, 0, on_deadline, c)))
		log_fatalx("out of memory"); /* the supervisor starts us again */
	c->bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING,
						BEV_OPT_CLOSE_ON_FREE);
	if (!c->bev || SSL_set_ex_data(ssl, slot, c) != 1)
		log_fatalx("out of memory");
	/* Many clients close without TLS's own good-bye. */
	bufferevent_openssl_set_allow_dirty_shutdown(c->bev, 1);
	evbuffer_add_cb(bufferevent_get_input(c->bev), on_input, c);
	evbuffer_add_cb(bufferevent_get_output(c->bev), on_output, c);
	count++;
	wait_from_now(c, CONN_FIRST);
	make_room();
	return c->bev;
}

static struct conn *conn_of(struct evhttp_request *request)
{
	struct evhttp_connection *http = evhttp_request_get_connection(request);
	struct bufferevent *bev = http ? evhttp_connection_get_bufferevent(http) : NULL;
	SSL *ssl = bev ? bufferevent_openssl_get_ssl(bev) : NULL;

	return ssl ? SSL_get_ex_data(ssl, slot) : NULL;
}

void conn_served(struct evhttp_request *request)
{
	struct conn *c = conn_of(request);

	if (!c || !c->waits)
		return;
	c->waits = false;
	TAILQ_REMOVE(&waiting, c, link);
	event_del(c->deadline);
}

void conn_waits(struct evhttp_request *request)
{
	struct conn *c = conn_of(request);

	if (c)
		wait_from_now(c, idle);
}
