/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maintenance mode: what the host is there for does not run, so that bundles come
 * and go which must not under it (bundle(5), maintenance_mode). Entering it stops
 * the userworlds of the pools below host/user, leaving it starts them again. It
 * ends with the host: a file in /run.
 */
#ifndef VISOR_CORE_SYSTEM_MAINTENANCE_H
#define VISOR_CORE_SYSTEM_MAINTENANCE_H

#include <jansson.h>
#include <stdbool.h>

#include "worldctl.h"

#define MAINTENANCE_FILE "/run/visoros/maintenance.json" /* what was stopped */

/* Is the host in it? */
bool host_in_maintenance(void);

/* Pure: the names of the n worlds that are to be stopped; a new reference. */
json_t *maintenance_choose(const struct world_info *list, size_t n);

#endif
