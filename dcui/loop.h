/* SPDX-License-Identifier: Apache-2.0 */
/* The main loop: terminal, signals, time and calls in progress. */
#ifndef DCUI_LOOP_H
#define DCUI_LOOP_H

#include "dcui/driver.h"
#include "dcui/line.h"

struct loop_options {
	const char *tty;  /* NULL: the controlling terminal */
	const char *type; /* NULL: find out */
	bool ascii, mono;
};

/* Runs until the operator leaves, a signal ends it, or the terminal is gone. */
int loop_run(struct driver *d, const struct loop_options *options, struct err *e);

#endif
