// SPDX-License-Identifier: Apache-2.0
/* The userworlds that a bundle brings, through the supervisor. */
#include "bundle_services.h"

#include "internal.h"
#include "worldctl.h"

int bundle_services_reload(struct err *e)
{
	char socket[CORE_PATH_MAX];

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	return world_reload(socket, e);
}

int bundle_services_start(const struct bundle_descriptor *d, struct err *e)
{
	char socket[CORE_PATH_MAX];

	if (d->services.n == 0)
		return 0;
	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0 || bundle_services_reload(e) < 0)
		return -1;
	for (size_t i = 0; i < d->services.n; i++) {
		struct err fault = ERR_INIT;

		/* The reload may have started it already. */
		if (world_start(socket, d->services.items[i], &fault) < 0 &&
		    fault.kind != ERR_CONFLICT) {
			if (e)
				*e = fault;
			return err_wrap(e, "service %s", d->services.items[i]);
		}
	}
	return 0;
}

int bundle_services_stop(const struct bundle_descriptor *d, struct err *e)
{
	char socket[CORE_PATH_MAX];

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	for (size_t i = d->services.n; i-- > 0;) {
		struct err fault = ERR_INIT;

		if (world_stop(socket, d->services.items[i], &fault) < 0 &&
		    fault.kind != ERR_CONFLICT && fault.kind != ERR_NOT_FOUND) {
			if (e)
				*e = fault;
			return err_wrap(e, "service %s", d->services.items[i]);
		}
	}
	return 0;
}
