// SPDX-License-Identifier: Apache-2.0
/* system visorfs */
#include "commands.h"

static json_int_t field(json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

/*
 * Columns that scripts written for ESXi count on. Free percentages round down:
 * 0 % says full. Inodes are made as they are needed, so as many are allocated as
 * are used. No part of memory goes into a core dump.
 */
static void shape_ramdisk(json_t *row)
{
	json_int_t max = field(row, "max"), min = field(row, "min"), used = field(row, "used");
	json_int_t reserved_free = min > used ? min - used : 0;

	json_object_set_new(row, "free_percent",
			    json_integer(max > used ? (max - used) * 100 / max : 0));
	json_object_set_new(row, "reserved_free_percent",
			    json_integer(min ? reserved_free * 100 / min : 0));
	json_object_set_new(row, "coredump", json_false());
}

static const struct cli_column ramdisk_columns[] = {
	{ "Ramdisk Name", "name", CLI_STRING },
	{ "System", "system", CLI_BOOLEAN },
	{ "Include in Coredumps", "coredump", CLI_BOOLEAN },
	{ "Reserved", "min", CLI_KIB },
	{ "Maximum", "max", CLI_KIB },
	{ "Used", "used", CLI_KIB },
	{ "Peak Used", "peak", CLI_KIB },
	{ "Free", "free_percent", CLI_PERCENT },
	{ "Reserved Free", "reserved_free_percent", CLI_PERCENT },
	{ "Maximum Inodes", "max_inodes", CLI_INTEGER },
	{ "Allocated Inodes", "used_inodes", CLI_INTEGER },
	{ "Used Inodes", "used_inodes", CLI_INTEGER },
	{ "Mount Point", "path", CLI_STRING },
	{ 0 },
};

static const struct cli_column tardisk_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "System", "system", CLI_BOOLEAN },
	{ "Residency", "residency", CLI_STRING },
	{ "Size", "size", CLI_KIB },
	{ "Compressed", "packed", CLI_KIB },
	{ "In Memory", "memory", CLI_KIB },
	{ "Files", "files", CLI_INTEGER },
	{ "Changed Files", "branches", CLI_INTEGER },
	{ 0 },
};

/* One word for what a version is to users, and who has it. */
static void shape_version(json_t *row)
{
	const char *tardisk = json_string_value(json_object_get(row, "tardisk"));
	const char *state = "hidden";

	if (json_is_true(json_object_get(row, "deleted")))
		state = "deleted";
	else if (json_is_true(json_object_get(row, "changed")))
		state = "changed";
	else if (json_is_true(json_object_get(row, "visible")))
		state = "visible";
	json_object_set_new(row, "state", json_string(state));
	json_object_set_new(row, "provider",
			    json_string(tardisk && *tardisk ? tardisk : "(ramdisk)"));
}

static const struct cli_column version_columns[] = {
	{ "Provider", "provider", CLI_STRING },
	{ "State", "state", CLI_STRING },
	{ "Type", "type", CLI_STRING },
	{ "Mode", "mode", CLI_STRING },
	{ "User", "uid", CLI_INTEGER },
	{ "Group", "gid", CLI_INTEGER },
	{ "Size", "size", CLI_INTEGER },
	{ "Modified", "modified", CLI_STRING },
	{ 0 },
};

static const struct cli_option path_options[] = {
	{ "path", 'p', "path", CLI_TEXT, true, "PATH", NULL },
	{ 0 },
};

static const struct cli_option version_options[] = {
	{ "path", 'p', "path", CLI_TEXT, true, "PATH", NULL },
	{ "tardisk", 't', "tardisk", CLI_TEXT, false, "NAME", NULL },
	{ 0 },
};

static const struct cli_column verify_columns[] = {
	{ "Enabled", "enabled", CLI_BOOLEAN },	    { "Rate", "rate", CLI_KIB },
	{ "Passes", "passes", CLI_INTEGER },	    { "Damaged Chunks", "errors", CLI_INTEGER },
	{ "Healed Chunks", "healed", CLI_INTEGER }, { "Tardisk", "tardisk", CLI_STRING },
	{ "Position", "position", CLI_KIB },	    { 0 },
};

static const struct cli_column run_columns[] = {
	{ "Names", "names", CLI_INTEGER },
	{ "Files", "files", CLI_INTEGER },
	{ "Violations", "violations", CLI_INTEGER },
	{ "First Violation", "first", CLI_STRING },
	{ 0 },
};

static const struct cli_option verify_options[] = {
	{ "enabled", 'e', "enabled", CLI_TRUTH, false, "true|false", NULL },
	{ "rate", 'r', "rate", CLI_MIB, false, "MIB", NULL },
	{ 0 },
};

