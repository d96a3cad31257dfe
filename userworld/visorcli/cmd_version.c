// SPDX-License-Identifier: Apache-2.0
/* system version */
#include "commands.h"

static const struct cli_column columns[] = {
	{ "Product", "product", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Build", "build", CLI_STRING },
	{ "Kernel", "kernel", CLI_STRING },
	{ 0 },
};

const struct cli_command version_commands[] = {
	{
		.words = "system version get",
		.op = "system.version.get",
		.style = CLI_FIELDS,
		.columns = columns,
		.help = "Product, version, build and kernel",
	},
	{ 0 },
};
