// SPDX-License-Identifier: Apache-2.0
/* access.conf(5). */
#include "access.h"

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "conf.h"
#include "userworld/core/internal.h"

static const char *const modes[] = {
	[LOCKDOWN_DISABLED] = "disabled",
	[LOCKDOWN_NORMAL] = "normal",
	[LOCKDOWN_STRICT] = "strict",
};

static const struct access defaults = {
	.lock_failures = 5,
	.lock_seconds = 900,
	.session_idle = 900,
	.password_length = PASSWORD_LENGTH_MIN,
	.password_classes = 1,
};

const char *lockdown_name(enum lockdown mode)
{
	return modes[mode];
}

int lockdown_parse(const char *name, enum lockdown *mode, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i], name)) {
			*mode = (enum lockdown)i;
			return 0;
		}
	return err_set(e, ERR_INVALID, "'%s' is none of disabled, normal, strict", name);
}

static int parse_exceptions(const char *name, const char *text, struct access *a, struct err *e)
{
	size_t count = 0;

	while (*(text += strspn(text, " ,\t"))) {
		size_t len = strcspn(text, " ,\t");

		if (count == ACCESS_EXCEPTIONS || len > ACCESS_USER)
			return err_set(e, ERR_INVALID,
				       "%s: " ACCESS_EXCEPTION_USERS
				       " takes %d names of %d bytes at most",
				       name, ACCESS_EXCEPTIONS, ACCESS_USER);
		memcpy(a->exceptions[count++], text, len);
		text += len;
	}
	return 0;
}

static int parse(const struct conf *c, struct access *a, struct err *e)
{
	static const char *const known[] = { ACCESS_LOCK_FAILURES,    ACCESS_LOCK_SECONDS,
					     ACCESS_SESSION_IDLE,     ACCESS_PASSWORD_LENGTH,
					     ACCESS_PASSWORD_CLASSES, ACCESS_LOCKDOWN,
					     ACCESS_EXCEPTION_USERS,  NULL };
	const char *mode = conf_get(c, ACCESS_LOCKDOWN);
	const char *users = conf_get(c, ACCESS_EXCEPTION_USERS);

	if (conf_check_keys(c, known, e) < 0 ||
	    conf_get_uint(c, ACCESS_LOCK_FAILURES, 0, LOCK_FAILURES_MAX, &a->lock_failures, e) <
		    0 ||
	    conf_get_uint(c, ACCESS_LOCK_SECONDS, 1, LOCK_SECONDS_MAX, &a->lock_seconds, e) < 0 ||
	    conf_get_uint(c, ACCESS_SESSION_IDLE, 0, SESSION_IDLE_MAX, &a->session_idle, e) < 0 ||
	    conf_get_uint(c, ACCESS_PASSWORD_LENGTH, PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MAX,
			  &a->password_length, e) < 0 ||
	    conf_get_uint(c, ACCESS_PASSWORD_CLASSES, 1, 4, &a->password_classes, e) < 0)
		return -1;
	if (mode && lockdown_parse(mode, &a->lockdown, e) < 0)
		return err_wrap(e, "%s: " ACCESS_LOCKDOWN, c->name);
	return users ? parse_exceptions(c->name, users, a, e) : 0;
}

int access_parse(const char *name, const char *text, struct access *a, struct err *e)
{
	struct conf c;
	int rc;

	*a = defaults;
	if (conf_parse(&c, name, text, e) < 0)
		return -1;
	rc = parse(&c, a, e);
	conf_free(&c);
	if (rc < 0)
		*a = defaults;
	return rc;
}

int access_read(struct access *a, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	*a = defaults;
	if (core_text(path, CORE_ROOT, ACCESS_FILE, CONF_FILE_MAX, &text, e) < 0)
		return -1;
	return access_parse(path, text, a, e);
}

bool access_is_exception(const struct access *a, const char *user)
{
	for (size_t i = 0; i < ACCESS_EXCEPTIONS && a->exceptions[i][0]; i++)
		if (!strcmp(a->exceptions[i], user))
			return true;
	return false;
}

int access_may_enter(const struct access *a, const char *user, const char *origin, struct err *e)
{
	bool console = !strcmp(origin, "console");

	if (a->lockdown == LOCKDOWN_DISABLED || !strcmp(origin, "local"))
		return 0;
	if (console && a->lockdown == LOCKDOWN_NORMAL)
		return 0;
	if (console)
		return err_set(e, ERR_DENIED,
			       "lockdown mode is strict: nobody logs in on the console");
	if (access_is_exception(a, user))
		return 0;
	return err_set(e, ERR_DENIED,
		       "lockdown mode is %s: only exception users log in from the network",
		       modes[a->lockdown]);
}
