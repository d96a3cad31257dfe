// SPDX-License-Identifier: Apache-2.0
/* account.token.*: what programs log in with. */
#include <string.h>
#include <time.h>

#include "account.h"
#include "cleanup.h"
#include "store.h"
#include "token.h"
#include "userworld/core/internal.h"
#include "utc.h"

#define DAY 86400

static json_t *row(const json_t *all, const char *name, const json_t *entry)
{
	const char *user = json_string_value(json_object_get(entry, "user"));
	const char *role = json_string_value(json_object_get(entry, "role"));
	time_t created = (time_t)json_integer_value(json_object_get(entry, "created"));
	time_t expires = (time_t)json_integer_value(json_object_get(entry, "expires"));
	char from[UTC_MAX], until[UTC_MAX];

	if (!role && user)
		role = role_name(accounts_role(all, user));
	return json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:b}", "name", name, "user", user, "role",
			 role, "created", utc_text(created, from), "expires",
			 utc_text(expires, until), "expired", expires <= time(NULL));
}

static int token_list(json_t *params, json_t **result, struct err *e)
{
	json_t *all, *list, *entry;
	const char *name;

	(void)params;
	if (accounts_read(&all, e) < 0)
		return -1;
	list = json_array();
	json_object_foreach (json_object_get(all, "tokens"), name, entry)
		json_array_append_new(list, row(all, name, entry));
	json_decref(all);
	return core_give(result, list, e);
}

static int add(json_t *params, const char *digest, time_t now, time_t expires, struct err *e)
{
	const char *role = core_string(params, "role");
	enum core_role limit = CORE_NOBODY;
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	if (role && role_parse(role, &limit, e) < 0)
		return -1;
	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1
		      : token_add(all, core_string(params, "name"), core_string(params, "user"),
				  limit, digest, now, expires, e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	return rc;
}

static int token_add_op(json_t *params, json_t **result, struct err *e)
{
	char token[TOKEN_LENGTH + 1], digest[TOKEN_DIGEST + 1], until[UTC_MAX];
	time_t now = time(NULL);
	time_t expires = now + (time_t)core_integer(params, "days", TOKEN_DAYS) * DAY;
	int rc;

	if (token_make(token, e) < 0 || token_digest(token, digest, e) < 0 ||
	    add(params, digest, now, expires, e) < 0)
		return -1;
	account_tell(core_string(params, "user"), "token %s added", core_string(params, "name"));
	rc = core_give(result,
		       json_pack("{s:s, s:s}", "token", token, "expires", utc_text(expires, until)),
		       e);
	explicit_bzero(token, sizeof(token));
	return rc;
}

static int token_remove(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	char user[ACCOUNT_USER + 1];

	(void)result;
	if (accounts_revoke("tokens", name, "token", user, e) < 0)
		return -1;
	account_tell(user, "token %s removed", name);
	return 0;
}

#define NAME_PARAM                                                                    \
	{                                                                             \
		"name", CORE_NAME, .required = true, .min = 1, .max = 64,             \
				   .help = "What the token is called: what it is for" \
	}

static const struct core_param add_params[] = {
	NAME_PARAM,
	ACCOUNT_USER_PARAM,
	ACCOUNT_ROLE_PARAM(false),
	{ "days", CORE_INT, .min = 1, .max = TOKEN_DAYS_MAX, .otherwise = "90",
	  .help = "How long it is good for" },
	{ 0 },
};
static const struct core_param name_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 64,
	  .among = "account.token.list name", .help = "What the token is called" },
	{ 0 },
};

const struct core_op core_token_ops[] = {
	{
		.name = "account.token.list",
		.method = "GET",
		.path = "/tokens",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.run = token_list,
		.help = "Tokens that programs log in with",
	},
	{
		.name = "account.token.add",
		.method = "POST",
		.path = "/tokens",
		.privilege = CORE_CHANGE,
		.params = add_params,
		.run = token_add_op,
		.help = "Makes a token of a user; it is shown this once",
	},
	{
		.name = "account.token.remove",
		.method = "DELETE",
		.path = "/tokens/{name}",
		.privilege = CORE_CHANGE,
		.params = name_params,
		.run = token_remove,
		.help = "Removes a token, which is good for nothing from then on",
	},
	{ 0 },
};
