// SPDX-License-Identifier: Apache-2.0
/* software provenance: where files and running code come from. */
#include "commands.h"
#include "path.h"

/* "zlib 1.2.13 (Zlib)" */
static void shape_components(json_t *row)
{
	json_t *list = json_array(), *item;
	size_t i;

	json_array_foreach (json_object_get(row, "components"), i, item) {
		const char *license = json_string_value(json_object_get(item, "license")) ?: "";

		json_array_append_new(
			list,
			json_sprintf("%s %s%s%s%s",
				     json_string_value(json_object_get(item, "name")) ?: "",
				     json_string_value(json_object_get(item, "version")) ?: "",
				     *license ? " (" : "", license, *license ? ")" : ""));
	}
	json_object_set_new(row, "component_list", list);
}

static int prepare_path(json_t *params, struct err *e)
{
	return path_absolute(params, "path", e);
}

static const struct cli_option path_options[] = {
	{ "path", 'p', "path", CLI_TEXT, true, "PATH", NULL },
	{ 0 },
};

static const struct cli_option pid_options[] = {
	{ "pid", 'p', "pid", CLI_NUMBER, true, "PID", NULL },
	{ 0 },
};

static const struct cli_column file_columns[] = {
	{ "Path", "path", CLI_STRING },
	{ "Tardisk", "tardisk", CLI_STRING },
	{ "Changed", "changed", CLI_BOOLEAN },
	{ "Bundle", "bundle", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Acceptance Level", "acceptance", CLI_STRING },
	{ "Signature", "signature", CLI_STRING },
	{ "Signer", "signer", CLI_STRING },
	{ "Signed", "signed", CLI_STRING },
	{ "Components", "component_list", CLI_LIST },
	{ 0 },
};

static const struct cli_column code_columns[] = {
	{ "PID", "pid", CLI_INTEGER },
	{ "Command", "command", CLI_STRING },
	{ "Path", "path", CLI_STRING },
	{ "Status", "status", CLI_STRING },
	{ "Tardisk", "tardisk", CLI_STRING },
	{ "Bundle", "bundle", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Acceptance Level", "acceptance", CLI_STRING },
	{ "Signature", "signature", CLI_STRING },
	{ 0 },
};

/* clang-format off */
const struct cli_command provenance_commands[] = {
	{
		.words = "software provenance get", .op = "software.provenance.get",
		.options = path_options, .style = CLI_FIELDS, .columns = file_columns,
		.prepare = prepare_path, .shape = shape_components,
		.help = "Bundle, signature and components that a file is from",
	},
	{
		.words = "software provenance process", .op = "software.provenance.process",
		.options = pid_options, .style = CLI_TABLE, .columns = code_columns,
		.help = "The same of all code that a process has mapped",
	},
	{
		.words = "software provenance list", .op = "software.provenance.list",
		.style = CLI_TABLE, .columns = code_columns,
		.help = "Processes that run code of removed, replaced or revoked bundles, or of none",
	},
	{ 0 },
};
/* clang-format on */
