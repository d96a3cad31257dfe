// SPDX-License-Identifier: Apache-2.0
/* system event */
#include "commands.h"

static const struct cli_column columns[] = {
	{ "Time", "time", CLI_STRING },
	{ "Level", "level", CLI_STRING },
	{ "Area", "kind", CLI_STRING },
	{ "Text", "text", CLI_STRING },
	{ 0 },
};

static const struct cli_option options[] = {
	{ "limit", 'l', "limit", CLI_NUMBER, false, "COUNT", "At most so many (50)" },
	{ 0 },
};

const struct cli_command event_commands[] = {
	{
		.words = "system event list",
		.op = "system.event.list",
		.options = options,
		.style = CLI_TABLE,
		.columns = columns,
		.help = "What happened to the host, newest first",
	},
	{ 0 },
};
