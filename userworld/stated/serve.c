// SPDX-License-Identifier: Apache-2.0
/* A line of JSON in, a line of JSON out; root only. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "unixsock.h"
#include "userworld/stated/stated.h"

#define LINE_MAX_BYTES 65536
#define PATIENCE 10 /* seconds for a client to ask and to take its answer */

static void on_end(struct bufferevent *client, short what, void *arg)
{
	(void)what, (void)arg;
	bufferevent_free(client);
}

/* The answer is out: nothing else is wanted of this connection. */
static void on_written(struct bufferevent *client, void *arg)
{
	(void)arg;
	bufferevent_free(client);
}

static json_t *answer_of(struct stated *s, const char *line)
{
	json_t *request = json_loads(line, 0, NULL), *result = NULL, *answer;
	const char *op = json_string_value(json_object_get(request, "op"));
	struct err e = ERR_INIT;
	int rc = op ? serve_request(s, op, request, &result, &e)
		    : err_set(&e, ERR_USAGE, "a request is an object with op");

	json_decref(request);
	if (rc == 0)
		return json_pack("{s:o}", "result", result ? result : json_null());
	json_decref(result);
	answer = json_pack("{s:{s:s, s:s}}", "error", "kind", err_name(e.kind), "text", e.text);
	return answer;
}

static void on_line(struct bufferevent *client, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(client);
	char *line = evbuffer_readln(in, NULL, EVBUFFER_EOL_LF);
	json_t *answer;
	char *text;

	if (!line) {
		if (evbuffer_get_length(in) > LINE_MAX_BYTES)
			bufferevent_free(client);
		return;
	}
	bufferevent_disable(client, EV_READ);
	answer = answer_of(arg, line);
	/* It may have taken longer than the client has to take the answer: that begins now. */
	event_base_update_cache_time(bufferevent_get_base(client));
	free(line);
	text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
	json_decref(answer);
	if (!text) {
		bufferevent_free(client);
		return;
	}
	bufferevent_setcb(client, NULL, on_written, on_end, arg);
	evbuffer_add(bufferevent_get_output(client), text, strlen(text));
	evbuffer_add(bufferevent_get_output(client), "\n", 1);
	bufferevent_enable(client, EV_WRITE);
	free(text);
}

static void on_client(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
		      int len, void *arg)
{
	const struct timeval patience = { .tv_sec = PATIENCE };
	struct stated *s = arg;
	struct bufferevent *client = bufferevent_socket_new(s->base, fd, BEV_OPT_CLOSE_ON_FREE);

	(void)listener, (void)from, (void)len;
	if (!client) {
		evutil_closesocket(fd);
		return;
	}
	bufferevent_set_timeouts(client, &patience, &patience);
	bufferevent_setcb(client, on_line, NULL, on_end, s);
	bufferevent_enable(client, EV_READ);
}

int serve_start(struct stated *s, const char *path, struct err *e)
{
	int fd = unixsock_listen(path, SOCK_STREAM, 8, e);

	if (fd < 0)
		return -1;
	if (!evconnlistener_new(s->base, on_client, s,
				LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd))
		return err_set(e, ERR_NO_SPACE, "out of memory");
	return 0;
}
