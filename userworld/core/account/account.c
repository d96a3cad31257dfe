// SPDX-License-Identifier: Apache-2.0
/*
 * Passwords. root's is in /etc/shadow, a state file that is rewritten whole, its mode kept; those
 * of other users are in the file of accounts.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "userworld/core/event.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "account.h"
#include "identity.h"
#include "password.h"
#include "store.h"

static int read_shadow(char path[static CORE_PATH_MAX], char **text, struct err *e)
{
	if (core_path(path, e, CORE_ROOT, "/etc/shadow") < 0)
		return -1;
	return file_read(path, SHADOW_FILE_MAX, text, NULL, e);
}

static int account_verify(json_t *params, json_t **result, struct err *e)
{
	const char *origin = core_string(params, "origin");
	struct identity id;

	if (account_by_password(core_string(params, "user"), core_string(params, "password"),
				origin ? origin : "console", &id, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:s, s:s}", "user", id.user, "role", role_name(id.role)), e);
}

static int write_shadow(const char *path, const char *text, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_sys(e, errno, "%s", path);
	return file_write_atomic(path, text, strlen(text), st.st_mode & 07777, e);
}

/* root's is the system's own. */
static int set_root(const char *hash, struct err *e)
{
	_cleanup_close_ int lock = core_lock("/run/visoros/shadow.lock", e);
	_cleanup_free_ char *text = NULL, *changed = NULL;
	char path[CORE_PATH_MAX];

	if (lock < 0 || read_shadow(path, &text, e) < 0 ||
	    shadow_replace(text, "root", hash, account_today(), &changed, e) < 0)
		return -1;
	return write_shadow(path, changed, e);
}

static int set_user(const char *user, const char *description, const char *hash, struct err *e)
{
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1 : accounts_set(all, user, description, hash, account_today(), e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	return rc;
}

long account_today(void)
{
	return (long)(time(NULL) / 86400);
}

int account_hash_new(const char *user, const char *password, char hash[static SHADOW_HASH_MAX],
		     struct err *e)
{
	struct password_rule rule;
	struct access a;

	access_read(&a, NULL);
	rule = (struct password_rule){ a.password_length, a.password_classes };
	if (password_check(user, password, &rule, e) < 0)
		return -1;
	return password_hash(password, hash, e);
}

int account_change(const char *user, const char *description, const char *password, struct err *e)
{
	bool root = !strcmp(user, "root");
	char hash[SHADOW_HASH_MAX];

	if (root && description)
		return err_set(e, ERR_DENIED, "root: its description cannot be changed");
	if (password && account_hash_new(user, password, hash, e) < 0)
		return -1;
	if (root && !password)
		return 0;
	if ((root ? set_root(hash, e) : set_user(user, description, password ? hash : NULL, e)) < 0)
		return -1;
	if (password)
		core_event(EVENT_AUTH_PASSWORD, EVENT_WITH(EVENT_STR("account", user)),
			   "Password of user %s was changed", user);
	return 0;
}

static int password_set(json_t *params, json_t **result, struct err *e)
{
	(void)result;
	return account_change(core_string(params, "user"), NULL, core_string(params, "password"),
			      e);
}

/*
 * Whoever sits before a page that somebody left open does not know the password. A wrong one counts
 * as at the login; it is no reason to ask who is there, so it is not ERR_AUTH.
 */
static int password_change(json_t *params, json_t **result, struct err *e)
{
	const char *origin = core_user_is_remote() ? "network" : "console";
	struct err fault = ERR_INIT;
	struct identity id;

	(void)result;
	if (account_by_password(core_user(), core_string(params, "current"), origin, &id, &fault) ==
	    0)
		return account_change(core_user(), NULL, core_string(params, "password"), e);
	return err_set(e, fault.kind == ERR_AUTH ? ERR_DENIED : fault.kind,
		       "the password is not changed: %s", fault.text);
}

static int password_is_set(json_t *params, json_t **result, struct err *e)
{
	const char *user = core_string(params, "user");
	_cleanup_free_ char *text = NULL;
	char hash[SHADOW_HASH_MAX];
	char path[CORE_PATH_MAX];
	json_t *all;
	bool known;

	if (!strcmp(user, "root")) {
		if (read_shadow(path, &text, e) < 0 || shadow_hash(text, user, hash, e) < 0)
			return -1;
		return core_give(result, json_pack("{s:b}", "is_set", shadow_is_set(hash)), e);
	}
	if (accounts_read(&all, e) < 0)
		return -1;
	known = accounts_hash(all, user) != NULL;
	json_decref(all);
	if (!known)
		return err_set(e, ERR_NOT_FOUND, "%s: no such user", user);
	return core_give(result, json_pack("{s:b}", "is_set", 1), e);
}

#define ORIGIN_PARAM                                                                          \
	{                                                                                     \
		"origin", CORE_NAME, .min = 1, .max = 32,                                     \
				     .help = "Where failures are counted: console or network" \
	}

static const struct core_param verify_params[] = {
	ACCOUNT_USER_PARAM, ACCOUNT_PASSWORD_PARAM(true), ORIGIN_PARAM, { 0 }
};
static const struct core_param set_params[] = { ACCOUNT_USER_PARAM,
						ACCOUNT_PASSWORD_PARAM(true),
						{ 0 } };
static const struct core_param change_params[] = {
	{ "current", CORE_STRING, .required = true, .secret = true, .max = PASSWORD_MAX,
	  .help = "Password until now" },
	ACCOUNT_PASSWORD_PARAM(true),
	{ 0 },
};
static const struct core_param user_params[] = { ACCOUNT_USER_PARAM, { 0 } };

const struct core_op core_account_ops[] = {
	{
		.name = "account.verify",
		.privilege = CORE_LOCAL,
		.flags = CORE_SLOW,
		.params = verify_params,
		.run = account_verify,
		.help = "Succeeds if the password is the user's",
	},
	{
		.name = "account.password.set",
		.method = "PUT",
		.path = "/accounts/{user}/password",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = password_set,
		.help = "Changes a password",
	},
	{
		.name = "account.password.change",
		.method = "PUT",
		.path = "/account/password",
		.privilege = CORE_READ,
		.flags = CORE_SLOW | CORE_OWN,
		.params = change_params,
		.run = password_change,
		.help = "Changes the caller's own password",
	},
	{
		.name = "account.password.is_set",
		.method = "GET",
		.path = "/accounts/{user}/password",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.params = user_params,
		.run = password_is_set,
		.help = "Says whether a user has a password",
	},
	{ 0 },
};
