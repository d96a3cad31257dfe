// SPDX-License-Identifier: Apache-2.0
/* system.service.policy: whether a service starts with the host. */
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "conf.h"
#include "userworld/core/conf_change.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "worldctl.h"

/* A host that starts without its last line, or without management, would need another medium. */
static int check(const char *path, const char *text, struct err *e)
{
	bool essential = false, autostart = true;
	struct conf c;
	int rc;

	if (conf_parse(&c, path, text, e) < 0)
		return -1;
	rc = conf_get_bool(&c, "essential", &essential, e);
	if (rc >= 0)
		rc = conf_get_bool(&c, "autostart", &autostart, e);
	conf_free(&c);
	if (rc >= 0 && essential && !autostart)
		return err_set(e, ERR_DENIED, "%s: the host needs it at every start", path);
	return rc < 0 ? -1 : 0;
}

static int policy_set(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name"), *policy = core_string(params, "policy");
	struct conf_change change = { "autostart", !strcmp(policy, "on") ? "yes" : "no" };
	char file[sizeof("/etc/userworld.d/.conf") + WORLD_NAME_MAX], path[CORE_PATH_MAX];

	(void)result;
	snprintf(file, sizeof(file), "/etc/userworld.d/%s.conf", name);
	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return err_set(e, ERR_NOT_FOUND, "no userworld '%s'", name);
	if (core_conf_change(file, &change, 1, check, e) < 0 || core_reload_worlds(e) < 0)
		return -1;
	core_event(EVENT_SERVICE_CHANGED,
		   EVENT_WITH(EVENT_STR("service", name), EVENT_STR("action", policy)),
		   "Service %s %s with the host from now on", name,
		   !strcmp(policy, "on") ? "starts" : "does not start");
	return 0;
}

static const struct core_param set_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = WORLD_NAME_MAX,
	  .among = "system.service.list name", .help = "Name of the service" },
	{ "policy", CORE_NAME, .required = true, .words = "on|off",
	  .help = "Whether it starts with the host" },
	{ 0 },
};

const struct core_op core_service_policy_ops[] = {
	{
		.name = "system.service.policy.set",
		.method = "PUT",
		.path = "/system/services/{name}/policy",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = policy_set,
		.help = "Says whether a service starts with the host",
	},
	{ 0 },
};
