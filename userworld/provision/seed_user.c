// SPDX-License-Identifier: Apache-2.0
/* meta-data and the part of user-data ("#cloud-config") that a host like this one has. */
#include <string.h>

#include "seed.h"

int seed_meta(struct seed_reader *r, const json_t *meta, const json_t *user, struct err *e)
{
	static const char *const known[] = { "instance-id", "local-hostname", "hostname",
					     "public-keys", NULL };
	const char *fqdn = json_string_value(json_object_get(user, "fqdn"));
	const json_t *name = json_object_get(user, fqdn ? "fqdn" : "hostname");

	seed_unknown(r, "meta-data", meta, known);
	if (!name)
		name = json_object_get(meta, "local-hostname");
	if (!name)
		name = json_object_get(meta, "hostname");
	return seed_line(r, "hostname", name, e);
}

static int add_keys(struct seed_reader *r, const json_t *keys, struct err *e)
{
	const json_t *key;
	size_t i;

	json_array_foreach (keys, i, key) {
		char name[32];

		snprintf(name, sizeof(name), "ssh-key.%u", ++r->keys);
		if (seed_line(r, name, key, e) < 0)
			return -1;
	}
	return 0;
}

/* Who begins with root: "root:HASH" of chpasswd. */
static const char *after_root(const char *line)
{
	return line && !strncmp(line, "root:", 5) ? line + 5 : NULL;
}

/* "list" is lines, or an array of them; "users" is objects. The last one counts. */
static int find_password(struct seed_reader *r, const json_t *change, const json_t **hash,
			 struct err *e)
{
	static const char *const known[] = { "expire", "list", "users", NULL };
	const json_t *list = json_object_get(change, "list"), *item;
	size_t i;

	seed_unknown(r, "user-data: chpasswd", change, known);
	json_array_foreach (list, i, item)
		if (after_root(json_string_value(item)))
			return err_set(e, ERR_INVALID,
				       "chpasswd: a list has passwords in the clear; "
				       "use users with name, password (a hash) and type: hash");
	if (json_is_string(list))
		return err_set(e, ERR_INVALID, "chpasswd: list must be users with hashes");
	json_array_foreach (json_object_get(change, "users"), i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));
		const char *type = json_string_value(json_object_get(item, "type"));

		if (!name || strcmp(name, "root") != 0)
			json_array_append_new(
				r->unknown,
				json_sprintf("user-data: chpasswd: user %s", name ?: "?"));
		else if (!type || strcmp(type, "hash") != 0)
			return err_set(e, ERR_INVALID, "chpasswd: root: type must be hash");
		else
			*hash = json_object_get(item, "password");
	}
	return 0;
}

/* Accounts but root are nothing that a seed makes here. */
static int add_users(struct seed_reader *r, const json_t *users, const json_t **hash, struct err *e)
{
	static const char *const known[] = { "name",   "ssh_authorized_keys", "hashed_passwd",
					     "passwd", "lock_passwd",	      NULL };
	const json_t *user;
	size_t i;

	json_array_foreach (users, i, user) {
		const char *name =
			json_string_value(user) ?: json_string_value(json_object_get(user, "name"));
		const json_t *given =
			json_object_get(user, "hashed_passwd") ?: json_object_get(user, "passwd");

		if (!json_is_object(user) || !name || strcmp(name, "root") != 0) {
			json_array_append_new(r->unknown,
					      json_sprintf("user-data: users: %s", name ?: "?"));
			continue;
		}
		seed_unknown(r, "user-data: users: root", user, known);
		if (given && !seed_is_true(json_object_get(user, "lock_passwd"), true))
			*hash = given;
		if (add_keys(r, json_object_get(user, "ssh_authorized_keys"), e) < 0)
			return -1;
	}
	return 0;
}

static int add_ntp(struct seed_reader *r, const json_t *ntp, struct err *e)
{
	static const char *const known[] = { "enabled", "servers", "pools", NULL };
	json_t *all = json_array();
	int rc;

	seed_unknown(r, "user-data: ntp", ntp, known);
	if (json_is_array(json_object_get(ntp, "servers")))
		json_array_extend(all, json_object_get(ntp, "servers"));
	if (json_is_array(json_object_get(ntp, "pools")))
		json_array_extend(all, json_object_get(ntp, "pools"));
	rc = seed_list_line(r, "ntp", all, e);
	json_decref(all);
	return rc;
}

/* What has no place in a cloud's own words: hosts for the log, bundles. */
static int add_own(struct seed_reader *r, const json_t *own, struct err *e)
{
	static const char *const known[] = { "syslog", "bundles", NULL };
	const json_t *bundle;
	size_t i;

	seed_unknown(r, "user-data: visoros", own, known);
	json_array_foreach (json_object_get(own, "bundles"), i, bundle) {
		char name[32];

		snprintf(name, sizeof(name), "bundle.%u", ++r->bundles);
		if (seed_line(r, name, bundle, e) < 0)
			return -1;
	}
	return seed_list_line(r, "syslog", json_object_get(own, "syslog"), e);
}

int seed_user(struct seed_reader *r, const json_t *user, struct err *e)
{
	static const char *const known[] = { "hostname", "fqdn",     "ssh_authorized_keys",
					     "users",	 "chpasswd", "ntp",
					     "visoros",	 NULL };
	const json_t *hash = NULL;

	seed_unknown(r, "user-data", user, known);
	if (add_keys(r, json_object_get(user, "ssh_authorized_keys"), e) < 0 ||
	    add_users(r, json_object_get(user, "users"), &hash, e) < 0 ||
	    find_password(r, json_object_get(user, "chpasswd"), &hash, e) < 0 ||
	    seed_line(r, "root-password", hash, e) < 0 ||
	    add_ntp(r, json_object_get(user, "ntp"), e) < 0)
		return -1;
	return add_own(r, json_object_get(user, "visoros"), e);
}
