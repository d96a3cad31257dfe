/* SPDX-License-Identifier: Apache-2.0 */
/* What the watcher sees of the host. */
#ifndef BOOTWATCH_LOOK_H
#define BOOTWATCH_LOOK_H

#include "judge.h"
#include "userworld/bank/trial.h"

/* Looks at network, hostd and userworlds; *worlds is the caller's to free. */
void look(struct sight *s, struct world_info **worlds);

/* Puts the end of the log into the record, from the beginning of a line. */
void look_at_log(struct trial *t, const char *path);

/* Runs a program that has to be done within seconds. 0 if it ended with 0. */
int run_within(const char *const *argv, unsigned int seconds);

#endif
