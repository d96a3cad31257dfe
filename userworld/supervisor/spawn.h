/* SPDX-License-Identifier: Apache-2.0 */
/* Starts a world's main process inside its pool. */
#ifndef SUPERVISOR_SPAWN_H
#define SUPERVISOR_SPAWN_H

#include "world.h"

/*
 * Essential worlds are the last that the kernel's OOM killer would take. Not
 * -1000: one that exceeds its own pool must still be ended, and started again.
 */
#define OOM_SCORE_ESSENTIAL (-999)
#define OOM_SCORE_OTHER 500

/*
 * Sets w->pid, pidfd, output and ready, and watches what needs watching. On
 * failure nothing runs. A program that cannot be executed is no failure here:
 * the process says why on its standard error and ends with 127.
 */
int spawn(struct table *t, struct world *w, struct err *e);

/*
 * For children that are no worlds: a process with a descriptor of its own, and
 * what it begins with (signals as usual, a session of its own).
 */
pid_t spawn_fork(int *pidfd);
void spawn_fresh(void);

/*
 * The main process has ended: closes what belonged to it, except its output,
 * which may still hold words for a logger that is away.
 */
void spawn_ended(struct world *w);

/* Closes that, too. */
void spawn_forget(struct world *w);

#endif
