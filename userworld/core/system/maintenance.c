// SPDX-License-Identifier: Apache-2.0
/* system.maintenance */
#include "maintenance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userworld/core/bundle/record.h"
#include "userworld/core/bundle/services.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "file.h"
#include "userworld/core/internal.h"

#define POOL "host/user"
#define FILE_MAX (1u << 20)

bool host_in_maintenance(void)
{
	char path[CORE_PATH_MAX];

	return core_path(path, NULL, CORE_RUN, MAINTENANCE_FILE) == 0 && access(path, F_OK) == 0;
}

static bool is_in_pool(const char *pool)
{
	return !strncmp(pool, POOL, strlen(POOL)) &&
	       (!pool[strlen(POOL)] || pool[strlen(POOL)] == '/');
}

json_t *maintenance_choose(const struct world_info *list, size_t n)
{
	static const char *const still[] = { "down", "done", "failed", "stopping" };
	json_t *names = json_array();

	for (size_t i = 0; i < n; i++) {
		bool up = is_in_pool(list[i].pool);

		for (size_t k = 0; k < sizeof(still) / sizeof(still[0]); k++)
			up = up && strcmp(list[i].state, still[k]) != 0;
		if (up)
			json_array_append_new(names, json_string(list[i].name));
	}
	return names;
}

static int list_running(json_t **names, struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	char socket[CORE_PATH_MAX];
	size_t n = 0;

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0 ||
	    world_list(socket, &list, &n, e) < 0)
		return -1;
	return core_give(names, maintenance_choose(list, n), e);
}

static int stop_all(const json_t *names, struct err *e)
{
	char socket[CORE_PATH_MAX];
	struct err why = ERR_INIT;

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	for (size_t i = json_array_size(names); i-- > 0;) {
		const char *name = json_string_value(json_array_get(names, i));

		if (world_stop(socket, name, &why) < 0 && why.kind != ERR_CONFLICT &&
		    why.kind != ERR_NOT_FOUND)
			return err_set(e, why.kind, "service %s: %s", name, why.text);
	}
	return 0;
}

static int write_names(const json_t *names, struct err *e)
{
	_cleanup_free_ char *text = json_dumps(names, JSON_COMPACT);
	char path[CORE_PATH_MAX];

	if (!text)
		return core_nomem(e);
	if (core_path(path, e, CORE_RUN, MAINTENANCE_FILE) < 0)
		return -1;
	return file_write_atomic(path, text, strlen(text), 0600, e);
}

/* An empty list if there is none, or none that makes sense. */
static json_t *read_names(void)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	json_t *names = NULL;

	if (core_path(path, NULL, CORE_RUN, MAINTENANCE_FILE) == 0 &&
	    file_read(path, FILE_MAX, &text, NULL, NULL) == 0)
		names = json_loads(text, 0, NULL);
	if (json_is_array(names))
		return names;
	json_decref(names);
	return json_array();
}

static int drop_names(struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_RUN, MAINTENANCE_FILE) < 0)
		return -1;
	return unlink(path) < 0 ? err_sys(e, errno, "%s", path) : 0;
}

/* Written down before: who dies on the way has left a host that can be taken out of it. */
static int enter(struct err *e)
{
	json_t *names = NULL;
	int rc;

	if (list_running(&names, e) < 0)
		return -1;
	rc = write_names(names, e);
	if (rc == 0 && stop_all(names, e) < 0) {
		bundle_services_resume(names);
		drop_names(NULL);
		rc = -1;
	}
	json_decref(names);
	if (rc == 0)
		core_event(EVENT_MAINTENANCE_ENTERED, NULL, "Maintenance mode was entered");
	return rc;
}

static int leave(struct err *e)
{
	json_t *names = read_names();
	int rc = drop_names(e);

	if (rc == 0) {
		bundle_services_resume(names);
		core_event(EVENT_MAINTENANCE_LEFT, NULL, "Maintenance mode was left");
	}
	json_decref(names);
	return rc;
}

static int maintenance_get(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return core_give(
		result,
		json_pack("{s:b, s:o}", "enabled", host_in_maintenance(), "stopped", read_names()),
		e);
}

static int maintenance_set(json_t *params, json_t **result, struct err *e)
{
	bool wanted = json_is_true(json_object_get(params, "enable"));
	_cleanup_close_ int lock = bundle_lock(e);

	if (lock < 0)
		return -1;
	if (wanted == host_in_maintenance())
		return err_set(e, ERR_CONFLICT, "the host is %s maintenance mode",
			       wanted ? "already in" : "not in");
	if ((wanted ? enter(e) : leave(e)) < 0)
		return -1;
	return maintenance_get(params, result, e);
}

static const struct core_param set_params[] = {
	{ "enable", CORE_BOOL, .required = true, .help = "true to enter it, false to leave it" },
	{ 0 },
};

const struct core_op core_maintenance_ops[] = {
	{
		.name = "system.maintenance.get",
		.method = "GET",
		.path = "/system/maintenance",
		.run = maintenance_get,
		.help = "Is the host in maintenance mode?",
	},
	{
		.name = "system.maintenance.set",
		.method = "PUT",
		.path = "/system/maintenance",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = maintenance_set,
		.help = "Stops what the host is there for, or starts it again",
	},
	{ 0 },
};
