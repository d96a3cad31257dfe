// SPDX-License-Identifier: Apache-2.0
/* system log */
#include "commands.h"

static const struct cli_option options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ "lines", 'l', "lines", CLI_NUMBER, false, "COUNT", NULL },
	{ 0 },
};

static const struct cli_column empty_columns[] = {
	{ "Files", "files", CLI_INTEGER },
	{ "Freed", "bytes", CLI_KIB },
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
	{
		.words = "system log empty",
		.op = "system.log.empty",
		.style = CLI_FIELDS,
		.columns = empty_columns,
		.help = "Delete what is in the logs, and older ones, to make room",
	},
	{ 0 },
};
