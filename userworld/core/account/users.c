// SPDX-License-Identifier: Apache-2.0
/* account.*: the users of the host, and permission.*: what they are to it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "account.h"
#include "cleanup.h"
#include "lockdown.h"
#include "password.h"
#include "store.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"

static json_t *row(const json_t *all, const char *user, const char *description)
{
	return json_pack("{s:s, s:s?, s:s}", "user", user, "description", description, "role",
			 role_name(accounts_role(all, user)));
}

/* root, then the others by name. Permissions are the rows of those who have one. */
static int rows(json_t **result, bool permitted, struct err *e)
{
	json_t *all, *list, *entry;
	const char *user;

	if (accounts_read(&all, e) < 0)
		return -1;
	list = json_array();
	json_array_append_new(list, row(all, "root", "Administrator"));
	json_object_foreach (json_object_get(all, "users"), user, entry) {
		if (!permitted || accounts_role(all, user) != CORE_NOBODY)
			json_array_append_new(
				list,
				row(all, user,
				    json_string_value(json_object_get(entry, "description"))));
	}
	json_decref(all);
	return core_give(result, list, e);
}

static int account_list(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return rows(result, false, e);
}

static int permission_list(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return rows(result, true, e);
}

void account_tell(const char *user, const char *fmt, ...)
{
	char what[96];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	core_event(EVENT_AUTH_ACCOUNT,
		   EVENT_WITH(EVENT_STR("account", user), EVENT_STR("action", what)), "User %s: %s",
		   user, what);
}

static int account_add(json_t *params, json_t **result, struct err *e)
{
	const char *user = core_string(params, "user");
	char hash[SHADOW_HASH_MAX];
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	(void)result;
	if (account_hash_new(user, core_string(params, "password"), hash, e) < 0)
		return -1;
	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1
		      : accounts_add(all, user, core_string(params, "description"), hash,
				     account_today(), e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	if (rc == 0)
		account_tell(user, "added");
	return rc;
}

static int account_set(json_t *params, json_t **result, struct err *e)
{
	const char *description = core_string(params, "description");
	const char *password = core_string(params, "password");

	(void)result;
	if (!description && !password)
		return err_set(e, ERR_USAGE, "give a description, a password or both");
	return account_change(core_string(params, "user"), description, password, e);
}

static int account_remove(json_t *params, json_t **result, struct err *e)
{
	const char *user = core_string(params, "user");
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	(void)result;
	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1 : accounts_remove(all, user, e);
	/* Somebody else of that name must not inherit it. */
	if (rc == 0)
		rc = lockdown_forget(user, all, e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	if (rc == 0)
		account_tell(user, "removed");
	return rc;
}

static int permit(const char *user, enum core_role role, struct err *e)
{
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1 : accounts_permit(all, user, role, e);
	if (rc == 0)
		rc = lockdown_check(all, e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	if (rc == 0)
		account_tell(user, "%s", role_name(role));
	return rc;
}

static int permission_set(json_t *params, json_t **result, struct err *e)
{
	enum core_role role;

	(void)result;
	if (role_parse(core_string(params, "role"), &role, e) < 0)
		return -1;
	return permit(core_string(params, "user"), role, e);
}

static int permission_unset(json_t *params, json_t **result, struct err *e)
{
	(void)result;
	return permit(core_string(params, "user"), CORE_NOBODY, e);
}

#define DESCRIPTION_PARAM                                                     \
	{                                                                     \
		"description", CORE_STRING, .max = 128, .help = "Who that is" \
	}

static const struct core_param add_params[] = { { "user", CORE_NAME, .required = true, .min = 1,
						  .max = 32, .help = "Name of the new user" },
						ACCOUNT_PASSWORD_PARAM(true),
						DESCRIPTION_PARAM,
						{ 0 } };
static const struct core_param set_params[] = {
	ACCOUNT_USER_PARAM, ACCOUNT_PASSWORD_PARAM(false), DESCRIPTION_PARAM, { 0 }
};
static const struct core_param user_params[] = { ACCOUNT_USER_PARAM, { 0 } };
static const struct core_param role_params[] = { ACCOUNT_USER_PARAM,
						 ACCOUNT_ROLE_PARAM(true),
						 { 0 } };

const struct core_op core_users_ops[] = {
	{
		.name = "account.list",
		.method = "GET",
		.path = "/accounts",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.run = account_list,
		.help = "The users of the host",
	},
	{
		.name = "account.add",
		.method = "POST",
		.path = "/accounts",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = add_params,
		.run = account_add,
		.help = "Adds a user, who may do nothing before a role is given",
	},
	{
		.name = "account.set",
		.method = "PATCH",
		.path = "/accounts/{user}",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = account_set,
		.help = "Changes password or description of a user",
	},
	{
		.name = "account.remove",
		.method = "DELETE",
		.path = "/accounts/{user}",
		.privilege = CORE_CHANGE,
		.params = user_params,
		.run = account_remove,
		.help = "Removes a user, with all tokens and certificates",
	},
	{
		.name = "permission.list",
		.method = "GET",
		.path = "/permissions",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.run = permission_list,
		.help = "The users who may log in, and their roles",
	},
	{
		.name = "permission.set",
		.method = "PUT",
		.path = "/permissions/{user}",
		.privilege = CORE_CHANGE,
		.params = role_params,
		.run = permission_set,
		.help = "Gives a user a role",
	},
	{
		.name = "permission.unset",
		.method = "DELETE",
		.path = "/permissions/{user}",
		.privilege = CORE_CHANGE,
		.params = user_params,
		.run = permission_unset,
		.help = "Takes a user's role away",
	},
	{ 0 },
};
