/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Health probes: a command that says by its exit status whether a world that
 * runs also does its work. When it fails so many times in a row, or does not
 * end in time, the world is restarted. Probes run in a pool of their own.
 */
#ifndef SUPERVISOR_PROBE_H
#define SUPERVISOR_PROBE_H

#include "world.h"

#define PROBE_POOL "host/system/probe"

/* The world has come into another state: a probe of the old one counts no more. */
void probe_state(struct table *t, struct world *w);

/* The command has ended. */
void probe_ended(struct table *t, struct world *w);

/* Starts and ends what is due; the time of the next, CLOCK_BOOTTIME ms, or 0. */
int64_t probe_settle(struct table *t);

#endif
