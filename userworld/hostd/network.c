// SPDX-License-Identifier: Apache-2.0
/* The network process. */
#include "network.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <unistd.h>

#include "conn.h"
#include "follow.h"
#include "front.h"
#include "listen.h"
#include "log.h"
#include "redirect.h"
#include "sandbox.h"
#include "tls.h"
#include "userworld/core/core.h"
#include "wire.h"

#define LAST_WORDS 300000 /* microseconds for answers on their way when the executor has gone */

/* An ask that was sent and has no end yet. */
struct pending {
	LIST_ENTRY(pending) link;
	uint32_t id;
	struct asker to;
};

static struct {
	struct front front;
	struct wire *wire;
	LIST_HEAD(, pending) asked[64];
	uint32_t last;
	int https_port, connections;
	bool gone;	/* the executor */
	bool redirects; /* NETWORK_HTTP is there */
} net;

static struct pending *find(uint32_t id)
{
	struct pending *p;

	LIST_FOREACH(p, &net.asked[id % 64], link)
	if (p->id == id)
		return p;
	return NULL;
}

static void send_ask(void *executor, const struct ask *ask, const struct asker *to)
{
	json_t *message = ask_pack(ask);
	struct pending *p = message ? malloc(sizeof(*p)) : NULL;
	struct err e = ERR_INIT;

	(void)executor;
	if (p) {
		p->id = ++net.last;
		p->to = *to;
		LIST_INSERT_HEAD(&net.asked[p->id % 64], p, link);
	}
	if (!p || wire_send(net.wire, p->id, ask->type, message, -1) < 0) {
		if (p)
			LIST_REMOVE(p, link);
		free(p);
		err_set(&e, message ? ERR_UNAVAILABLE : ERR_USAGE,
			message ? "hostd is starting again; try again"
				: "the request is not UTF-8");
		asker_fail(to, 0, &e);
	}
	json_decref(message);
}

static void take_end(uint32_t id, json_t *message)
{
	struct pending *p = find(id);
	struct outcome outcome = { 0 };
	struct err e = ERR_INIT;
	const char *kind, *text;

	if (!p)
		return;
	LIST_REMOVE(p, link);
	outcome.result = json_object_get(message, "result");
	outcome.task = json_is_true(json_object_get(message, "task"));
	outcome.status = (int)json_integer_value(json_object_get(message, "status"));
	if (!outcome.result) {
		kind = json_string_value(json_object_get(message, "kind"));
		text = json_string_value(json_object_get(message, "text"));
		err_set(&e, err_kind_from_name(kind ?: ""), "%s", text ?: "");
		outcome.e = &e;
	}
	p->to.end(p->to.context, &outcome);
	free(p);
}

static void take_open(uint32_t id, int fd, const json_t *task)
{
	struct pending *p = find(id);

	if (p && p->to.open)
		p->to.open(p->to.context, fd, json_string_value(task) ?: "");
	else
		close(fd);
}

static void start_https(void)
{
	struct evconnlistener *door = listen_on(net.front.base, NETWORK_HTTPS);

	if (!door)
		log_fatalx("listen on the port for HTTPS failed");
	conn_init(door, net.connections);
	net.front.http = front_http(&net.front);
	evhttp_set_bevcb(net.front.http, conn_new, NULL);
	if (!evhttp_bind_listener(net.front.http, door))
		log_fatalx("out of memory");
	if (net.redirects)
		redirect_start(net.front.base, NETWORK_HTTP, net.https_port);
}

/* The first one opens the doors; a later one brings another certificate. */
static void take_hello(json_t *message)
{
	const char *cert = json_string_value(json_object_get(message, "cert"));
	const char *key = json_string_value(json_object_get(message, "key"));
	bool clients = json_is_true(json_object_get(message, "clients"));
	struct err e = ERR_INIT;
	SSL_CTX *tls = cert && key ? tls_server(cert, key, clients, &e) : NULL;

	if (!tls) {
		log_err(&e);
		if (!net.front.http)
			exit(1);
		return;
	}
	conn_tls(tls);
	if (!net.front.http)
		start_https();
}

static void take(void *context, const struct wire_head *head, json_t *message, int fd)
{
	(void)context;
	switch (head->type) {
	case WIRE_HELLO:
		take_hello(message);
		break;
	case WIRE_OPEN:
		take_open(head->id, fd, message);
		return;
	case WIRE_END:
		take_end(head->id, message);
		break;
	case WIRE_NEWS:
		follow_news(json_string_value(message) ?: "");
		break;
	case WIRE_ENDING:
		net.front.ending = true;
		break;
	default:
		break;
	}
	if (fd >= 0)
		close(fd);
}

static void lost(void *context, const char *text)
{
	const struct timeval limit = { .tv_usec = LAST_WORDS };

	(void)context, (void)text;
	net.gone = true;
	event_base_loopexit(net.front.base, &limit);
}

static void tell_log(int severity, const char *text)
{
	json_t *message = json_pack("{s:i, s:s}", "severity", severity, "text", text);

	if (message && !net.gone)
		wire_send(net.wire, 0, WIRE_LOG, message, -1);
	json_decref(message);
}

int network_main(const char *empty, int idle, int connections, int https_port)
{
	const struct core_config config = { 0 };
	struct err e = ERR_INIT;

	prctl(PR_SET_NAME, "hostd-network");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN); /* of a terminal: the executor ends us */
	net.https_port = https_port;
	net.connections = connections;
	net.redirects = fcntl(NETWORK_HTTP, F_GETFD) >= 0; /* before its number is used again */
	conn_limit(idle);
	if (core_init(&config, &e) < 0 || !(net.front.base = event_base_new()))
		return 1;
	net.wire = wire_new(net.front.base, NETWORK_WIRE, WIRE_ANSWER_MAX, true, take, lost, NULL);
	if (!net.wire)
		return 1;
	log_to(tell_log);
	net.front.ask = send_ask;
	tls_prepare();
	if (sandbox_enter(empty, &e) < 0) {
		log_err(&e);
		return 1;
	}
	event_base_dispatch(net.front.base);
	return 0;
}
