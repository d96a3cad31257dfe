// SPDX-License-Identifier: Apache-2.0
/* system service */
#include "commands.h"

static const struct cli_column columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "State", "state", CLI_STRING },
	{ "PID", "pid", CLI_INTEGER },
	{ "Restarts", "restarts", CLI_INTEGER },
	{ "Essential", "essential", CLI_BOOLEAN },
	{ "Policy", "policy", CLI_STRING },
	{ "Pool", "pool", CLI_STRING },
	{ 0 },
};

static const struct cli_option options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ 0 },
};

static const struct cli_option policy_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ "policy", 'p', "policy", CLI_TEXT, true, "on|off", NULL },
	{ 0 },
};

const struct cli_command service_commands[] = {
	{
		.words = "system service list",
		.op = "system.service.list",
		.style = CLI_TABLE,
		.columns = columns,
		.help = "Services with their state",
	},
	{
		.words = "system service start",
		.op = "system.service.start",
		.options = options,
		.help = "Start a service",
	},
	{
		.words = "system service stop",
		.op = "system.service.stop",
		.options = options,
		.help = "Stop a service",
	},
	{
		.words = "system service restart",
		.op = "system.service.restart",
		.options = options,
		.help = "Stop a service and start it again",
	},
	{
		.words = "system service policy set",
		.op = "system.service.policy.set",
		.options = policy_options,
		.help = "Say whether a service starts with the host",
	},
	{ 0 },
};
