/* SPDX-License-Identifier: Apache-2.0 */
/* A world that a supervisor before this one has started and that still runs. */
#ifndef SUPERVISOR_ADOPT_H
#define SUPERVISOR_ADOPT_H

#include "world.h"

/*
 * If the world's pool has processes: takes it over as running when its main
 * process is known and among them, else has the rest killed and starts anew.
 * Does nothing when the pool is empty or does not exist.
 */
void adopt(struct table *t, struct world *w);

#endif
