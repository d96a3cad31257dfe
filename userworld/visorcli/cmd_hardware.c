// SPDX-License-Identifier: Apache-2.0
/* hardware */
#include "commands.h"

static const struct cli_column platform_columns[] = {
	{ "Product Name", "model", CLI_STRING },
	{ "Vendor Name", "vendor", CLI_STRING },
	{ "CPU Model", "cpu_model", CLI_STRING },
	{ "CPU Count", "cpu_count", CLI_INTEGER },
	{ 0 },
};

static const struct cli_column memory_columns[] = {
	{ "Physical Memory", "memory_bytes", CLI_KIB },
	{ "Available Memory", "memory_available_bytes", CLI_KIB },
	{ 0 },
};

static const struct cli_column error_columns[] = {
	{ "Where", "where", CLI_STRING },
	{ "Severity", "severity", CLI_STRING },
	{ "Count", "count", CLI_INTEGER },
	{ "Last", "time", CLI_STRING },
	{ "Source", "source", CLI_STRING },
	{ "Text", "text", CLI_STRING },
	{ 0 },
};

const struct cli_command hardware_commands[] = {
	{
		.words = "hardware platform get",
		.op = "system.hardware.get",
		.style = CLI_FIELDS,
		.header = "Platform Information",
		.columns = platform_columns,
		.help = "Maker, model and processors",
	},
	{
		.words = "hardware memory get",
		.op = "system.hardware.get",
		.style = CLI_FIELDS,
		.columns = memory_columns,
		.help = "Memory there is, and what programs could still get of it",
	},
	{
		.words = "hardware error list",
		.op = "system.hardware.error.list",
		.style = CLI_TABLE,
		.columns = error_columns,
		.help = "Errors of the hardware since the start",
	},
	{ 0 },
};
