// SPDX-License-Identifier: Apache-2.0
/* system security certificate. Files are those of whoever calls: the host need not have them. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "userworld/lib/file.h"

#define FILE_MAX (48 << 10) /* bytes: what the operation takes */

/* The file's text in the place of its name. */
static int read_pem(json_t *params, struct err *e)
{
	const char *path = json_string_value(json_object_get(params, "pem"));
	char *text = NULL;
	json_t *value;

	if (!path || file_read(path, FILE_MAX, &text, NULL, e) < 0)
		return -1;
	value = json_string(text);
	explicit_bzero(text, strlen(text));
	free(text);
	if (!value)
		return err_set(e, ERR_INVALID, "%s: is no PEM file", path);
	json_object_set_new(params, "pem", value);
	return 0;
}

static const struct cli_column columns[] = {
	{ "Subject", "subject", CLI_STRING },	       { "Issuer", "issuer", CLI_STRING },
	{ "Self Signed", "self_signed", CLI_BOOLEAN }, { "Not Before", "not_before", CLI_STRING },
	{ "Not After", "not_after", CLI_STRING },      { "Names", "names", CLI_LIST },
	{ "Thumbprint", "thumbprint", CLI_STRING },    { 0 },
};

static const struct cli_column client_columns[] = {
	{ "Name", "name", CLI_STRING },		{ "User", "user", CLI_STRING },
	{ "Role", "role", CLI_STRING },		{ "Subject", "subject", CLI_STRING },
	{ "Expires", "expires", CLI_STRING },	{ "Expired", "expired", CLI_BOOLEAN },
	{ "Last Use", "last_use", CLI_STRING }, { 0 },
};

static const struct cli_option client_options[] = {
	{ "file", 'f', "pem", CLI_TEXT, true, "FILE", "The certificate alone, as PEM" },
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Who its holder is" },
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", "What it is called here" },
	{ "role", 'r', "role", CLI_TEXT, false, "ROLE", "At most the user's, which it is else" },
	{ 0 },
};

static const struct cli_option name_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", "What it is called here" },
	{ 0 },
};

static const struct cli_option set_options[] = {
	{ "file", 'f', "pem", CLI_TEXT, true, "FILE",
	  "PEM: certificate, those that issued it, and its key without passphrase" },
	{ 0 },
};

const struct cli_command certificate_commands[] = {
	{
		.words = "system security certificate get",
		.op = "system.certificate.get",
		.style = CLI_FIELDS,
		.columns = columns,
		.help = "The certificate by which clients know the host",
	},
	{
		.words = "system security certificate set",
		.op = "system.certificate.set",
		.options = set_options,
		.prepare = read_pem,
		.style = CLI_FIELDS,
		.columns = columns,
		.help = "Give the host another certificate and key",
	},
	{
		.words = "system security certificate reset",
		.op = "system.certificate.reset",
		.help = "Have the host make a key and certificate of its own again",
	},
	{
		.words = "system security certificate client list",
		.op = "system.certificate.client.list",
		.style = CLI_TABLE,
		.columns = client_columns,
		.help = "Certificates by which clients log in",
	},
	{
		.words = "system security certificate client add",
		.op = "system.certificate.client.add",
		.options = client_options,
		.prepare = read_pem,
		.help = "Let the holder of a certificate log in as a user",
	},
	{
		.words = "system security certificate client remove",
		.op = "system.certificate.client.remove",
		.options = name_options,
		.help = "Let nobody log in by a certificate any more",
	},
	{ 0 },
};
