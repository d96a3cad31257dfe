// SPDX-License-Identifier: Apache-2.0
/* system state */
#include "commands.h"
#include "path.h"

static const struct cli_column list_columns[] = {
	{ "Path", "path", CLI_STRING },
	{ "Deleted", "deleted", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_column done_columns[] = {
	{ "File", "file", CLI_STRING },
	{ "State Files", "files", CLI_INTEGER },
	{ 0 },
};

static int prepare(json_t *params, struct err *e)
{
	return path_absolute(params, "file", e);
}

static const struct cli_option options[] = {
	{ "file", 'f', "file", CLI_TEXT, true, "PATH", "Archive on the host: state.tgz" },
	{ 0 },
};

const struct cli_command state_commands[] = {
	{
		.words = "system state list",
		.op = "system.state.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.help = "State files that were changed since boot",
	},
	{
		.words = "system state backup",
		.op = "system.state.backup",
		.options = options,
		.style = CLI_FIELDS,
		.columns = done_columns,
		.prepare = prepare,
		.help = "Write the changed state files to an archive",
	},
	{
		.words = "system state restore",
		.op = "system.state.restore",
		.options = options,
		.style = CLI_FIELDS,
		.columns = done_columns,
		.prepare = prepare,
		.help = "Bring back the state files of an archive",
	},
	{ 0 },
};
