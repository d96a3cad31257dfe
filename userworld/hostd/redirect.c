// SPDX-License-Identifier: Apache-2.0
/* Port 80: one small request, one small answer, good-bye. */
#include "redirect.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "listen.h"
#include "log.h"

struct client {
	struct bufferevent *bev;
	struct event *deadline;
};

static struct evconnlistener *door;
static int target_port;
static int clients;

static void end(struct client *c)
{
	bufferevent_free(c->bev);
	event_free(c->deadline);
	free(c);
	if (clients-- == REDIRECT_CLIENTS)
		evconnlistener_enable(door);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	end(arg);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	end(arg);
}

static void on_written(struct bufferevent *bev, void *arg)
{
	(void)bev;
	end(arg);
}

static void on_read(struct bufferevent *bev, void *arg)
{
	struct evbuffer *input = bufferevent_get_input(bev);
	struct evbuffer_ptr end_of_head = evbuffer_search(input, "\r\n\r\n", 4, NULL);
	char head[REDIRECT_MAX + 1], answer[REDIRECT_MAX + 512];
	ev_ssize_t len;

	if (end_of_head.pos < 0) {
		if (evbuffer_get_length(input) >= REDIRECT_MAX)
			end(arg);
		return;
	}
	len = evbuffer_copyout(input, head, REDIRECT_MAX);
	head[len < 0 ? 0 : len] = '\0';
	bufferevent_disable(bev, EV_READ);
	bufferevent_setcb(bev, NULL, on_written, on_event, arg);
	bufferevent_write(bev, answer, redirect_answer(head, target_port, answer, sizeof(answer)));
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer,
		      int len, void *base)
{
	struct timeval limit = { .tv_sec = REDIRECT_SECONDS };
	struct client *c = calloc(1, sizeof(*c));

	(void)peer, (void)len;
	if (!c || !(c->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE)) ||
	    !(c->deadline = event_new(base, -1, 0, on_deadline, c)))
		log_fatalx("out of memory");
	bufferevent_setcb(c->bev, on_read, NULL, on_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	event_add(c->deadline, &limit);
	if (++clients == REDIRECT_CLIENTS)
		evconnlistener_disable(listener);
}

void redirect_start(struct event_base *base, int fd, int https_port)
{
	target_port = https_port;
	door = listen_on(base, fd);
	if (!door)
		log_fatalx("listen on the port for HTTP failed");
	evconnlistener_set_cb(door, on_accept, base);
}
