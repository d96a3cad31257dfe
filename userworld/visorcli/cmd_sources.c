// SPDX-License-Identifier: Apache-2.0
/* software sources: depots, and what is in them. */
#include "commands.h"
#include "path.h"

static const struct cli_option address_options[] = {
	{ "depot", 'd', "depot", CLI_TEXT, true, "URL|PATH", NULL },
	{ 0 },
};

static const struct cli_option depot_options[] = {
	{ "depot", 'd', "depot", CLI_TEXT, false, "URL|PATH,...", NULL },
	{ 0 },
};

static const struct cli_column sources_columns[] = {
	{ "Depot", "depot", CLI_STRING },
	{ 0 },
};

static const struct cli_column bundle_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Vendor", "vendor", CLI_STRING },
	{ "Acceptance Level", "acceptance", CLI_STRING },
	{ "Creation Date", "created", CLI_STRING },
	{ "Size", "size", CLI_KIB },
	{ "Depot", "depot", CLI_STRING },
	{ 0 },
};

#define LIST(area)                                                                               \
	{                                                                                        \
		.words = "software sources " area " list", .op = "software.sources.bundle.list", \
		.options = depot_options, .style = CLI_TABLE, .columns = bundle_columns,         \
		.prepare = depot_paths, .help = "Bundles in depots",                             \
	}

/* clang-format off */
const struct cli_command sources_commands[] = {
	{
		.words = "software sources list", .op = "software.sources.list",
		.style = CLI_TABLE, .columns = sources_columns,
		.help = "Depots that bundles are installed from by name",
	},
	{
		.words = "software sources add", .op = "software.sources.add",
		.options = address_options, .style = CLI_SILENT, .prepare = depot_paths,
		.help = "One more of them",
	},
	{
		.words = "software sources remove", .op = "software.sources.remove",
		.options = address_options, .style = CLI_SILENT, .prepare = depot_paths,
		.help = "One less",
	},
	LIST("bundle"),
	LIST("vib"),
	{ 0 },
};
/* clang-format on */
