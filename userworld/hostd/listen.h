/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets. */
#ifndef HOSTD_LISTEN_H
#define HOSTD_LISTEN_H

#include <event2/event.h>
#include <event2/listener.h>

#include "err.h"

#define BACKLOG 128 /* connections that may wait to be accepted */

/* A TCP port of all IPv4 and IPv6 addresses; port 0 picks one. NULL on failure. */
struct evconnlistener *listen_tcp(struct event_base *base, int port, struct err *e);

/* The port a listener has got. */
int listen_port(struct evconnlistener *listener);

#endif
