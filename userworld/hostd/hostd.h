/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostd: the management agent. One process, one event loop that never waits:
 * whatever may take longer than 50 ms (CORE_SLOW) runs in a worker process.
 */
#ifndef HOSTD_HOSTD_H
#define HOSTD_HOSTD_H

#include <event2/event.h>
#include <event2/http.h>
#include <openssl/ssl.h>
#include <stdbool.h>

#include "err.h"
#include "session.h"

#define HOSTD_SOCKET "/run/hostd.sock"
#define HOSTD_RELEASE "/etc/visoros-release"

#define HEADERS_MAX (16u << 10) /* bytes of a request's headers */
#define BODY_MAX (256u << 10)	/* bytes of any body: a piece of an upload */
#define JSON_MAX (64u << 10)	/* bytes of a JSON body */

struct hostd {
	struct event_base *base;
	SSL_CTX *tls;
	struct evhttp *https;
	struct evhttp *local;
	struct sessions sessions;
	unsigned char key[32]; /* of this process: turns Basic credentials into tokens */
	bool development;      /* login without a password while none is set */
	bool ending;	       /* no new requests */
	bool settling;	       /* a worker looks after a change of bundles */
	int port;	       /* of HTTPS, for the redirection */
};

/* Entry of all requests, from the network and from the local socket. */
void hostd_request(struct evhttp_request *request, void *hostd);

#endif
