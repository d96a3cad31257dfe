// SPDX-License-Identifier: Apache-2.0
/* The userworlds that a bundle brings, through the supervisor. */
#include "services.h"

#include <stdbool.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/core/internal.h"
#include "log.h"

int bundle_services_reload(struct err *e)
{
	char socket[CORE_PATH_MAX];

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	return world_reload(socket, e);
}

bool bundle_services_held(const json_t *held, const char *name)
{
	json_t *item;
	size_t i;

	json_array_foreach (held, i, item)
		if (!strcmp(json_string_value(item), name))
			return true;
	return false;
}

void bundle_services_down(const struct world_info *list, size_t n,
			  const struct bundle_descriptor *d, json_t *held)
{
	for (size_t i = 0; i < d->services.n; i++)
		for (size_t k = 0; k < n; k++)
			if (!strcmp(list[k].name, d->services.items[i]) &&
			    !strcmp(list[k].state, "down"))
				json_array_append_new(held, json_string(list[k].name));
}

int bundle_services_hold(const struct bundle_descriptor *d, json_t *held, struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	char socket[CORE_PATH_MAX];
	size_t n = 0;

	if (d->services.n == 0)
		return 0;
	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0 ||
	    world_list(socket, &list, &n, e) < 0)
		return -1;
	bundle_services_down(list, n, d, held);
	return 0;
}

int bundle_services_start(const struct bundle_descriptor *d, const json_t *held, struct err *e)
{
	char socket[CORE_PATH_MAX];

	if (d->services.n == 0)
		return 0;
	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0 || bundle_services_reload(e) < 0)
		return -1;
	for (size_t i = 0; i < d->services.n; i++) {
		struct err fault = ERR_INIT;

		/* The reload may have started it already. */
		if (!bundle_services_held(held, d->services.items[i]) &&
		    world_start(socket, d->services.items[i], &fault) < 0 &&
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

int bundle_services_pause(const struct bundle_descriptor *d, json_t *paused, struct err *e)
{
	char socket[CORE_PATH_MAX];
	struct err fault = ERR_INIT;

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	for (size_t i = 0; i < d->services_stop.n; i++) {
		if (world_stop(socket, d->services_stop.items[i], &fault) == 0) {
			json_array_append_new(paused, json_string(d->services_stop.items[i]));
		} else if (fault.kind != ERR_CONFLICT && fault.kind != ERR_NOT_FOUND) {
			if (e)
				*e = fault;
			return err_wrap(e, "service %s", d->services_stop.items[i]);
		}
	}
	return 0;
}

void bundle_services_resume(json_t *paused)
{
	char socket[CORE_PATH_MAX];
	struct err e = ERR_INIT;

	if (core_path(socket, &e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return;
	for (size_t i = json_array_size(paused); i-- > 0;) {
		const char *name = json_string_value(json_array_get(paused, i));

		if (name && world_start(socket, name, &e) < 0 && e.kind != ERR_CONFLICT)
			log_warnx("service %s: not started again: %s", name, e.text);
	}
	json_array_clear(paused);
}

static bool is_up(const struct world_info *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return list[i].pid > 0;
	return false;
}

void bundle_services_refresh(const struct bundle_descriptor *d)
{
	_cleanup_free_ struct world_info *list = NULL;
	char socket[CORE_PATH_MAX];
	struct err e = ERR_INIT;
	size_t n = 0;

	if (d->services_restart.n == 0)
		return;
	if (core_path(socket, &e, CORE_RUN, WORLDCTL_SOCKET) < 0 ||
	    world_list(socket, &list, &n, &e) < 0) {
		log_warnx("services to restart: %s", e.text);
		return;
	}
	for (size_t i = 0; i < d->services_restart.n; i++)
		if (is_up(list, n, d->services_restart.items[i]) &&
		    world_restart(socket, d->services_restart.items[i], &e) < 0)
			log_warnx("service %s: not restarted: %s", d->services_restart.items[i],
				  e.text);
}
