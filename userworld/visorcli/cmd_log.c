// SPDX-License-Identifier: Apache-2.0
/* system log */
#include "commands.h"

static const struct cli_option options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ "lines", 'l', "lines", CLI_NUMBER, false, "COUNT", NULL },
	{ 0 },
};

const struct cli_command log_commands[] = {
	{
		.words = "system log tail",
		.op = "system.log.tail",
		.options = options,
		.style = CLI_LINES,
		.help = "Last lines of a log",
	},
	{ 0 },
};
