// SPDX-License-Identifier: Apache-2.0
/* software acceptance, software bundle signature, software revocation: who is trusted. */
#include <string.h>

#include "commands.h"
#include "path.h"

static void add_line(json_t *row, json_t *line)
{
	json_object_set_new(row, "lines", json_pack("[o]", line));
}

/* The bare name of the level, as esxcli gives it. */
static void shape_level(json_t *row)
{
	add_line(row, json_copy(json_object_get(row, "level")));
}

static void shape_changed(json_t *row)
{
	add_line(row, json_sprintf("Host acceptance level changed to '%s'.",
				   json_string_value(json_object_get(row, "level")) ?: ""));
}

/* The names that esxcli has for levels are understood, too. */
static int plain_level(json_t *params, struct err *e)
{
	static const struct {
		const char *theirs, *ours;
	} names[] = {
		{ "VMwareCertified", "certified" },
		{ "VMwareAccepted", "accepted" },
		{ "PartnerSupported", "partner" },
		{ "CommunitySupported", "community" },
	};
	const char *level = json_string_value(json_object_get(params, "level"));

	(void)e;
	for (size_t i = 0; level && i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].theirs, level))
			return json_object_set_new(params, "level", json_string(names[i].ours));
	return 0;
}

static const struct cli_option level_options[] = {
	{ "level", 'l', "level", CLI_TEXT, true, "LEVEL", NULL },
	{ 0 },
};

static const struct cli_option import_options[] = {
	{ "file", 'f', "source", CLI_TEXT, true, "PATH|URL", "Signed list, see revocation(5)" },
	{ "evict", 0, "evict", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

static const struct cli_column signature_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Vendor", "vendor", CLI_STRING },
	{ "Acceptance Level", "acceptance", CLI_STRING },
	{ "Signature Verification", "verification", CLI_STRING },
	{ 0 },
};

static const struct cli_column import_columns[] = {
	{ "Number", "number", CLI_INTEGER },
	{ "Bundles Revoked", "revoked", CLI_LIST },
	{ "Bundles Removed", "removed", CLI_LIST },
	{ 0 },
};

static const struct cli_column revocation_columns[] = {
	{ "Number", "number", CLI_INTEGER },
	{ "Issued", "issued", CLI_STRING },
	{ "Keys", "key_list", CLI_LIST },
	{ "Bundles", "descriptor_list", CLI_LIST },
	{ 0 },
};

static json_t *digests(const json_t *entries)
{
	json_t *list = json_array(), *entry;
	size_t i;

	json_array_foreach (entries, i, entry)
		json_array_append(list, json_object_get(entry, "sha256"));
	return list;
}

static void shape_revocation(json_t *row)
{
	json_object_set_new(row, "key_list", digests(json_object_get(row, "keys")));
	json_object_set_new(row, "descriptor_list", digests(json_object_get(row, "descriptors")));
}

#define VERIFY(area)                                                                            \
	{                                                                                       \
		.words = "software " area " signature verify", .op = "software.signature.list", \
		.style = CLI_TABLE, .columns = signature_columns,                               \
		.help = "Verify the signatures of the installed bundles again",                 \
	}

/* clang-format off */
const struct cli_command trust_commands[] = {
	{
		.words = "software acceptance get", .op = "software.acceptance.get",
		.style = CLI_LINES, .shape = shape_level,
		.help = "The acceptance level that bundles must have at least",
	},
	{
		.words = "software acceptance set", .op = "software.acceptance.set",
		.options = level_options, .style = CLI_LINES, .shape = shape_changed,
		.prepare = plain_level,
		.help = "Change it; nothing installed may be below",
	},
	VERIFY("bundle"),
	VERIFY("vib"),
	{
		.words = "software revocation get", .op = "software.revocation.get",
		.style = CLI_FIELDS, .columns = revocation_columns, .shape = shape_revocation,
		.help = "What is trusted no longer",
	},
	{
		.words = "software revocation import", .op = "software.revocation.import",
		.options = import_options, .style = CLI_FIELDS, .columns = import_columns,
		.prepare = path_or_url,
		.help = "Take a newer revocation list",
	},
	{ 0 },
};
/* clang-format on */
