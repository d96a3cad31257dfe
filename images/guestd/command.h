/* SPDX-License-Identifier: Apache-2.0 */
/* One shell command with its pipes. */
#ifndef GUESTD_COMMAND_H
#define GUESTD_COMMAND_H

#include "err.h"

/*
 * Runs line with /bin/sh, in a session of its own, until the shell ends: what
 * it leaves in the background goes on, but its later output is lost. Meanwhile
 * reads frames of input from port and writes frames of output, at last the
 * status. -1 means that the port is of no use any more; the command is dead.
 */
int command_run(int port, const char *line, struct err *e);

#endif
