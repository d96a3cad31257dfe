// SPDX-License-Identifier: Apache-2.0
/* system shutdown */
#include "commands.h"

static const struct cli_option options[] = {
	{ "reason", 'r', "reason", CLI_TEXT, true, "TEXT", NULL },
	{ 0 },
};

static const struct cli_option reboot_options[] = {
	{ "reason", 'r', "reason", CLI_TEXT, true, "TEXT", NULL },
	{ "quick", 'q', "quick", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

const struct cli_command shutdown_commands[] = {
	{
		.words = "system shutdown poweroff",
		.op = "system.shutdown",
		.options = options,
		.help = "End all worlds and switch the machine off",
	},
	{
		.words = "system shutdown reboot",
		.op = "system.reboot",
		.options = reboot_options,
		.help = "End all worlds and boot again",
	},
	{ 0 },
};
