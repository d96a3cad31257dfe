// SPDX-License-Identifier: Apache-2.0
/* system.lockdown.*: nobody but exception users comes in. */
#include "lockdown.h"

#include <stdio.h>
#include <string.h>

#include "account.h"
#include "cleanup.h"
#include "conf.h"
#include "store.h"
#include "userworld/core/conf_change.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "worldctl.h"

#define LOCK "/run/visoros/access.lock"
#define LIST_MAX (ACCESS_EXCEPTIONS * (ACCESS_USER + 2))

/* Both let in root alone: other users have no shell. */
static const struct {
	const char *service, *origin;
} doors[] = { { "ssh", "network" }, { "shell", "console" } };

int lockdown_reachable(const struct access *a, const json_t *all, struct err *e)
{
	if (a->lockdown != LOCKDOWN_STRICT)
		return 0;
	for (size_t i = 0; i < ACCESS_EXCEPTIONS && a->exceptions[i][0]; i++)
		if (accounts_role(all, a->exceptions[i]) == CORE_ADMIN)
			return 0;
	return err_set(e, ERR_CONFLICT,
		       "nobody could administer the host in strict lockdown mode: an exception "
		       "user must be an administrator ('system lockdown exception add')");
}

int lockdown_check(const json_t *all, struct err *e)
{
	struct access a;

	return access_read(&a, e) < 0 ? -1 : lockdown_reachable(&a, all, e);
}

int lockdown_may_start(const char *service, struct err *e)
{
	struct access a;

	for (size_t i = 0; i < ARRAY_SIZE(doors); i++) {
		if (strcmp(doors[i].service, service) != 0)
			continue;
		if (access_read(&a, e) < 0)
			return -1;
		if (access_may_enter(&a, "root", doors[i].origin, e) < 0)
			return err_wrap(e, "service %s", service);
	}
	return 0;
}

/* Those who are in by a door that is shut now have to leave. */
static void shut_doors(void)
{
	char socket[CORE_PATH_MAX];

	if (core_path(socket, NULL, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(doors); i++)
		if (lockdown_may_start(doors[i].service, NULL) < 0)
			world_stop(socket, doors[i].service, NULL);
}

static char *join(const struct access *a, char text[static LIST_MAX])
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ACCESS_EXCEPTIONS; i++)
		if (a->exceptions[i][0])
			len += (size_t)snprintf(text + len, LIST_MAX - len, "%s%s", len ? ", " : "",
						a->exceptions[i]);
	return text;
}

static int check(const char *path, const char *text, struct err *e)
{
	struct access a;

	return access_parse(path, text, &a, e);
}

/* All of it, if the host can be administered with that. */
static int keep(const struct access *a, const json_t *all, struct err *e)
{
	char list[LIST_MAX];
	struct conf_change changes[] = {
		{ ACCESS_LOCKDOWN,
		  a->lockdown == LOCKDOWN_DISABLED ? NULL : lockdown_name(a->lockdown) },
		{ ACCESS_EXCEPTION_USERS, a->exceptions[0][0] ? join(a, list) : NULL },
	};

	if (lockdown_reachable(a, all, e) < 0 ||
	    core_conf_change(ACCESS_FILE, changes, ARRAY_SIZE(changes), check, e) < 0)
		return -1;
	shut_doors();
	return 0;
}

static bool drop(struct access *a, const char *user)
{
	size_t to = 0, from;

	for (from = 0; from < ACCESS_EXCEPTIONS && a->exceptions[from][0]; from++)
		if (strcmp(a->exceptions[from], user) != 0)
			memmove(a->exceptions[to++], a->exceptions[from], sizeof(a->exceptions[0]));
	if (to < from)
		a->exceptions[to][0] = '\0';
	return to < from;
}

int lockdown_forget(const char *user, const json_t *all, struct err *e)
{
	_cleanup_close_ int lock = core_lock(LOCK, e);
	struct access a;

	if (lock < 0 || access_read(&a, e) < 0)
		return -1;
	return drop(&a, user) ? keep(&a, all, e) : 0;
}

static json_t *names(const struct access *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ACCESS_EXCEPTIONS && a->exceptions[i][0]; i++)
		json_array_append_new(list, json_string(a->exceptions[i]));
	return list;
}

