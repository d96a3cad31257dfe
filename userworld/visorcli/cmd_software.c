// SPDX-License-Identifier: Apache-2.0
/* software bundle, and software vib with the same meaning for esxcli's habits. */
#include "commands.h"
#include "path.h"
#include "result.h"

/* What a person calls the id of a bundle. */
static void shape_bundle(json_t *row)
{
	json_object_set_new(row, "id",
			    json_sprintf("%s_%s_%s_%s",
					 json_string_value(json_object_get(row, "vendor")) ?: "",
					 json_string_value(json_object_get(row, "type")) ?: "",
					 json_string_value(json_object_get(row, "name")) ?: "",
					 json_string_value(json_object_get(row, "version")) ?: ""));
}

static void count(json_t *row, const json_t *effect, const char *from, const char *to)
{
	if (json_object_get(effect, from))
		json_object_set_new(
			row, to,
			json_integer((json_int_t)json_array_size(json_object_get(effect, from))));
}

/* "/bin/x (base.v00)" */
static void paths(json_t *row, const json_t *effect, const char *from, const char *to)
{
	json_t *list = json_array(), *item;
	size_t i;

	json_array_foreach (json_object_get(effect, from), i, item)
		json_array_append_new(
			list,
			json_sprintf("%s (%s)",
				     json_string_value(json_object_get(item, "path")) ?: "",
				     json_string_value(json_object_get(item, "below")) ?: ""));
	if (json_object_get(effect, from))
		json_object_set(row, to, list);
	json_decref(list);
}

static void ramdisks(json_t *row, const json_t *effect)
{
	json_t *list = json_array(), *item;
	size_t i;

	json_array_foreach (json_object_get(effect, "ramdisks"), i, item)
		json_array_append_new(
			list,
			json_sprintf("%s %lld KiB%s",
				     json_string_value(json_object_get(item, "name")) ?: "",
				     json_integer_value(json_object_get(item, "bytes")) / 1024,
				     json_is_true(json_object_get(item, "temporary"))
					     ? " until it is done"
					     : ""));
	if (json_object_get(effect, "ramdisks"))
		json_object_set(row, "ramdisk_list", list);
	json_decref(list);
}

/* "/etc/x (kept)": what became, or would, of state files that were changed here. */
static void state_files(json_t *row)
{
	json_t *list = json_array(), *item;
	size_t i;

	json_array_foreach (json_object_get(row, "state_files"), i, item)
		json_array_append_new(
			list,
			json_sprintf("%s (%s)",
				     json_string_value(json_object_get(item, "path")) ?: "",
				     json_string_value(json_object_get(item, "action")) ?: ""));
	if (json_array_size(list))
		json_object_set(row, "state_list", list);
	json_decref(list);
}

/* The effect of a dry run in few words; its lists in full are in the JSON. */
void result_shape(json_t *row)
{
	json_t *effect = json_incref(json_object_get(row, "effect"));

	state_files(row);
	if (json_is_null(json_object_get(row, "not_kept")))
		json_object_del(row, "not_kept");
	if (!effect)
		return;
	count(row, effect, "files_added", "added");
	count(row, effect, "files_updated", "updated");
	count(row, effect, "files_removed", "gone");
	paths(row, effect, "files_overridden", "overridden");
	paths(row, effect, "files_revealed", "revealed");
	ramdisks(row, effect);
	json_object_update_missing(row, effect);
	json_decref(effect);
}

static const struct cli_column list_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Vendor", "vendor", CLI_STRING },
	{ "Acceptance Level", "acceptance", CLI_STRING },
	{ "Install Date", "install_date", CLI_STRING },
	{ 0 },
};

static const struct cli_column get_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Type", "type", CLI_STRING },
	{ "Vendor", "vendor", CLI_STRING },
	{ "Acceptance Level", "acceptance", CLI_STRING },
	{ "Summary", "summary", CLI_STRING },
	{ "Description", "description", CLI_STRING },
	{ "Creation Date", "created", CLI_STRING },
	{ "Install Date", "install_date", CLI_STRING },
	{ "Depends", "depends", CLI_LIST },
	{ "Conflicts", "conflicts", CLI_LIST },
	{ "Replaces", "replaces", CLI_LIST },
	{ "Provides", "provides", CLI_LIST },
	{ "Maintenance Mode Required", "maintenance_mode", CLI_BOOLEAN },
	{ "Live Install Allowed", "live_install_allowed", CLI_BOOLEAN },
	{ "Live Remove Allowed", "live_remove_allowed", CLI_BOOLEAN },
	{ "Overlay", "overlay", CLI_BOOLEAN },
	{ "Services", "services", CLI_LIST },
	{ "Tardisks", "tardisks", CLI_LIST },
	{ 0 },
};

