// SPDX-License-Identifier: Apache-2.0
/* system process */
#include "commands.h"

static const struct cli_column columns[] = {
	{ "WID", "wid", CLI_INTEGER },
	{ "CID", "cid", CLI_INTEGER },
	{ "World Name", "world", CLI_STRING },
	{ "Memory", "rss", CLI_KIB },
	{ "Pool", "pool", CLI_STRING },
	{ "Command", "command", CLI_STRING },
	{ 0 },
};

const struct cli_command process_commands[] = {
	{
		.words = "system process list",
		.op = "system.process.list",
		.style = CLI_TABLE,
		.columns = columns,
		.help = "Worlds (threads) and their cartels (processes)",
	},
	{ 0 },
};