static int lockdown_get(json_t *params, json_t **result, struct err *e)
{
	struct access a;

	(void)params;
	if (access_read(&a, e) < 0)
		return -1;
	return core_give(
		result,
		json_pack("{s:s, s:o}", "mode", lockdown_name(a.lockdown), "exceptions", names(&a)),
		e);
}

/* Changes a copy of what is in force: change() says how. */
static int change(int (*how)(struct access *, const json_t *, const char *, struct err *),
		  const char *word, struct err *e)
{
	_cleanup_close_ int lock = core_lock(LOCK, e);
	struct access a;
	json_t *all;
	int rc;

	if (lock < 0 || access_read(&a, e) < 0 || accounts_read(&all, e) < 0)
		return -1;
	rc = how(&a, all, word, e);
	if (rc == 0)
		rc = keep(&a, all, e);
	json_decref(all);
	return rc;
}

static void tell(const char *word, const char *rest)
{
	char text[96];

	snprintf(text, sizeof(text), "%s%s", word, rest);
	core_event(EVENT_SECURITY_LOCKDOWN, EVENT_WITH(EVENT_STR("change", text)),
		   "Lockdown mode: %s", text);
}

static int set_mode(struct access *a, const json_t *all, const char *mode, struct err *e)
{
	(void)all;
	return lockdown_parse(mode, &a->lockdown, e);
}

static int add_exception(struct access *a, const json_t *all, const char *user, struct err *e)
{
	size_t i;

	if (strcmp(user, "root") != 0 && !accounts_hash(all, user))
		return err_set(e, ERR_NOT_FOUND, "%s: no such user", user);
	if (access_is_exception(a, user))
		return err_set(e, ERR_CONFLICT, "%s: is an exception user already", user);
	for (i = 0; i < ACCESS_EXCEPTIONS && a->exceptions[i][0]; i++)
		;
	if (i == ACCESS_EXCEPTIONS)
		return err_set(e, ERR_INVALID, "there are %d exception users already: remove some",
			       ACCESS_EXCEPTIONS);
	snprintf(a->exceptions[i], sizeof(a->exceptions[i]), "%s", user);
	return 0;
}

static int remove_exception(struct access *a, const json_t *all, const char *user, struct err *e)
{
	(void)all;
	return drop(a, user) ? 0 : err_set(e, ERR_NOT_FOUND, "%s: is no exception user", user);
}

static int lockdown_set(json_t *params, json_t **result, struct err *e)
{
	const char *mode = core_string(params, "mode");

	(void)result;
	if (change(set_mode, mode, e) < 0)
		return -1;
	tell(mode, "");
	return 0;
}

static int exception_add(json_t *params, json_t **result, struct err *e)
{
	const char *user = core_string(params, "user");

	(void)result;
	if (change(add_exception, user, e) < 0)
		return -1;
	tell(user, " is an exception user");
	return 0;
}

static int exception_remove(json_t *params, json_t **result, struct err *e)
{
	const char *user = core_string(params, "user");

	(void)result;
	if (change(remove_exception, user, e) < 0)
		return -1;
	tell(user, " is no exception user any more");
	return 0;
}

static const struct core_param mode_params[] = {
	{ "mode", CORE_NAME, .required = true, .min = 1, .max = 16,
	  .words = "disabled|normal|strict", .help = "Who is shut out" },
	{ 0 },
};
static const struct core_param user_params[] = { ACCOUNT_USER_PARAM, { 0 } };

const struct core_op core_lockdown_ops[] = {
	{
		.name = "system.lockdown.get",
		.method = "GET",
		.path = "/system/lockdown",
		.run = lockdown_get,
		.help = "Whether nobody but exception users comes in, and who they are",
	},
	{
		.name = "system.lockdown.set",
		.method = "PUT",
		.path = "/system/lockdown",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = mode_params,
		.run = lockdown_set,
		.help = "Shuts the network (normal), the console as well (strict), or neither",
	},
	{
		.name = "system.lockdown.exception.add",
		.method = "POST",
		.path = "/system/lockdown/exceptions",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = user_params,
		.run = exception_add,
		.help = "A user who may come in in lockdown mode",
	},
	{
		.name = "system.lockdown.exception.remove",
		.method = "DELETE",
		.path = "/system/lockdown/exceptions/{user}",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = user_params,
		.run = exception_remove,
		.help = "A user who may not any more",
	},
	{ 0 },
};
