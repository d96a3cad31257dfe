// SPDX-License-Identifier: Apache-2.0
/* system maintenanceMode, with the words of ESXi. */
#include "commands.h"

static void shape_mode(json_t *row)
{
	bool on = json_is_true(json_object_get(row, "enabled"));

	json_object_set_new(row, "lines", json_pack("[s]", on ? "Enabled" : "Disabled"));
}

static const struct cli_option set_options[] = {
	{ "enable", 'e', "enable", CLI_TRUTH, true, "BOOL", NULL },
	{ 0 },
};

const struct cli_command maintenance_commands[] = {
	{
		.words = "system maintenanceMode get",
		.op = "system.maintenance.get",
		.style = CLI_LINES,
		.shape = shape_mode,
		.help = "Is the host in maintenance mode?",
	},
	{
		.words = "system maintenanceMode set",
		.op = "system.maintenance.set",
		.options = set_options,
		.help = "Stop the userworlds of host/user, or start them again",
	},
	{ 0 },
};
