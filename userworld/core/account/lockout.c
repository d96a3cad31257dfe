// SPDX-License-Identifier: Apache-2.0
/* Lock-out after failed logins: counting only, see lockout.h. */
#include "lockout.h"

static json_int_t field(const json_t *entry, const char *key)
{
	return json_integer_value(json_object_get(entry, key));
}

json_int_t lockout_wait(const json_t *table, const char *user, json_int_t now)
{
	json_int_t until = field(json_object_get(table, user), "until");

	return until > now ? until - now : 0;
}

void lockout_note(json_t *table, const char *user, int success, json_int_t now,
		  const struct lockout_rule *rule)
{
	const json_t *entry = json_object_get(table, user);
	json_int_t failures, until = 0;

	if (success || !rule->failures) {
		json_object_del(table, user);
		return;
	}
	if (!entry && json_object_size(table) >= LOCKOUT_USERS)
		return;
	failures = field(entry, "failures") + 1;
	if (failures >= (json_int_t)rule->failures) {
		until = now + (json_int_t)rule->seconds;
		failures = 0;
	}
	json_object_set_new(table, user,
			    json_pack("{s:I, s:I}", "failures", failures, "until", until));
}
