/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds events to the state table and does what it says. */
#ifndef SUPERVISOR_ENGINE_H
#define SUPERVISOR_ENGINE_H

#include "world.h"

/* 0, or ERR_CONFLICT if the event means nothing in the world's state. */
int engine_feed(struct table *t, struct world *w, enum world_event event, struct err *e);

/* Sets the world's deadline anew, counted from now: its state or its config is another. */
void engine_deadline(struct table *t, struct world *w);

/* ERR_CONFLICT with the reason if the world's own conditions are not met. */
int engine_conditions(const struct table *t, const struct world *w, struct err *e);

/* Descriptors have something to say. */
void engine_main_ended(struct table *t, struct world *w);
void engine_pool_changed(struct table *t, struct world *w);
void engine_ready(struct table *t, struct world *w);

/* Fires deadlines that have passed, starts worlds whose turn it is, forgets retired ones. */
void engine_settle(struct table *t);

/* The next deadline, CLOCK_BOOTTIME ms, or 0. */
int64_t engine_next_deadline(const struct table *t);

/* Begins the orderly end. True from engine_all_down() when it is reached. */
void engine_shutdown(struct table *t);
bool engine_all_down(const struct table *t);

#endif
