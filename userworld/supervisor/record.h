/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the next supervisor must know of a world: RUN_DIR/NAME.pid holds the
 * main process while there is one, NAME.mark says "done" or "down" for worlds
 * that must not be started again although autostart says so.
 */
#ifndef SUPERVISOR_RECORD_H
#define SUPERVISOR_RECORD_H

#include "world.h"

enum mark { MARK_NONE, MARK_DONE, MARK_DOWN };

/* Failures (the ramdisk may be full) are logged; the world goes on. */
void record_pid(const struct table *t, const struct world *w);
void record_mark(const struct table *t, const struct world *w, enum mark mark);

pid_t record_read_pid(const struct table *t, const char *name);
enum mark record_read_mark(const struct table *t, const char *name);

#endif
