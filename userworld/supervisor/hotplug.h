/* SPDX-License-Identifier: Apache-2.0 */
/* Memory, CPUs and disks that are plugged in or taken out while the host runs: contracts follow. */
#ifndef SUPERVISOR_HOTPLUG_H
#define SUPERVISOR_HOTPLUG_H

#include "world.h"

/* Reads what there is, and has changes told. A kernel that tells nothing is no failure. */
int hotplug_open(struct table *t, struct err *e);
void hotplug_event(struct table *t, int fd);

#endif
