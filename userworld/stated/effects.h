/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to happen beside the file when a state file changes under a running host: some are
 * read again at once, others only by a service that is started again. A table of paths.
 */
#ifndef STATED_EFFECTS_H
#define STATED_EFFECTS_H

#include <stdbool.h>

#include "err.h"

#define EFFECTS_MAX 16

struct effects {
	unsigned int run; /* bits: entries of the table */
};

/* Notes what a path asks for. */
void effects_of(struct effects *x, const char *path);

/* Does what can be done at once; what fails is logged. */
void effects_run(const struct effects *x);

/* Names of services that have to be restarted by the operator, allocated; "" if none. */
char *effects_services(const struct effects *x);

/*
 * Ramdisks as the text of /etc/ramdisks says: those that are there get these caps, others are
 * made. All lines are tried; the first failure is returned.
 */
int effects_ramdisks(const char *text, struct err *e);

#endif
