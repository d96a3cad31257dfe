/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standard output and error of the worlds. Each start makes one pipe; its
 * reading end goes to the logger by SCM_RIGHTS with the line "NAME PID". The
 * supervisor keeps a copy, so that a world never gets SIGPIPE while the logger
 * is away, and hands it to the next logger with all that is in it.
 */
#ifndef SUPERVISOR_OUTPUT_H
#define SUPERVISOR_OUTPUT_H

#include "world.h"

#define OUTPUT_SOCKET "/run/vmklogger.sock"

/* Connects to the logger if it is not, and hands it all outputs then. */
void output_connect(struct table *t);

/* Hands one world's output over, if the logger is there. */
void output_hand_over(struct table *t, struct world *w);

/* The logger has gone. */
void output_lost(struct table *t);

#endif
