// SPDX-License-Identifier: Apache-2.0
/* One JSON object with all answers. */
#include "dcui/gather.h"
#include "dcui/host.h"

#include "cleanup.h"

#include <stdbool.h>

static const struct {
	const char *op;
	const char *user; /* parameter "user", or NULL */
	bool changing;
} wanted[] = {
	{ "system.version.get", NULL, false },
	{ "system.hardware.get", NULL, false },
	{ "system.hostname.get", NULL, false },
	{ "system.uptime.get", NULL, true },
	{ "system.ramdisk.list", NULL, true },
	{ "system.service.list", NULL, true },
	{ "system.alarm.list", NULL, true },
	{ "system.state.get", NULL, true },
	{ "network.ipv4.list", NULL, true },
	{ "system.boot.get", NULL, true },
	{ "software.acceptance.get", NULL, false },
	{ "system.maintenance.get", NULL, false },
	{ "system.lockdown.get", NULL, false },
	{ "network.dns.get", NULL, false },
	{ "network.dns.settings.get", NULL, false },
	{ "network.interface.list", NULL, false },
	{ "network.ipv6.get", NULL, false },
	{ "network.ipv6.list", NULL, false },
	{ "account.password.is_set", "root", false },
	{ HOST_OP, NULL, false },
	{ HOST_LIFE_OP, NULL, true },
};

static call_fn core;

void gather_from(call_fn fn)
{
	core = fn;
}

static json_t *ask(const char *op, const char *user)
{
	json_t *params = user ? json_pack("{s:s}", "user", user) : NULL, *result = NULL;
	struct err e = ERR_INIT;
	int rc = core(op, params, &result, &e);

	json_decref(params);
	if (rc < 0)
		return json_pack("{s:{s:s, s:s}}", "error", "kind", err_name(e.kind), "text",
				 e.text);
	return result;
}

static int gather(bool all, json_t **result, struct err *e)
{
	*result = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!all && !wanted[i].changing)
			continue;
		if (json_object_set_new(*result, wanted[i].op, ask(wanted[i].op, wanted[i].user)) <
		    0) {
			json_decref(*result);
			*result = NULL;
			return err_set(e, ERR_NO_SPACE, "out of memory");
		}
	}
	return 0;
}

int gather_all(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)op;
	(void)params;
	return gather(true, result, e);
}

int gather_changing(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)op;
	(void)params;
	return gather(false, result, e);
}
