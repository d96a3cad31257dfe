// SPDX-License-Identifier: Apache-2.0
/* system task: what hostd does that takes long. */
#include "commands.h"

static const struct cli_column list_columns[] = {
	{ "Id", "id", CLI_STRING },	  { "Operation", "op", CLI_STRING },
	{ "State", "state", CLI_STRING }, { "Percent", "percent", CLI_INTEGER },
	{ "User", "user", CLI_STRING },	  { "Started", "started", CLI_STRING },
	{ "Ended", "ended", CLI_STRING }, { 0 },
};

static const struct cli_column get_columns[] = {
	{ "Id", "id", CLI_STRING },
	{ "Operation", "op", CLI_STRING },
	{ "Parameters", "what", CLI_STRING },
	{ "State", "state", CLI_STRING },
	{ "Percent", "percent", CLI_INTEGER },
	{ "Can Be Cancelled", "cancellable", CLI_BOOLEAN },
	{ "User", "user", CLI_STRING },
	{ "From", "from", CLI_STRING },
	{ "Started", "started", CLI_STRING },
	{ "Ended", "ended", CLI_STRING },
	{ "Error", "error_text", CLI_STRING },
	{ 0 },
};

/* The error's sentence beside the fields; its kind is for programs. */
static void shape_error(json_t *row)
{
	json_t *text = json_object_get(json_object_get(row, "error"), "text");

	json_object_set(row, "error_text", text);
}

static const struct cli_option id_options[] = {
	{ "id", 'i', "id", CLI_TEXT, true, "ID", NULL },
	{ 0 },
};

const struct cli_command task_commands[] = {
	{
		.words = "system task list",
		.op = "system.task.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.help = "What runs, and what has ended not long ago",
	},
	{
		.words = "system task get",
		.op = "system.task.get",
		.options = id_options,
		.style = CLI_FIELDS,
		.columns = get_columns,
		.shape = shape_error,
		.help = "One task, and what came of it",
	},
	{
		.words = "system task cancel",
		.op = "system.task.cancel",
		.options = id_options,
		.help = "End a task that runs; nothing is left half done",
	},
	{ 0 },
};
