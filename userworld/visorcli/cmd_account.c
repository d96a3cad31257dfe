// SPDX-License-Identifier: Apache-2.0
/* system account. A password never stands on the command line: others can read that. */
#include <string.h>

#include "commands.h"
#include "secret.h"

static int ask_password(json_t *params, struct err *e)
{
	char password[SECRET_MAX];
	int rc = secret_read("New password: ", "Again: ", password, e);

	if (rc == 0 && json_object_set_new(params, "password", json_string(password)) < 0)
		rc = err_set(e, ERR_INVALID, "the password is not UTF-8");
	explicit_bzero(password, sizeof(password));
	return rc;
}

static const struct cli_column is_set_columns[] = {
	{ "Password Is Set", "is_set", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_option options[] = {
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Name of the user" },
	{ 0 },
};

const struct cli_command account_commands[] = {
	{
		.words = "system account password set",
		.op = "account.password.set",
		.options = options,
		.prepare = ask_password,
		.help = "Change a password; it is read from the terminal or from stdin",
	},
	{
		.words = "system account password get",
		.op = "account.password.is_set",
		.options = options,
		.style = CLI_FIELDS,
		.columns = is_set_columns,
		.help = "Say whether a user has a password",
	},
	{ 0 },
};