static const struct cli_option add_options[] = {
	{ "max-size", 'M', "max", CLI_MIB, true, "MIB", NULL },
	{ "min-size", 'm', "min", CLI_MIB, false, "MIB", NULL },
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ "permissions", 'p', "permissions", CLI_TEXT, false, "MODE", NULL },
	{ "target", 't', "target", CLI_TEXT, true, "PATH", NULL },
	{ "inodes", 'i', "inodes", CLI_NUMBER, false, "COUNT", NULL },
	{ 0 },
};

static const struct cli_option remove_options[] = {
	{ "target", 't', "target", CLI_TEXT, false, "PATH", NULL },
	{ "name", 'n', "name", CLI_TEXT, false, "NAME", NULL },
	{ 0 },
};

static const struct cli_option owners_options[] = {
	{ "name", 'n', "name", CLI_TEXT, false, "NAME", NULL },
	{ 0 },
};

static const struct cli_option files_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ "limit", 'l', "limit", CLI_NUMBER, false, "COUNT", NULL },
	{ 0 },
};

static const struct cli_column files_columns[] = {
	{ "Path", "path", CLI_STRING },
	{ "Used", "bytes", CLI_KIB },
	{ "Modified", "modified", CLI_STRING },
	{ "User", "uid", CLI_INTEGER },
	{ 0 },
};

static const struct cli_column owner_columns[] = {
	{ "Ramdisk Name", "ramdisk", CLI_STRING },
	{ "Pool", "pool", CLI_STRING },
	{ "Used", "bytes", CLI_KIB },
	{ "Used Inodes", "inodes", CLI_INTEGER },
	{ 0 },
};

static const struct cli_option resize_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	{ "max-size", 'M', "max", CLI_MIB, false, "MIB", NULL },
	{ "min-size", 'm', "min", CLI_MIB, false, "MIB", NULL },
	{ "inodes", 'i', "inodes", CLI_NUMBER, false, "COUNT", NULL },
	{ 0 },
};

const struct cli_command visorfs_commands[] = {
	{
		.words = "system visorfs ramdisk list",
		.op = "system.ramdisk.list",
		.style = CLI_TABLE,
		.columns = ramdisk_columns,
		.shape = shape_ramdisk,
		.help = "Ramdisks with their caps and use",
	},
	{
		.words = "system visorfs ramdisk owners",
		.op = "system.ramdisk.owners",
		.options = owners_options,
		.style = CLI_TABLE,
		.columns = owner_columns,
		.help = "What each pool holds of the ramdisks",
	},
	{
		.words = "system visorfs ramdisk files",
		.op = "system.ramdisk.files",
		.options = files_options,
		.style = CLI_TABLE,
		.columns = files_columns,
		.help = "The files that take most of a ramdisk",
	},
	{
		.words = "system visorfs ramdisk add",
		.op = "system.ramdisk.add",
		.options = add_options,
		.help = "Make a directory the top of a new ramdisk",
	},
	{
		.words = "system visorfs ramdisk remove",
		.op = "system.ramdisk.remove",
		.options = remove_options,
		.help = "Remove an empty ramdisk",
	},
	{
		.words = "system visorfs ramdisk resize",
		.op = "system.ramdisk.resize",
		.options = resize_options,
		.help = "Change the caps of a ramdisk in use",
	},
	{
		.words = "system visorfs tardisk list",
		.op = "system.tardisk.list",
		.style = CLI_TABLE,
		.columns = tardisk_columns,
		.help = "Attached tardisks, oldest first",
	},
	{
		.words = "system visorfs provenance",
		.op = "system.file.provenance",
		.options = path_options,
		.style = CLI_TABLE,
		.columns = version_columns,
		.shape = shape_version,
		.help = "Who provides a path, newest first",
	},
	{
		.words = "system visorfs shipped",
		.op = "system.file.shipped",
		.options = version_options,
		.style = CLI_LINES,
		.help = "Show a text file as its tardisk has it",
	},
	{
		.words = "system visorfs diff",
		.op = "system.file.diff",
		.options = version_options,
		.style = CLI_LINES,
		.help = "Show what changed in a file since it was shipped",
	},
	{
		.words = "system visorfs verify get",
		.op = "system.verify.get",
		.style = CLI_FIELDS,
		.columns = verify_columns,
		.help = "The verify mode, and what its scrub has found",
	},
	{
		.words = "system visorfs verify set",
		.op = "system.verify.set",
		.options = verify_options,
		.help = "Switch the verify mode, until the next boot",
	},
	{
		.words = "system visorfs verify run",
		.op = "system.verify.run",
		.style = CLI_FIELDS,
		.columns = run_columns,
		.help = "Check the invariants of the file system now",
	},
	{ 0 },
};
