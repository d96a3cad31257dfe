/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says when a world's limits bite: soft or hard memory limit met, forks refused,
 * CPU time cut short. The kernel tells of the first three; for the last, worlds
 * with a CPU limit are looked at every LIMITS_PERIOD while they run. At most one
 * set of lines per world in that time, with numbers.
 */
#ifndef SUPERVISOR_LIMITS_H
#define SUPERVISOR_LIMITS_H

#include "world.h"

#define LIMITS_PERIOD 10000 /* milliseconds */

/* For a world whose pool is there; failures are logged. */
void limits_watch(struct table *t, struct world *w);
void limits_unwatch(struct world *w);

/* One of its files has changed. */
void limits_changed(struct table *t, struct world *w);

/* Tells what is due; the time of the next look, CLOCK_BOOTTIME ms, or 0. */
int64_t limits_settle(struct table *t);

#endif
