/* SPDX-License-Identifier: Apache-2.0 */
/* Port 80: tells every client to come back over TLS. */
#ifndef HOSTD_REDIRECT_H
#define HOSTD_REDIRECT_H

#include <event2/event.h>
#include <stddef.h>

#define REDIRECT_MAX 4096   /* bytes of a request */
#define REDIRECT_SECONDS 5  /* for a whole connection */
#define REDIRECT_CLIENTS 32 /* at the same time; further ones wait */

/* Listens on a bound socket; https_port is where clients are sent. */
void redirect_start(struct event_base *base, int fd, int https_port);

/*
 * Pure: the answer to a request's head, into out: 301 to the same path of the
 * same host, or 400 for what is no HTTP request with a decent Host. Returns its length.
 */
size_t redirect_answer(const char *head, int https_port, char *out, size_t size);

#endif
