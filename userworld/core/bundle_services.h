/* SPDX-License-Identifier: Apache-2.0 */
/* The userworlds that a bundle brings. */
#ifndef VISOR_CORE_BUNDLE_SERVICES_H
#define VISOR_CORE_BUNDLE_SERVICES_H

#include "err.h"
#include "tardisk/descriptor.h"

/* Makes the supervisor read its folder and starts the services in their order. */
int bundle_services_start(const struct bundle_descriptor *d, struct err *e);

/* Stops them in the opposite order. One that is not running or not known is no failure. */
int bundle_services_stop(const struct bundle_descriptor *d, struct err *e);

/* Makes the supervisor forget services whose files are gone. */
int bundle_services_reload(struct err *e);

#endif
