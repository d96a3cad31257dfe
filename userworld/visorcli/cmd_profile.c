// SPDX-License-Identifier: Apache-2.0
/* software profile: the set of bundles of this host. */
#include "commands.h"
#include "path.h"
#include "result.h"

#define DEPOT_OPTION                                                         \
	{                                                                    \
		"depot", 'd', "depot", CLI_TEXT, false, "URL|PATH,...", NULL \
	}
#define PROFILE_OPTION(must)                                                      \
	{                                                                         \
		"profile", 'p', "profile", CLI_TEXT, must, "NAME[=VERSION]", NULL \
	}
#define DRY_RUN_OPTION                                               \
	{                                                            \
		"dry-run", 0, "dry_run", CLI_FLAG, false, NULL, NULL \
	}

static const struct cli_option list_options[] = { DEPOT_OPTION, { 0 } };
static const struct cli_option validate_options[] = { PROFILE_OPTION(false), DEPOT_OPTION, { 0 } };
static const struct cli_option update_options[] = {
	PROFILE_OPTION(true), DEPOT_OPTION, DRY_RUN_OPTION, { 0 }
};
static const struct cli_option install_options[] = {
	PROFILE_OPTION(true),
	DEPOT_OPTION,
	{ "ok-to-remove", 0, "ok_to_remove", CLI_FLAG, false, NULL, NULL },
	DRY_RUN_OPTION,
	{ 0 },
};

static const struct cli_column get_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Vendor", "vendor", CLI_STRING },
	{ "Creation Time", "created", CLI_STRING },
	{ "Installation Time", "installed", CLI_STRING },
	{ "Modified Since", "modified", CLI_BOOLEAN },
	{ "Description", "summary", CLI_STRING },
	{ "Image", "image", CLI_STRING },
	{ "Build", "build", CLI_STRING },
	{ "Bundles", "bundles", CLI_LIST },
	{ "State Hash", "state_hash", CLI_STRING },
	{ 0 },
};

static const struct cli_column list_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Vendor", "vendor", CLI_STRING },
	{ "Creation Time", "created", CLI_STRING },
	{ "Summary", "summary", CLI_STRING },
	{ "Depot", "depot", CLI_STRING },
	{ 0 },
};

static const struct cli_column validate_columns[] = {
	{ "Compliant", "compliant", CLI_BOOLEAN },  { "Validation Profile", "profile", CLI_STRING },
	{ "Version", "version", CLI_STRING },	    { "Differences", "differences", CLI_LIST },
	{ "State Hash", "state_hash", CLI_STRING }, { 0 },
};

#define LIST(name)                                                                        \
	{                                                                                 \
		.words = "software " name " list", .op = "software.sources.profile.list", \
		.options = list_options, .style = CLI_TABLE, .columns = list_columns,     \
		.prepare = depot_paths, .help = "Image profiles in depots",               \
	}

/* clang-format off */
const struct cli_command profile_commands[] = {
	{
		.words = "software profile get", .op = "software.profile.get",
		.style = CLI_FIELDS, .header = "{name}", .columns = get_columns,
		.help = "The image profile of this host, and the hash of its state",
	},
	LIST("profile"),
	LIST("sources profile"),
	{
		.words = "software profile install", .op = "software.profile.install",
		.options = install_options, .style = CLI_FIELDS, .header = "Installation Result",
		.columns = result_columns, .prepare = depot_paths, .shape = result_shape,
		.help = "Make the host have exactly the bundles of a profile",
	},
	{
		.words = "software profile update", .op = "software.profile.update",
		.options = update_options, .style = CLI_FIELDS, .header = "Update Result",
		.columns = result_columns, .prepare = depot_paths, .shape = result_shape,
		.help = "Bring new and newer bundles of a profile",
	},
	{
		.words = "software profile validate", .op = "software.profile.validate",
		.options = validate_options, .style = CLI_FIELDS, .columns = validate_columns,
		.prepare = depot_paths,
		.help = "Compare the running host with a profile, by default its own",
	},
	{ 0 },
};
/* clang-format on */
