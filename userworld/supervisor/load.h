/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the table in line with the config folder. */
#ifndef SUPERVISOR_LOAD_H
#define SUPERVISOR_LOAD_H

#include "world.h"

/*
 * Reads every NAME.conf of the folder. New worlds are added and, with
 * autostart, started; known ones get their new limits at once and the rest at
 * their next start; those whose file has gone are stopped and forgotten. A
 * file that is refused is logged, and a world it describes stays as it was.
 * Returns how many files were refused, or -1 if the folder cannot be read.
 */
int load_worlds(struct table *t, struct err *e);

/* Reads and checks a folder without running anything: all complaints to stderr. */
int load_check(const char *dir, struct err *e);

#endif