/* What a dry run tells more. */
#define EFFECT_COLUMNS                                                                   \
	{ "Files Added", "added", CLI_INTEGER | CLI_OPTIONAL },                          \
		{ "Files Updated", "updated", CLI_INTEGER | CLI_OPTIONAL },              \
		{ "Files Removed", "gone", CLI_INTEGER | CLI_OPTIONAL },                 \
		{ "Files Overridden", "overridden", CLI_LIST | CLI_OPTIONAL },           \
		{ "Files Revealed", "revealed", CLI_LIST | CLI_OPTIONAL },               \
		{ "Services Stopped", "services_stopped", CLI_LIST | CLI_OPTIONAL },     \
		{ "Services Started", "services_started", CLI_LIST | CLI_OPTIONAL },     \
		{ "Services Restarted", "services_restarted", CLI_LIST | CLI_OPTIONAL }, \
		{ "Memory While Installing", "memory_peak", CLI_KIB | CLI_OPTIONAL },    \
		{ "Memory Kept", "memory_kept", CLI_KIB | CLI_OPTIONAL },                \
		{ "Memory Freed", "memory_freed", CLI_KIB | CLI_OPTIONAL },              \
		{ "Memory Reserved", "memory_reserved", CLI_KIB | CLI_OPTIONAL },        \
		{ "Ramdisks", "ramdisk_list", CLI_LIST | CLI_OPTIONAL },                 \
		{ "Bundles in Bank", "bank_bytes", CLI_KIB | CLI_OPTIONAL },             \
	{                                                                                \
		"Bank Size", "bank_size", CLI_KIB | CLI_OPTIONAL                         \
	}

#define RESULT_COLUMNS(what)                                                           \
	{                                                                              \
		{ "Message", "message", CLI_STRING },                                  \
			{ "Reboot Required", "reboot_required", CLI_BOOLEAN },         \
			{ what " Installed", "installed", CLI_LIST },                  \
			{ what " Removed", "removed", CLI_LIST },                      \
			{ what " Skipped", "skipped", CLI_LIST },                      \
			{ "State Files", "state_list", CLI_LIST | CLI_OPTIONAL },      \
			{ "Kept", "kept", CLI_BOOLEAN | CLI_OPTIONAL },                \
			{ "Not Kept Because", "not_kept", CLI_STRING | CLI_OPTIONAL }, \
			EFFECT_COLUMNS, { 0 },                                         \
	}

const struct cli_column result_columns[] = RESULT_COLUMNS("Bundles");
static const struct cli_column vib_result[] = RESULT_COLUMNS("VIBs");

#define DEPOT_OPTION                                                         \
	{                                                                    \
		"depot", 'd', "depot", CLI_TEXT, false, "URL|PATH,...", NULL \
	}
#define FORCE_OPTION                                               \
	{                                                          \
		"force", 'f', "force", CLI_FLAG, false, NULL, NULL \
	}
#define DRY_RUN_OPTION                                               \
	{                                                            \
		"dry-run", 0, "dry_run", CLI_FLAG, false, NULL, NULL \
	}

static const struct cli_option install_options[] = {
	{ "bundle", 'b', "source", CLI_TEXT, false, "PATH|URL", "Bundle to install" },
	{ "name", 'n', "name", CLI_TEXT, false, "NAME[>=VERSION],...", NULL },
	DEPOT_OPTION,
	FORCE_OPTION,
	DRY_RUN_OPTION,
	{ 0 },
};

static const struct cli_option update_options[] = {
	{ "name", 'n', "name", CLI_TEXT, false, "NAME,...", NULL },
	DEPOT_OPTION,
	FORCE_OPTION,
	DRY_RUN_OPTION,
	{ 0 },
};

static const struct cli_option vib_options[] = {
	{ "viburl", 'v', "source", CLI_TEXT, false, "PATH|URL", "Bundle to install" },
	{ "vibname", 'n', "name", CLI_TEXT, false, "NAME[>=VERSION],...", NULL },
	DEPOT_OPTION,
	FORCE_OPTION,
	DRY_RUN_OPTION,
	{ 0 },
};

