// SPDX-License-Identifier: Apache-2.0
/* account.*: who may log in. /etc/shadow is a state file: rewritten whole, its mode kept. */
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
#include "lockout.h"
#include "password.h"
#include "shadow.h"

#define SHADOW_MAX 65536

/* Hash of no password: checked for unknown users, so that they take as long as known ones. */
static const char nobody[] = "$y$j9T$VxkAm5CqhNwZ0KvbYIFRL/$"
			     "XBVWE9nQfXf9CiyKFjQV4Q4Sfo.yUKOOyGKkmjP9Nn7";

static int read_shadow(char path[static CORE_PATH_MAX], char **text, struct err *e)
{
	if (core_path(path, e, CORE_ROOT, "/etc/shadow") < 0)
		return -1;
	return file_read(path, SHADOW_MAX, text, NULL, e);
}

static json_int_t boot_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* A count that cannot be read begins anew: the file is in memory and ours alone. */
static json_t *read_lockout(char path[static CORE_PATH_MAX])
{
	json_t *table = NULL;

	if (core_path(path, NULL, CORE_RUN, LOCKOUT_FILE) == 0)
		table = json_load_file(path, 0, NULL);
	if (json_is_object(table))
		return table;
	json_decref(table);
	return json_object();
}

static void write_lockout(const char *path, json_t *table)
{
	_cleanup_free_ char *text = json_dumps(table, JSON_COMPACT);

	if (text)
		file_write_atomic(path, text, strlen(text), 0600, NULL);
}

/* The answer is the same for a wrong user and a wrong password. */
static int verify(const char *user, const char *password, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char hash[SHADOW_HASH_MAX];
	char path[CORE_PATH_MAX];
	bool known;

	if (read_shadow(path, &text, e) < 0)
		return -1;
	known = shadow_hash(text, user, hash, NULL) == 0 && shadow_is_set(hash);
	if (!password_matches(password, known ? hash : nobody) || !known)
		return err_set(e, ERR_AUTH, "wrong user name or password");
	return 0;
}

/* Failures from the network must not lock the console out, nor the other way round. */
static int account_verify(json_t *params, json_t **result, struct err *e)
{
	const char *user = core_string(params, "user");
	const char *origin = core_string(params, "origin");
	_cleanup_close_ int lock = core_lock("/run/visoros/lockout.lock", e);
	char path[CORE_PATH_MAX];
	json_int_t now = boot_seconds();
	json_int_t wait;
	json_t *table;
	char who[96];
	int rc;

	(void)result;
	if (lock < 0)
		return -1;
	snprintf(who, sizeof(who), "%s@%s", user, origin ? origin : "console");
	table = read_lockout(path);
	wait = lockout_wait(table, who, now);
	if (wait > 0) {
		json_decref(table);
		return err_set(e, ERR_AUTH,
			       "too many failed logins: locked out for %" JSON_INTEGER_FORMAT " s",
			       wait);
	}
	rc = verify(user, core_string(params, "password"), e);
	lockout_note(table, who, rc == 0, now);
	if (lockout_wait(table, who, now) > 0)
		core_event(
			EVENT_AUTH_LOCKED,
			EVENT_WITH(EVENT_STR("user", who), EVENT_NUM("seconds", LOCKOUT_SECONDS)),
			"Login of %s is locked out for %d s", who, LOCKOUT_SECONDS);
	write_lockout(path, table);
	json_decref(table);
	return rc;
}

static int write_shadow(const char *path, const char *text, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_sys(e, errno, "%s", path);
	return file_write_atomic(path, text, strlen(text), st.st_mode & 07777, e);
}

static int password_set(json_t *params, json_t **result, struct err *e)
{
	const char *user = core_string(params, "user");
	const char *password = core_string(params, "password");
	_cleanup_close_ int lock = -1;
	_cleanup_free_ char *text = NULL, *changed = NULL;
	char hash[SHADOW_HASH_MAX];
	char path[CORE_PATH_MAX];

	(void)result;
	if (password_check(user, password, e) < 0)
		return -1;
	lock = core_lock("/run/visoros/shadow.lock", e);
	if (lock < 0 || read_shadow(path, &text, e) < 0 || shadow_hash(text, user, hash, e) < 0 ||
	    password_hash(password, hash, e) < 0 ||
	    shadow_replace(text, user, hash, (long)(time(NULL) / 86400), &changed, e) < 0 ||
	    write_shadow(path, changed, e) < 0)
		return -1;
	core_event(EVENT_AUTH_PASSWORD, EVENT_WITH(EVENT_STR("account", user)),
		   "Password of user %s was changed", user);
	return 0;
}

static int password_is_set(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char hash[SHADOW_HASH_MAX];
	char path[CORE_PATH_MAX];

	if (read_shadow(path, &text, e) < 0 ||
	    shadow_hash(text, core_string(params, "user"), hash, e) < 0)
		return -1;
	return core_give(result, json_pack("{s:b}", "is_set", shadow_is_set(hash)), e);
}

#define USER_PARAM                                                        \
	{                                                                 \
		"user", CORE_NAME, .required = true, .min = 1, .max = 32, \
				   .help = "Name of the user"             \
	}
#define PASSWORD_PARAM                                                                          \
	{                                                                                       \
		"password", CORE_STRING, .required = true, .secret = true, .max = PASSWORD_MAX, \
					 .help = "Password"                                     \
	}

#define ORIGIN_PARAM                                                                          \
	{                                                                                     \
		"origin", CORE_NAME, .min = 1, .max = 32,                                     \
				     .help = "Where failures are counted: console or network" \
	}

static const struct core_param verify_params[] = {
	USER_PARAM, PASSWORD_PARAM, ORIGIN_PARAM, { 0 }
};
static const struct core_param set_params[] = { USER_PARAM, PASSWORD_PARAM, { 0 } };
static const struct core_param user_params[] = { USER_PARAM, { 0 } };

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
		.name = "account.password.is_set",
		.method = "GET",
		.path = "/accounts/{user}/password",
		.params = user_params,
		.run = password_is_set,
		.help = "Says whether a user has a password",
	},
	{ 0 },
};
