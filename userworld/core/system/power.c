// SPDX-License-Identifier: Apache-2.0
/* system.shutdown and system.reboot: the supervisor ends all worlds in order. */
#include "userworld/core/boot/kexec.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "worldctl.h"

static int end_all(json_t *params, int (*ask)(const char *, struct err *), const char *what,
		   struct err *e)
{
	const char *reason = core_string(params, "reason");
	char socket[CORE_PATH_MAX];

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	/* First the reason: nobody will be there to write it afterwards. */
	core_event(EVENT_HOST_SHUTDOWN, EVENT_WITH(EVENT_STR("reason", reason)),
		   "%s was asked for: %s", what, reason);
	return ask(socket, e);
}

static int power_off(json_t *params, json_t **result, struct err *e)
{
	(void)result;
	return end_all(params, world_shutdown, "Shutdown", e);
}

static int power_reboot(json_t *params, json_t **result, struct err *e)
{
	bool quick = json_is_true(json_object_get(params, "quick"));

	(void)result;
	if (!quick)
		return end_all(params, world_reboot, "Reboot", e);
	if (kexec_load(e) < 0)
		return -1;
	if (end_all(params, world_reboot, "Quick reboot", e) == 0)
		return 0;
	kexec_forget();
	return -1;
}

static const struct core_param reason_params[] = {
	{ "reason", CORE_STRING, .required = true, .min = 1, .max = 200,
	  .help = "Why, for the log" },
	{ 0 },
};

static const struct core_param reboot_params[] = {
	{ "reason", CORE_STRING, .required = true, .min = 1, .max = 200,
	  .help = "Why, for the log" },
	{ "quick", CORE_BOOL, .help = "Without the firmware: the image is loaded by this kernel" },
	{ 0 },
};

const struct core_op core_power_ops[] = {
	{
		.name = "system.shutdown",
		.method = "POST",
		.path = "/system/shutdown",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.params = reason_params,
		.run = power_off,
		.help = "Ends all worlds and switches the machine off",
	},
	{
		.name = "system.reboot",
		.method = "POST",
		.path = "/system/reboot",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.params = reboot_params,
		.run = power_reboot,
		.help = "Ends all worlds and boots again",
	},
	{ 0 },
};
