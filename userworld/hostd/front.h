/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The side that speaks HTTP: in the network process with the whole world, in the executor with
 * root on the local socket. One event loop that never waits.
 */
#ifndef HOSTD_FRONT_H
#define HOSTD_FRONT_H

#include <event2/event.h>
#include <event2/http.h>
#include <stdbool.h>

#include "ask.h"

#define HEADERS_MAX (16u << 10) /* bytes of a request's headers */
#define BODY_MAX (256u << 10)	/* bytes of any body: a piece of an upload */
#define JSON_MAX (64u << 10)	/* bytes of a JSON body */

struct front {
	struct event_base *base;
	struct evhttp *http;
	bool local;  /* peers are root on this host, or refused */
	bool ending; /* no new requests */
	/* Asks the executor; what it is given may go when it returns. */
	void (*ask)(void *executor, const struct ask *ask, const struct asker *to);
	void *executor;
};

/* A server for HTTP that gives its requests to f. Ends the process for lack of memory. */
struct evhttp *front_http(struct front *f);

/* Entry of all requests. */
void front_request(struct evhttp_request *request, void *front);

#endif
