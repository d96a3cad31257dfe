// SPDX-License-Identifier: Apache-2.0
/* system panic */
#include "commands.h"

static const struct cli_column list_columns[] = {
	{ "Time", "time", CLI_STRING },
	{ "Kind", "kind", CLI_STRING },
	{ "Reason", "reason", CLI_STRING },
	{ "Log", "log", CLI_STRING },
	{ 0 },
};

static const struct cli_column take_columns[] = {
	{ "Taken", "taken", CLI_INTEGER },
	{ 0 },
};

const struct cli_command panic_commands[] = {
	{
		.words = "system panic list",
		.op = "system.panic.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.help = "Panics and faults of the kernel before this start",
	},
	{
		.words = "system panic take",
		.op = "system.panic.take",
		.style = CLI_FIELDS,
		.columns = take_columns,
		.help = "Bring what the kernel has left into /var/log",
	},
	{ 0 },
};
