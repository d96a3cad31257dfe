// SPDX-License-Identifier: Apache-2.0
/* Who somebody is; see identity.h. */
#include "identity.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "file.h"
#include "lockout.h"
#include "password.h"
#include "shadow.h"
#include "store.h"
#include "token.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"

/* Hash of no password: checked for unknown users, so that they take as long as known ones. */
static const char nobody[] = "$y$j9T$VxkAm5CqhNwZ0KvbYIFRL/$"
			     "XBVWE9nQfXf9CiyKFjQV4Q4Sfo.yUKOOyGKkmjP9Nn7";

static void set(struct identity *id, const char *user, enum core_role role, const char *how)
{
	memset(id, 0, sizeof(*id));
	snprintf(id->user, sizeof(id->user), "%s", user);
	snprintf(id->how, sizeof(id->how), "%s", how);
	id->role = role;
}

/* root's stands in shadow(5): a damaged file of accounts must not lock root out. */
static int root_hash(char hash[static SHADOW_HASH_MAX], struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, "/etc/shadow") < 0 ||
	    file_read(path, SHADOW_FILE_MAX, &text, NULL, e) < 0)
		return -1;
	return shadow_hash(text, "root", hash, e);
}

static int hash_and_role(const char *user, char hash[static SHADOW_HASH_MAX], enum core_role *role,
			 struct err *e)
{
	const char *own;
	json_t *all;
	int rc = 0;

	*role = CORE_ADMIN;
	if (!strcmp(user, "root"))
		return root_hash(hash, e);
	if (accounts_read(&all, e) < 0)
		return -1;
	own = accounts_hash(all, user);
	*role = accounts_role(all, user);
	if (!own || strlen(own) >= SHADOW_HASH_MAX)
		rc = err_set(e, ERR_NOT_FOUND, "%.64s: no such user", user);
	else
		strcpy(hash, own);
	json_decref(all);
	return rc;
}

/* The answer is the same for a wrong user and a wrong password. */
static int verify(const char *user, const char *password, enum core_role *role, struct err *e)
{
	char hash[SHADOW_HASH_MAX];
	struct err fault = ERR_INIT;
	bool known = hash_and_role(user, hash, role, &fault) == 0 && shadow_is_set(hash);

	if (!known && fault.kind != ERR_NONE && fault.kind != ERR_NOT_FOUND) {
		if (e)
			*e = fault;
		return -1;
	}
	if (!password_matches(password, known ? hash : nobody) || !known)
		return err_set(e, ERR_AUTH, "wrong user name or password");
	return 0;
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

static void tell_failure(const char *user, const char *origin, const char *who, unsigned int locked)
{
	core_event(EVENT_AUTH_FAILED,
		   EVENT_WITH(EVENT_STR("account", user), EVENT_STR("origin", origin)),
		   "Login of %s from the %s failed", user, origin);
	if (locked)
		core_event(EVENT_AUTH_LOCKED,
			   EVENT_WITH(EVENT_STR("user", who), EVENT_NUM("seconds", locked)),
			   "Login of %s is locked out for %u s", who, locked);
}

/* Failures from the network must not lock the console out, nor the other way round. */
static int verify_limited(const char *user, const char *password, const char *origin,
			  const struct lockout_rule *rule, enum core_role *role, struct err *e)
{
	_cleanup_close_ int lock = core_lock("/run/visoros/lockout.lock", e);
	char path[CORE_PATH_MAX];
	json_int_t now = boot_seconds(), wait;
	struct err fault = ERR_INIT;
	json_t *table;
	char who[96];
	int rc;

	if (lock < 0)
		return -1;
	snprintf(who, sizeof(who), "%s@%s", user, origin);
	table = read_lockout(path);
	wait = lockout_wait(table, who, now);
	if (wait > 0) {
		json_decref(table);
		return err_set(e, ERR_AUTH,
			       "too many failed logins: locked out for %" JSON_INTEGER_FORMAT " s",
			       wait);
	}
	rc = verify(user, password, role, &fault);
	/* Only a wrong password is one: not a file that cannot be read. */
	if (rc == 0 || fault.kind == ERR_AUTH)
		lockout_note(table, who, rc == 0, now, rule);
	if (rc < 0 && fault.kind == ERR_AUTH)
		tell_failure(user, origin, who,
			     lockout_wait(table, who, now) > 0 ? rule->seconds : 0);
	write_lockout(path, table);
	json_decref(table);
	if (rc < 0 && e)
		*e = fault;
	return rc;
}

int account_by_password(const char *user, const char *password, const char *origin,
			struct identity *id, struct err *e)
{
	struct lockout_rule rule;
	enum core_role role;
	struct access a;

	/* A file that is damaged says nothing of these: the defaults hold. */
	access_read(&a, NULL);
	rule = (struct lockout_rule){ a.lock_failures, a.lock_seconds };
	if (verify_limited(user, password, origin, &rule, &role, e) < 0)
		return -1;
	set(id, user, role, "password");
	if (account_may_enter(id, origin, e) < 0) {
		core_event(EVENT_AUTH_FAILED,
			   EVENT_WITH(EVENT_STR("account", user), EVENT_STR("origin", origin)),
			   "Login of %s from the %s was refused: %s", user, origin,
			   e ? e->text : "");
		return -1;
	}
	return 0;
}

int account_by_token(const char *token, struct identity *id, struct err *e)
{
	char digest[TOKEN_DIGEST + 1];
	enum core_role role;
	const char *user;
	json_t *all;
	int rc;

	if (token_digest(token, digest, e) < 0 || accounts_read(&all, e) < 0)
		return -1;
	rc = token_find(all, digest, time(NULL), &user, &role, e);
	if (rc == 0)
		set(id, user, role, "token");
	json_decref(all);
	return rc;
}

int account_may_enter(const struct identity *id, const char *origin, struct err *e)
{
	bool console = !strcmp(origin, "console");
	struct err fault = ERR_INIT;
	struct access a;

	if (id->role == CORE_NOBODY)
		return err_set(e, ERR_DENIED,
			       "user %s has no role: an administrator gives one with 'system "
			       "permission set'",
			       id->user);
	if (console && id->role != CORE_ADMIN)
		return err_set(e, ERR_DENIED, "only administrators log in on the console");
	/* Whether the network is shut cannot be known from a damaged file; the console mends it. */
	if (access_read(&a, &fault) < 0 && !strcmp(origin, "network"))
		return err_set(e, fault.kind, "%s", fault.text);
	return access_may_enter(&a, id->user, origin, e);
}

enum core_role account_role(const char *user)
{
	enum core_role role = CORE_NOBODY;
	json_t *all;

	if (!strcmp(user, "root"))
		return CORE_ADMIN;
	if (accounts_read(&all, NULL) == 0) {
		role = accounts_role(all, user);
		json_decref(all);
	}
	return role;
}

int account_mark(const char *user, char mark[static IDENTITY_MARK + 1], struct err *e)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hash[SHADOW_HASH_MAX], both[SHADOW_HASH_MAX + 16];
	enum core_role role;
	int len;

	if (hash_and_role(user, hash, &role, e) < 0)
		return -1;
	len = snprintf(both, sizeof(both), "%s %s", role_name(role), hash);
	if (!EVP_Digest(both, (size_t)len, digest, NULL, EVP_sha256(), NULL))
		return err_set(e, ERR_SYSTEM, "SHA-256 failed");
	for (int i = 0; i < IDENTITY_MARK / 2; i++)
		snprintf(mark + 2 * i, 3, "%02x", digest[i]);
	return 0;
}
