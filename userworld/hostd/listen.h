/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets. */
#ifndef HOSTD_LISTEN_H
#define HOSTD_LISTEN_H

#include <event2/event.h>
#include <event2/listener.h>

#include "err.h"

#define BACKLOG 128 /* connections that may wait to be accepted */

/* A socket that listens on a TCP port of all IPv4 and IPv6 addresses; port 0 picks one. -1 on
 * failure. */
int listen_bind(int port, struct err *e);

/* The port that it has got. */
int listen_port(int fd);

/* Accepts what comes there; NULL on failure. Without a callback yet. */
struct evconnlistener *listen_on(struct event_base *base, int fd);

#endif
