// SPDX-License-Identifier: Apache-2.0
/* system settings, with the columns of ESXi. */
#include "commands.h"

static const struct cli_column columns[] = {
	{ "Path", "option", CLI_STRING },
	{ "Type", "type", CLI_STRING },
	{ "Int Value", "value", CLI_INTEGER },
	{ "Default Int Value", "default", CLI_INTEGER },
	{ "Min Value", "min", CLI_INTEGER },
	{ "Max Value", "max", CLI_INTEGER },
	{ "String Value", "string_value", CLI_STRING | CLI_OPTIONAL },
	{ "Description", "description", CLI_STRING },
	{ 0 },
};

static const struct cli_option list_options[] = {
	{ "option", 'o', "option", CLI_TEXT, false, "PATH", NULL },
	{ 0 },
};

static const struct cli_option set_options[] = {
	{ "int-value", 'i', "value", CLI_NUMBER, false, "NUMBER", NULL },
	{ "string-value", 's', "string", CLI_TEXT, false, "TEXT", NULL },
	{ "option", 'o', "option", CLI_TEXT, true, "PATH", NULL },
	{ 0 },
};

static const struct cli_column layout_columns[] = {
	{ "Layout", "layout", CLI_STRING },
	{ "Title", "title", CLI_STRING },
	{ "Current", "current", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_column layout_now_columns[] = {
	{ "Layout", "layout", CLI_STRING },
	{ 0 },
};

static const struct cli_option layout_options[] = {
	{ "layout", 'l', "layout", CLI_TEXT, true, "NAME", NULL },
	{ 0 },
};

const struct cli_command setting_commands[] = {
	{
		.words = "system settings advanced list",
		.op = "system.setting.list",
		.options = list_options,
		.style = CLI_TABLE,
		.columns = columns,
		.help = "Settings that are a number or a text",
	},
	{
		.words = "system settings advanced set",
		.op = "system.setting.set",
		.options = set_options,
		.help = "Change one, at once",
	},
	{
		.words = "system settings keyboard layout list",
		.op = "system.keyboard.layout.list",
		.style = CLI_TABLE,
		.columns = layout_columns,
		.help = "Keyboard layouts that the host's own screen can have",
	},
	{
		.words = "system settings keyboard layout get",
		.op = "system.keyboard.layout.get",
		.style = CLI_FIELDS,
		.columns = layout_now_columns,
		.help = "The one that it has",
	},
	{
		.words = "system settings keyboard layout set",
		.op = "system.keyboard.layout.set",
		.options = layout_options,
		.help = "Give it another one, at once and for later starts",
	},
	{ 0 },
};
