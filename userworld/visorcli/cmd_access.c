// SPDX-License-Identifier: Apache-2.0
/* system lockdown and system audit: who may come in, and what was done. */
#include "commands.h"

static const struct cli_column lockdown_columns[] = {
	{ "Mode", "mode", CLI_STRING },
	{ "Exception Users", "exceptions", CLI_LIST },
	{ 0 },
};

static const struct cli_column exception_columns[] = {
	{ "Exception Users", "exceptions", CLI_LIST },
	{ 0 },
};

static const struct cli_option mode_options[] = {
	{ "mode", 'm', "mode", CLI_TEXT, true, "MODE", "Who is shut out" },
	{ 0 },
};

static const struct cli_option user_options[] = {
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Name of the user" },
	{ 0 },
};

static const struct cli_option lines_options[] = {
	{ "lines", 'l', "lines", CLI_NUMBER, false, "COUNT", "How many" },
	{ 0 },
};

const struct cli_command access_commands[] = {
	{
		.words = "system lockdown get",
		.op = "system.lockdown.get",
		.style = CLI_FIELDS,
		.columns = lockdown_columns,
		.help = "Lockdown mode, and who may come in nevertheless",
	},
	{
		.words = "system lockdown set",
		.op = "system.lockdown.set",
		.options = mode_options,
		.help = "Shut the network (normal), the console as well (strict), or neither",
	},
	{
		.words = "system lockdown exception list",
		.op = "system.lockdown.get",
		.style = CLI_FIELDS,
		.columns = exception_columns,
		.help = "Users who may come in in lockdown mode",
	},
	{
		.words = "system lockdown exception add",
		.op = "system.lockdown.exception.add",
		.options = user_options,
		.help = "Let a user come in in lockdown mode",
	},
	{
		.words = "system lockdown exception remove",
		.op = "system.lockdown.exception.remove",
		.options = user_options,
		.help = "Do not let a user come in in lockdown mode any more",
	},
	{
		.words = "system audit list",
		.op = "system.audit.list",
		.options = lines_options,
		.style = CLI_LINES,
		.help = "Last lines of the audit log",
	},
	{ 0 },
};