/* A bundle by its place or by its name. */
static int prepare_install(json_t *params, struct err *e)
{
	bool name = json_object_get(params, "name"), source = json_object_get(params, "source");

	if (name == source)
		return err_set(e, ERR_USAGE,
			       name ? "give a bundle or a name, not both"
				    : "give the bundle, or a name to look for in depots");
	if (source && json_object_get(params, "depot"))
		return err_set(e, ERR_USAGE, "a depot goes with a name");
	if (source)
		return path_or_url(params, e);
	return depot_paths(params, e);
}

static const struct cli_option name_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ 0 },
};

static const struct cli_option vibname_options[] = {
	{ "vibname", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ 0 },
};

static const struct cli_option remove_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME,...", NULL },
	{ "force", 'f', "force", CLI_FLAG, false, NULL, NULL },
	{ "dry-run", 0, "dry_run", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

static const struct cli_option vib_remove_options[] = {
	{ "vibname", 'n', "name", CLI_TEXT, true, "NAME,...", NULL },
	{ "force", 'f', "force", CLI_FLAG, false, NULL, NULL },
	{ "dry-run", 0, "dry_run", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

static const struct cli_column keep_columns[] = {
	{ "Message", "message", CLI_STRING },
	{ 0 },
};

static const struct cli_column refused_columns[] = {
	{ "Name", "name", CLI_STRING },	    { "Version", "version", CLI_STRING },
	{ "Vendor", "vendor", CLI_STRING }, { "Time", "time", CLI_STRING },
	{ "Reason", "reason", CLI_STRING }, { 0 },
};

static const struct cli_option refused_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ "bundle-version", 0, "version", CLI_TEXT, false, "VERSION", NULL },
	{ 0 },
};

#define LIST(area)                                                               \
	{                                                                        \
		.words = "software " area " list", .op = "software.bundle.list", \
		.style = CLI_TABLE, .columns = list_columns,                     \
		.help = "Bundles of the image and those installed since",        \
	}
#define GET(area, names)                                                                         \
	{                                                                                        \
		.words = "software " area " get", .op = "software.bundle.get", .options = names, \
		.style = CLI_FIELDS, .header = "{id}", .columns = get_columns,                   \
		.shape = shape_bundle, .help = "Everything a bundle says about itself",          \
	}
#define INSTALL(area, verb, choices, results, top)                                          \
	{                                                                                   \
		.words = "software " area " " verb, .op = "software.bundle.install",        \
		.options = choices, .style = CLI_FIELDS, .header = top, .columns = results, \
		.prepare = prepare_install, .shape = result_shape,                          \
		.help = "Install a bundle, or its newer version, on the running host",      \
	}
#define UPDATE(area, choices, results)                                               \
	{                                                                            \
		.words = "software " area " update", .op = "software.bundle.update", \
		.options = choices, .style = CLI_FIELDS, .header = "Update Result",  \
		.columns = results, .prepare = depot_paths, .shape = result_shape,   \
		.help = "Replace bundles by newer versions out of depots",           \
	}
#define REMOVE(area, choices, results)                                               \
	{                                                                            \
		.words = "software " area " remove", .op = "software.bundle.remove", \
		.options = choices, .style = CLI_FIELDS, .header = "Removal Result", \
		.columns = results, .shape = result_shape,                           \
		.help = "Take a bundle off the running host",                        \
	}

/* clang-format off */
const struct cli_command software_commands[] = {
	LIST("bundle"),
	GET("bundle", name_options),
	INSTALL("bundle", "install", install_options, result_columns, "Installation Result"),
	UPDATE("bundle", update_options, result_columns),
	REMOVE("bundle", remove_options, result_columns),
	{
		.words = "software bundle keep",
		.op = "software.bundle.keep",
		.style = CLI_FIELDS,
		.columns = keep_columns,
		.help = "Write the bundles of now to the boot medium, if it does not have them",
	},
	{
		.words = "software bundle refused list",
		.op = "software.refused.list",
		.style = CLI_TABLE,
		.columns = refused_columns,
		.help = "Versions that failed on this host and were rolled back",
	},
	{
		.words = "software bundle refused remove",
		.op = "software.refused.remove",
		.options = refused_options,
		.help = "Let such a version be installed again",
	},
	LIST("vib"),
	GET("vib", vibname_options),
	INSTALL("vib", "install", vib_options, vib_result, "Installation Result"),
	INSTALL("vib", "update", vib_options, vib_result, "Update Result"),
	REMOVE("vib", vib_remove_options, vib_result),
	{ 0 },
};
/* clang-format on */
