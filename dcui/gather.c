// SPDX-License-Identifier: Apache-2.0
/* One JSON object with all answers. */
#include "dcui/gather.h"
#include "dcui/host.h"

#include "cleanup.h"

static const struct {
	const char *op;
	const char *user; /* parameter "user", or NULL */
} wanted[] = {
	{ "system.version.get", NULL },	       { "system.hardware.get", NULL },
	{ "system.uptime.get", NULL },	       { "system.hostname.get", NULL },
	{ "system.ramdisk.list", NULL },       { "system.service.list", NULL },
	{ "network.ipv4.list", NULL },	       { "network.dns.get", NULL },
	{ "account.password.is_set", "root" }, { HOST_OP, NULL },
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

int gather_call(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)op;
	(void)params;
	*result = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (json_object_set_new(*result, wanted[i].op, ask(wanted[i].op, wanted[i].user)) <
		    0) {
			json_decref(*result);
			*result = NULL;
			return err_set(e, ERR_NO_SPACE, "out of memory");
		}
	return 0;
}
