/* SPDX-License-Identifier: Apache-2.0 */
/* What a request brings to show who makes it. */
#ifndef HOSTD_PROOF_H
#define HOSTD_PROOF_H

#include <event2/http.h>

#include "ask.h"

#define PROOF_COOKIE "visoros_session"

/*
 * Bearer token, Basic credentials or cookie, in this order. Returns false if a browser was made
 * to send the request by another site: its cookie came along, but the Origin is not this host.
 */
bool proof_take(struct evhttp_request *request, struct proof *p);

/*
 * Without any of these: the certificate that the client has shown by TLS, if it was asked for one.
 * Allocated, to be freed behind the proof. False as above: a browser shows it by itself.
 */
bool proof_take_certificate(struct evhttp_request *request, struct proof *p, char **text);

/* Is the peer root on this host, over a unix socket? */
bool proof_is_local(struct evhttp_request *request);

/* The address of the peer, "" if it has none. */
void proof_from(struct evhttp_request *request, char from[static ASK_FROM_MAX + 1]);

#endif
