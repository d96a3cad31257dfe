// SPDX-License-Identifier: Apache-2.0
/* Users besides root: see accounts.h. */
#include "accounts.h"

#include <string.h>

#include "userworld/core/internal.h"

static const char *const parts[] = { "users", "tokens", "certificates", NULL };

static json_t *user_of(const json_t *all, const char *user)
{
	return json_object_get(json_object_get(all, "users"), user);
}

static const char *text_of(const json_t *entry, const char *key)
{
	return json_string_value(json_object_get(entry, key));
}

static bool good(const json_t *all)
{
	const json_t *entry;
	const char *key;

	if (!json_is_object(all) || json_integer_value(json_object_get(all, "version")) != 1)
		return false;
	for (size_t i = 0; parts[i]; i++) {
		json_t *part = json_object_get(all, parts[i]);

		if (part && !json_is_object(part))
			return false;
		json_object_foreach (part, key, entry) {
			if (!json_is_object(entry))
				return false;
		}
	}
	return true;
}

int accounts_parse(const char *text, const char *path, json_t **all, struct err *e)
{
	*all = *text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL)
		     : json_pack("{s:i}", "version", 1);
	if (good(*all))
		return 0;
	json_decref(*all);
	*all = NULL;
	return err_set(
		e, ERR_INVALID,
		"%s: is damaged; log in as root and revert it with 'system state revert', or "
		"delete it, and add the users again",
		path);
}

json_t *accounts_part(json_t *all, const char *part)
{
	if (!json_object_get(all, part))
		json_object_set_new(all, part, json_object());
	return json_object_get(all, part);
}

enum core_role accounts_role(const json_t *all, const char *user)
{
	if (!strcmp(user, "root"))
		return CORE_ADMIN;
	return role_of(text_of(user_of(all, user), "role"));
}

const char *accounts_hash(const json_t *all, const char *user)
{
	return text_of(user_of(all, user), "password");
}

int accounts_put(json_t *all, const char *part, const char *name, json_t *entry, struct err *e)
{
	json_t *in = accounts_part(all, part);
	int rc = 0;

	if (json_object_get(in, name))
		rc = err_set(e, ERR_CONFLICT, "%s: there is one of that name already", name);
	else if (json_object_size(in) >= ACCOUNTS_MAX)
		rc = err_set(e, ERR_INVALID, "there are %d %s already: remove some", ACCOUNTS_MAX,
			     part);
	else if (!entry || json_object_set(in, name, entry) < 0)
		rc = core_nomem(e);
	json_decref(entry);
	return rc;
}

int accounts_drop(json_t *all, const char *part, const char *name, const char *what, struct err *e)
{
	if (json_object_del(accounts_part(all, part), name) < 0)
		return err_set(e, ERR_NOT_FOUND, "%s: no such %s", name, what);
	return 0;
}

int accounts_add(json_t *all, const char *user, const char *description, const char *hash, long day,
		 struct err *e)
{
	if (!strcmp(user, "root"))
		return err_set(e, ERR_CONFLICT, "root: is there already");
	return accounts_put(all, "users", user,
			    json_pack("{s:s, s:s, s:I}", "description",
				      description ? description : "", "password", hash, "day",
				      (json_int_t)day),
			    e);
}

static json_t *need(json_t *all, const char *user, struct err *e)
{
	json_t *entry = user_of(all, user);

	if (!entry)
		err_set(e, ERR_NOT_FOUND, "%s: no such user", user);
	return entry;
}

int accounts_set(json_t *all, const char *user, const char *description, const char *hash, long day,
		 struct err *e)
{
	json_t *entry = need(all, user, e);

	if (!entry)
		return -1;
	if (description)
		json_object_set_new(entry, "description", json_string(description));
	if (hash) {
		json_object_set_new(entry, "password", json_string(hash));
		json_object_set_new(entry, "day", json_integer(day));
	}
	return 0;
}

static int not_root(const char *user, const char *why, struct err *e)
{
	return strcmp(user, "root") ? 0 : err_set(e, ERR_DENIED, "root: %s", why);
}

int accounts_permit(json_t *all, const char *user, enum core_role role, struct err *e)
{
	json_t *entry;

	if (not_root(user, "is always an administrator", e) < 0 || !(entry = need(all, user, e)))
		return -1;
	if (role == CORE_NOBODY)
		json_object_del(entry, "role");
	else
		json_object_set_new(entry, "role", json_string(role_name(role)));
	return 0;
}

int accounts_remove(json_t *all, const char *user, struct err *e)
{
	if (not_root(user, "cannot be removed", e) < 0 ||
	    accounts_drop(all, "users", user, "user", e) < 0)
		return -1;
	for (size_t i = 1; parts[i]; i++) {
		json_t *part = accounts_part(all, parts[i]), *entry;
		const char *key;
		void *next;

		json_object_foreach_safe(part, next, key, entry)
		{
			const char *owner = text_of(entry, "user");

			if (owner && !strcmp(owner, user))
				json_object_del(part, key);
		}
	}
	return 0;
}
