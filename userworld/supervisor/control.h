/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket: one line in, text out, closed. Answers to start, stop and
 * restart wait until the world got there. docs/man/supervisor.8 is the reference.
 */
#ifndef SUPERVISOR_CONTROL_H
#define SUPERVISOR_CONTROL_H

#include "world.h"

/* Binds and watches the socket. Its old file, if any, is replaced. */
int control_open(struct table *t, const char *path, struct err *e);

void control_accept(struct table *t, int listener);
void control_input(struct table *t, unsigned int client);

/* Answers those whose world has got where it was sent. */
void control_settle(struct table *t);

#endif
