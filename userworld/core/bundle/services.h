/* SPDX-License-Identifier: Apache-2.0 */
/* The userworlds that a bundle brings. */
#ifndef VISOR_CORE_BUNDLE_SERVICES_H
#define VISOR_CORE_BUNDLE_SERVICES_H

#include <jansson.h>
#include <stdbool.h>

#include "err.h"
#include "tardisk/descriptor.h"
#include "worldctl.h"

/*
 * Makes the supervisor read its folder and starts the services in their order,
 * but not those named in held.
 */
int bundle_services_start(const struct bundle_descriptor *d, const json_t *held, struct err *e);

/*
 * Adds to held which of the services are down because somebody wanted them so: a
 * change of the bundle does not start them.
 */
int bundle_services_hold(const struct bundle_descriptor *d, json_t *held, struct err *e);

/* Pure: the same, of the supervisor's list. */
void bundle_services_down(const struct world_info *list, size_t n,
			  const struct bundle_descriptor *d, json_t *held);

/* Is that service one of them? */
bool bundle_services_held(const json_t *held, const char *name);

/* Stops them in the opposite order. One that is not running or not known is no failure. */
int bundle_services_stop(const struct bundle_descriptor *d, struct err *e);

/*
 * What d->services_stop names goes down; the names of those that were up are
 * added to the list, on failure as well. One that is down or not known stays so.
 */
int bundle_services_pause(const struct bundle_descriptor *d, json_t *paused, struct err *e);

/* Starts them again, in the opposite order, and empties the list. Failures are logged. */
void bundle_services_resume(json_t *paused);

/* Restarts what d->services_restart names, as far as it is up. Failures are logged. */
void bundle_services_refresh(const struct bundle_descriptor *d);

/* Makes the supervisor forget services whose files are gone. */
int bundle_services_reload(struct err *e);

#endif
