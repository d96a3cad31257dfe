// SPDX-License-Identifier: Apache-2.0
/*
 * system account. A password is asked for: others can read a command line. Where a script of
 * esxcli gives one there, it is taken.
 */
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

/* From a pipe both are lines: the old one, and the new one. */
static int ask_both(json_t *params, struct err *e)
{
	char current[SECRET_MAX];
	int rc = secret_old("Password until now: ", current, e);

	if (rc == 0 && json_object_set_new(params, "current", json_string(current)) < 0)
		rc = err_set(e, ERR_INVALID, "the password is not UTF-8");
	explicit_bzero(current, sizeof(current));
	return rc < 0 ? -1 : ask_password(params, e);
}

static int take_given(json_t *params, struct err *e)
{
	const char *given = json_string_value(json_object_get(params, "password"));
	const char *again = json_string_value(json_object_get(params, "confirm"));
	int rc = 0;

	if (again && (!given || strcmp(given, again) != 0))
		rc = err_set(e, ERR_INVALID, "the passwords differ");
	json_object_del(params, "confirm");
	return rc;
}

static int add_password(json_t *params, struct err *e)
{
	if (take_given(params, e) < 0)
		return -1;
	return json_object_get(params, "password") ? 0 : ask_password(params, e);
}

static const struct cli_column list_columns[] = {
	{ "User ID", "user", CLI_STRING },
	{ "Description", "description", CLI_STRING },
	{ "Role", "role", CLI_STRING },
	{ 0 },
};

static const struct cli_column permission_columns[] = {
	{ "Principal", "user", CLI_STRING },
	{ "Role", "role", CLI_STRING },
	{ "Role Description", "meaning", CLI_STRING },
	{ 0 },
};

static const struct cli_column token_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "User", "user", CLI_STRING },
	{ "Role", "role", CLI_STRING },
	{ "Created", "created", CLI_STRING },
	{ "Expires", "expires", CLI_STRING },
	{ "Expired", "expired", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_column new_token_columns[] = {
	{ "Token", "token", CLI_STRING },
	{ "Expires", "expires", CLI_STRING },
	{ 0 },
};

static void say_meaning(json_t *row)
{
	const char *role = json_string_value(json_object_get(row, "role"));
	const char *meaning = "Sees the host";

	if (role && !strcmp(role, "admin"))
		meaning = "May do everything";
	else if (role && !strcmp(role, "operator"))
		meaning = "Keeps the host running";
	json_object_set_new(row, "meaning", json_string(meaning));
}

static const struct cli_column is_set_columns[] = {
	{ "Password Is Set", "is_set", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_option options[] = {
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Name of the user" },
	{ 0 },
};

static const struct cli_option add_options[] = {
	{ "description", 'd', "description", CLI_TEXT, false, "TEXT", "Who that is" },
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Name of the user" },
	{ "password", 'p', "password", CLI_TEXT, false, "PASSWORD",
	  "Others can read it here; without it, it is asked for" },
	{ "password-confirmation", 'c', "confirm", CLI_TEXT, false, "PASSWORD", "The same" },
	{ 0 },
};

static const struct cli_option set_options[] = {
	{ "description", 'd', "description", CLI_TEXT, false, "TEXT", "Who that is" },
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Name of the user" },
	{ "password", 'p', "password", CLI_TEXT, false, "PASSWORD",
	  "Others can read it here: 'system account password set' asks for it" },
	{ "password-confirmation", 'c', "confirm", CLI_TEXT, false, "PASSWORD", "The same" },
	{ 0 },
};

static const struct cli_option role_options[] = {
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Name of the user" },
	{ "role", 'r', "role", CLI_TEXT, true, "ROLE", "What the user may do" },
	{ 0 },
};

static const struct cli_option token_options[] = {
	{ "days", 'd', "days", CLI_NUMBER, false, "DAYS", "How long it is good for" },
	{ "id", 'i', "user", CLI_TEXT, true, "USER", "Name of the user" },
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", "What the token is for" },
	{ "role", 'r', "role", CLI_TEXT, false, "ROLE", "At most the user's, which it is else" },
	{ 0 },
};

static const struct cli_option name_options[] = {
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", "What the token is for" },
	{ 0 },
};

const struct cli_command account_commands[] = {
	{
		.words = "system account list",
		.op = "account.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.help = "The users of the host",
	},
	{
		.words = "system account add",
		.op = "account.add",
		.options = add_options,
		.prepare = add_password,
		.help = "Add a user, who may do nothing before 'system permission set'",
	},
	{
		.words = "system account set",
		.op = "account.set",
		.options = set_options,
		.prepare = take_given,
		.help = "Change description or password of a user",
	},
	{
		.words = "system account remove",
		.op = "account.remove",
		.options = options,
		.help = "Remove a user, with all tokens and certificates",
	},
	{
		.words = "system account token list",
		.op = "account.token.list",
		.style = CLI_TABLE,
		.columns = token_columns,
		.help = "Tokens that programs log in with",
	},
	{
		.words = "system account token add",
		.op = "account.token.add",
		.options = token_options,
		.style = CLI_FIELDS,
		.columns = new_token_columns,
		.help = "Make a token of a user; it is shown this once",
	},
	{
		.words = "system account token remove",
		.op = "account.token.remove",
		.options = name_options,
		.help = "Remove a token, which is good for nothing from then on",
	},
	{
		.words = "system permission list",
		.op = "permission.list",
		.style = CLI_TABLE,
		.columns = permission_columns,
		.shape = say_meaning,
		.help = "Who may log in, and as what",
	},
	{
		.words = "system permission set",
		.op = "permission.set",
		.options = role_options,
		.help = "Give a user a role",
	},
	{
		.words = "system permission unset",
		.op = "permission.unset",
		.options = options,
		.help = "Take a user's role away",
	},
	{
		.words = "system account password set",
		.op = "account.password.set",
		.options = options,
		.prepare = ask_password,
		.help = "Change a password; it is read from the terminal or from stdin",
	},
	{
		.words = "system account password change",
		.op = "account.password.change",
		.prepare = ask_both,
		.help = "Change your own password; the old one is asked for, too",
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
