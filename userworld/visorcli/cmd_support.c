// SPDX-License-Identifier: Apache-2.0
/* system support */
#include "commands.h"
#include "path.h"

static const struct cli_column list_columns[] = {
	{ "Name", "name", CLI_STRING },	       { "Group", "group", CLI_STRING },
	{ "Entries", "entries", CLI_INTEGER }, { "About", "about", CLI_STRING },
	{ "Problem", "problem", CLI_STRING },  { 0 },
};

static const struct cli_column done_columns[] = {
	{ "File", "file", CLI_STRING },
	{ "Size", "bytes", CLI_INTEGER },
	{ "Taken", "taken", CLI_INTEGER },
	{ "Cut", "cut", CLI_INTEGER },
	{ "Timed Out", "timed_out", CLI_INTEGER },
	{ "Refused", "refused", CLI_INTEGER },
	{ "Missing", "missing", CLI_INTEGER },
	{ "Failed", "failed", CLI_INTEGER },
	{ "Left Out", "left_out", CLI_INTEGER },
	{ "Secrets Removed", "secrets", CLI_INTEGER },
	{ 0 },
};

static const struct cli_option options[] = {
	{ "file", 'f', "file", CLI_TEXT, true, "PATH", NULL },
	{ "group", 'g', "group", CLI_TEXT, false, "GROUP", NULL },
	{ 0 },
};

static int prepare(json_t *params, struct err *e)
{
	return path_absolute(params, "file", e);
}

const struct cli_command support_commands[] = {
	{
		.words = "system support manifest list",
		.op = "system.support.manifest.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.help = "What goes into a support bundle",
	},
	{
		.words = "system support write",
		.op = "system.support.write",
		.options = options,
		.style = CLI_FIELDS,
		.columns = done_columns,
		.prepare = prepare,
		.help = "Write a support bundle to a file of the host",
	},
	{ 0 },
};
