// SPDX-License-Identifier: Apache-2.0
/* system hostname */
#include <string.h>

#include "commands.h"

/* "esx1.example.org" is host esx1 of domain example.org. */
static void split(json_t *row)
{
	const char *full = json_string_value(json_object_get(row, "hostname")) ?: "";
	const char *dot = strchr(full, '.');

	json_object_set_new(row, "domain", json_string(dot ? dot + 1 : ""));
	json_object_set_new(row, "host",
			    json_stringn(full, dot ? (size_t)(dot - full) : strlen(full)));
}

static const struct cli_column columns[] = {
	{ "Domain Name", "domain", CLI_STRING },
	{ "Fully Qualified Domain Name", "hostname", CLI_STRING },
	{ "Host Name", "host", CLI_STRING },
	{ 0 },
};

static const struct cli_option set_options[] = {
	{ "fqdn", 'f', "hostname", CLI_TEXT, true, "NAME", NULL },
	{ "host", 'H', "hostname", CLI_TEXT, false, "NAME", "The same" },
	{ 0 },
};

const struct cli_command hostname_commands[] = {
	{
		.words = "system hostname get",
		.op = "system.hostname.get",
		.style = CLI_FIELDS,
		.columns = columns,
		.shape = split,
		.help = "Name of the host",
	},
	{
		.words = "system hostname set",
		.op = "system.hostname.set",
		.options = set_options,
		.help = "Change the name of the host",
	},
	{ 0 },
};
