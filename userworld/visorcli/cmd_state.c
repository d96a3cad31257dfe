// SPDX-License-Identifier: Apache-2.0
/* system state */
#include "commands.h"
#include "path.h"

static const struct cli_column list_columns[] = {
	{ "Path", "path", CLI_STRING },
	{ "Deleted", "deleted", CLI_BOOLEAN },
	{ "Saved", "saved", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_column get_columns[] = {
	{ "Mode", "mode", CLI_STRING },
	{ "Medium", "device", CLI_STRING },
	{ "Generation", "generation", CLI_INTEGER },
	{ "Saved At", "saved_at", CLI_STRING },
	{ "Saved By", "saved_by", CLI_STRING },
	{ "Encryption", "encryption", CLI_STRING },
	{ "Unsaved Changes", "unsaved", CLI_BOOLEAN },
	{ "On Trial", "on_trial", CLI_BOOLEAN },
	{ "Seconds to Confirm", "trial_seconds", CLI_INTEGER },
	{ "Reason", "why", CLI_STRING },
	{ 0 },
};

static const struct cli_column history_columns[] = {
	{ "Generation", "generation", CLI_INTEGER },
	{ "Current", "current", CLI_BOOLEAN },
	{ "Time", "time", CLI_STRING },
	{ "Who", "who", CLI_STRING },
	{ "Build", "build", CLI_STRING },
	{ "Size", "size", CLI_INTEGER },
	{ "What", "why", CLI_STRING },
	{ 0 },
};

static const struct cli_column diff_columns[] = {
	{ "Path", "path", CLI_STRING },
	{ "Change", "change", CLI_STRING },
	{ 0 },
};

static const struct cli_column revert_columns[] = {
	{ "Generation", "generation", CLI_INTEGER },
	{ "State Files", "files", CLI_INTEGER },
	{ "Services to Restart", "restart", CLI_STRING },
	{ 0 },
};

static const struct cli_column adopt_columns[] = {
	{ "Medium", "device", CLI_STRING },
	{ "Generation", "generation", CLI_INTEGER },
	{ 0 },
};

static const struct cli_column cancel_columns[] = {
	{ "State Files", "files", CLI_INTEGER },
	{ 0 },
};

static const struct cli_column try_columns[] = {
	{ "Seconds to Confirm", "seconds", CLI_INTEGER },
	{ 0 },
};

static const struct cli_column restore_columns[] = {
	{ "File", "file", CLI_STRING },
	{ "State Files", "files", CLI_INTEGER },
	{ "Services to Restart", "restart", CLI_STRING },
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
	{ "file", 'f', "file", CLI_TEXT, true, "PATH", NULL },
	{ 0 },
};

static const struct cli_option diff_options[] = {
	{ "generation", 'g', "generation", CLI_NUMBER, false, "N", NULL },
	{ "file", 'f', "file", CLI_TEXT, false, "PATH", NULL },
	{ 0 },
};

static const struct cli_option revert_options[] = {
	{ "generation", 'g', "generation", CLI_NUMBER, true, "N", NULL },
	{ 0 },
};

static const struct cli_option reset_options[] = {
	{ "hostname", 'H', "hostname", CLI_TEXT, true, "NAME", NULL },
	{ 0 },
};

static const struct cli_option adopt_options[] = {
	{ "device", 'd', "device", CLI_TEXT, true, "PATH", NULL },
	{ 0 },
};

static const struct cli_option try_options[] = {
	{ "seconds", 's', "seconds", CLI_NUMBER, false, "N", NULL },
	{ 0 },
};

/* The moment it ends is of the host's own clock: people want to know that it runs, and how long. */
static void shape_status(json_t *row)
{
	json_int_t trial = json_integer_value(json_object_get(row, "trial"));

	json_object_set_new(row, "on_trial", json_boolean(trial != 0));
}

const struct cli_command state_commands[] = {
	{
		.words = "system state get",
		.op = "system.state.get",
		.style = CLI_FIELDS,
		.columns = get_columns,
		.shape = shape_status,
		.help = "Where state is saved, whether it is, and why not",
	},
	{
		.words = "system state list",
		.op = "system.state.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.help = "State files that differ from what was shipped",
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
		.columns = restore_columns,
		.prepare = prepare,
		.help = "Bring back the state files of an archive",
	},
	{
		.words = "system state history",
		.op = "system.state.history",
		.style = CLI_TABLE,
		.columns = history_columns,
		.help = "Saved generations: when, who and what",
	},
	{
		.words = "system state diff",
		.op = "system.state.diff",
		.options = diff_options,
		.style = CLI_TABLE,
		.columns = diff_columns,
		.help = "What has changed since a generation",
	},
	{
		.words = "system state save",
		.op = "system.state.save",
		.style = CLI_FIELDS,
		.columns = adopt_columns,
		.help = "Return when all changes are on the medium",
	},
	{
		.words = "system state revert",
		.op = "system.state.revert",
		.options = revert_options,
		.style = CLI_FIELDS,
		.columns = revert_columns,
		.help = "Make all state files as they were in a generation",
	},
	{
		.words = "system state try",
		.op = "system.state.try",
		.options = try_options,
		.style = CLI_FIELDS,
		.columns = try_columns,
		.help = "Take back what is changed from now on unless it is confirmed in time",
	},
	{
		.words = "system state confirm",
		.op = "system.state.confirm",
		.help = "Keep what was changed since \"system state try\"",
	},
	{
		.words = "system state cancel",
		.op = "system.state.cancel",
		.style = CLI_FIELDS,
		.columns = cancel_columns,
		.help = "Take back at once what was changed since \"system state try\"",
	},
	{
		.words = "system state adopt",
		.op = "system.state.adopt",
		.options = adopt_options,
		.style = CLI_FIELDS,
		.columns = adopt_columns,
		.help = "Save state on this medium from now on",
	},
	{
		.words = "system state reset",
		.op = "system.state.reset",
		.options = reset_options,
		.help = "Factory settings from the next start on",
	},
	{ 0 },
};
