/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections from the network: how many, how long, how much they may hold.
 *
 * A connection waits (handshake, headers and body, or idle between requests)
 * or is served. It may wait CONN_FIRST seconds for its first and CONN_IDLE for
 * each further request to be complete, however busily it trickles. Being served
 * may take any time: an install waits for its trial. When as many are open as may be, the
 * one that waits longest makes room for the next. All together may have sent
 * CONN_BUFFER bytes that are not a complete request; beyond that those are
 * closed that have sent most.
 */
#ifndef HOSTD_CONN_H
#define HOSTD_CONN_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <openssl/ssl.h>
#include <stdint.h>

#define CONN_LEAST 256
#define CONN_MOST 2048		      /* SANDBOX_FILES has room for them */
#define CONN_FIRST 20		      /* seconds */
#define CONN_IDLE 60		      /* seconds */
#define CONN_BUFFER ((size_t)4 << 20) /* bytes */

/*
 * How many connections a host of so many bytes of memory holds. Each takes some 23 KiB, the
 * kernel's part included: all of them together an eighth of what is beyond the first 64 MiB. Pure.
 */
int conn_most(uint64_t memory);

/* Once, with the listener that is held back while no connection can make room. */
void conn_init(struct evconnlistener *listener, int most);

/* Certificate and key of connections from now on; tls is taken. Before the first one. */
void conn_tls(SSL_CTX *tls);

/* Tests have no time for CONN_IDLE: another number of seconds, before all else. */
void conn_limit(int seconds);

/* The same for connections of the local socket, on which nothing moves. */
void conn_watch(struct evhttp *http);

/* For evhttp_set_bevcb(): a bufferevent for a connection being accepted. */
struct bufferevent *conn_new(struct event_base *base, void *unused);

/* The request's connection is served, or waits for the next one. */
void conn_served(struct evhttp_request *request);
void conn_waits(struct evhttp_request *request);

#endif
