// SPDX-License-Identifier: Apache-2.0
/* Rules for all users (access.conf): one number each. */
#include "setting_access.h"

#include <inttypes.h>
#include <stdio.h>

#include "userworld/core/account/access.h"
#include "userworld/core/conf_change.h"

static int check(const char *path, const char *text, struct err *e)
{
	struct access a;

	return access_parse(path, text, &a, e);
}

static int set(const char *key, uint64_t value, struct err *e)
{
	char number[24];
	struct conf_change change = { key, number };

	snprintf(number, sizeof(number), "%" PRIu64, value);
	return core_conf_change(ACCESS_FILE, &change, 1, check, e);
}

#define ACCESS_SETTING(name, field, key)                         \
	int setting_##name##_get(uint64_t *value, struct err *e) \
	{                                                        \
		struct access a;                                 \
		int rc = access_read(&a, e);                     \
                                                                 \
		*value = a.field;                                \
		return rc;                                       \
	}                                                        \
	int setting_##name##_set(uint64_t value, struct err *e)  \
	{                                                        \
		return set(key, value, e);                       \
	}

ACCESS_SETTING(lock_failures, lock_failures, ACCESS_LOCK_FAILURES)
ACCESS_SETTING(lock_seconds, lock_seconds, ACCESS_LOCK_SECONDS)
ACCESS_SETTING(session_idle, session_idle, ACCESS_SESSION_IDLE)
ACCESS_SETTING(password_length, password_length, ACCESS_PASSWORD_LENGTH)
ACCESS_SETTING(password_classes, password_classes, ACCESS_PASSWORD_CLASSES)
