// SPDX-License-Identifier: Apache-2.0
/* system.service: the userworlds that the supervisor looks after. */
#include "cleanup.h"
#include "userworld/core/account/lockdown.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "worldctl.h"

static json_t *pack_world(const struct world_info *w)
{
	return json_pack("{s:s, s:s, s:I, s:I, s:b, s:s, s:s, s:I}", "name", w->name, "state",
			 w->state, "pid", (json_int_t)w->pid, "restarts", (json_int_t)w->restarts,
			 "essential", w->essential, "policy", w->autostart ? "on" : "off", "pool",
			 w->pool, "since", (json_int_t)w->since);
}

static int supervisor(char socket[static CORE_PATH_MAX], struct err *e)
{
	return core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET);
}

/* A supervisor that does not run reads everything when it starts. */
static int now_or_later(int rc, const struct err *fault, struct err *e)
{
	if (rc == 0 || fault->kind == ERR_UNAVAILABLE)
		return 0;
	if (e)
		*e = *fault;
	return -1;
}

int core_reload_worlds(struct err *e)
{
	char socket[CORE_PATH_MAX];
	struct err fault = ERR_INIT;

	if (supervisor(socket, e) < 0)
		return -1;
	return now_or_later(world_reload(socket, &fault), &fault, e);
}

int core_restart_world(const char *name, struct err *e)
{
	char socket[CORE_PATH_MAX];
	struct err fault = ERR_INIT;

	if (supervisor(socket, e) < 0)
		return -1;
	return now_or_later(world_restart(socket, name, &fault), &fault, e);
}

static int service_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	char socket[CORE_PATH_MAX];
	json_t *rows;
	size_t count;

	(void)params;
	if (supervisor(socket, e) < 0 || world_list(socket, &list, &count, e) < 0)
		return -1;
	rows = json_array();
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(rows, pack_world(&list[i])) < 0) {
			json_decref(rows);
			return core_nomem(e);
		}
	return core_give(result, rows, e);
}

static int order(json_t *params, int (*ask)(const char *, const char *, struct err *),
		 const char *done, struct err *e)
{
	const char *name = core_string(params, "name");
	char socket[CORE_PATH_MAX];

	if (supervisor(socket, e) < 0 || ask(socket, name, e) < 0)
		return -1;
	core_event(EVENT_SERVICE_CHANGED,
		   EVENT_WITH(EVENT_STR("service", name), EVENT_STR("action", done)),
		   "Service %s was %s", name, done);
	return 0;
}

static int service_start(json_t *params, json_t **result, struct err *e)
{
	(void)result;
	if (lockdown_may_start(core_string(params, "name"), e) < 0)
		return -1;
	return order(params, world_start, "started", e);
}

static int service_stop(json_t *params, json_t **result, struct err *e)
{
	(void)result;
	return order(params, world_stop, "stopped", e);
}

static int service_restart(json_t *params, json_t **result, struct err *e)
{
	(void)result;
	if (lockdown_may_start(core_string(params, "name"), e) < 0)
		return -1;
	return order(params, world_restart, "restarted", e);
}

static const struct core_param name_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = WORLD_NAME_MAX,
	  .among = "system.service.list name", .help = "Name of the service" },
	{ 0 },
};

const struct core_op core_service_ops[] = {
	{
		.name = "system.service.list",
		.method = "GET",
		.path = "/system/services",
		.flags = CORE_SLOW,
		.run = service_list,
		.help = "Services with their state",
	},
	{
		.name = "system.service.start",
		.method = "POST",
		.path = "/system/services/{name}/start",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.params = name_params,
		.run = service_start,
		.help = "Starts a service",
	},
	{
		.name = "system.service.stop",
		.method = "POST",
		.path = "/system/services/{name}/stop",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.params = name_params,
		.run = service_stop,
		.help = "Stops a service",
	},
	{
		.name = "system.service.restart",
		.method = "POST",
		.path = "/system/services/{name}/restart",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.params = name_params,
		.run = service_restart,
		.help = "Stops a service and starts it again",
	},
	{ 0 },
};
