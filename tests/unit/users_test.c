// SPDX-License-Identifier: Apache-2.0
/* Users, roles, tokens, lockdown mode and the audit log, each by itself. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/account/accounts.h"
#include "userworld/core/account/lockdown.h"
#include "userworld/core/account/token.h"
#include "userworld/core/audit/audit.h"

static json_t *accounts(const char *text)
{
	struct err e = ERR_INIT;
	json_t *all = NULL;

	if (accounts_parse(text, "f", &all, &e) < 0)
		assert_string_equal(e.text, "");
	return all;
}

static void damaged_accounts(void **state)
{
	static const char *const bad[] = { "{",
					   "[]",
					   "{\"version\": 2}",
					   "{\"version\": 1, \"users\": []}",
					   "{\"version\": 1, \"users\": {\"a\": 1}}",
					   "{\"version\": 1, \"tokens\": {\"a\": \"x\"}}" };
	struct err e = ERR_INIT;
	json_t *all;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(accounts_parse(bad[i], "/etc/x", &all, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_null(all);
		assert_memory_equal(e.text, "/etc/x: is damaged", 18);
	}
}

static void life_of_a_user(void **state)
{
	struct err e = ERR_INIT;
	json_t *all = accounts("");

	(void)state;
	assert_int_equal(accounts_add(all, "anna", NULL, "$y$1", 1, &e), 0);
	assert_int_equal(accounts_add(all, "anna", NULL, "$y$1", 1, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_int_equal(accounts_add(all, "root", NULL, "$y$1", 1, &e), -1);
	assert_int_equal(accounts_role(all, "anna"), CORE_NOBODY);
	assert_int_equal(accounts_role(all, "bob"), CORE_NOBODY);
	assert_int_equal(accounts_role(all, "root"), CORE_ADMIN);
	assert_int_equal(accounts_permit(all, "anna", CORE_OPERATOR, &e), 0);
	assert_int_equal(accounts_role(all, "anna"), CORE_OPERATOR);
	assert_int_equal(accounts_permit(all, "root", CORE_READ_ONLY, &e), -1);
	assert_int_equal(e.kind, ERR_DENIED);
	assert_int_equal(accounts_permit(all, "bob", CORE_ADMIN, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_int_equal(accounts_set(all, "anna", "A", NULL, 2, &e), 0);
	assert_string_equal(accounts_hash(all, "anna"), "$y$1");
	assert_int_equal(accounts_set(all, "anna", NULL, "$y$2", 2, &e), 0);
	assert_string_equal(accounts_hash(all, "anna"), "$y$2");
	assert_int_equal(token_add(all, "t", "anna", CORE_NOBODY, "0", 1, 2, &e), 0);
	assert_int_equal(token_add(all, "r", "root", CORE_NOBODY, "1", 1, 2, &e), 0);
	assert_int_equal(accounts_remove(all, "root", &e), -1);
	assert_int_equal(accounts_remove(all, "anna", &e), 0);
	assert_int_equal(accounts_remove(all, "anna", &e), -1);
	/* What was anna's is gone, and nobody else's. */
	assert_null(json_object_get(accounts_part(all, "tokens"), "t"));
	assert_non_null(json_object_get(accounts_part(all, "tokens"), "r"));
	json_decref(all);
}

static void there_is_an_end(void **state)
{
	struct err e = ERR_INIT;
	json_t *all = accounts("");
	char name[16];

	(void)state;
	for (int i = 0; i < ACCOUNTS_MAX; i++) {
		snprintf(name, sizeof(name), "u%d", i);
		assert_int_equal(accounts_add(all, name, NULL, "x", 1, &e), 0);
	}
	assert_int_equal(accounts_add(all, "more", NULL, "x", 1, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	json_decref(all);
}

static void tokens(void **state)
{
	char token[TOKEN_LENGTH + 1], digest[TOKEN_DIGEST + 1], other[TOKEN_DIGEST + 1];
	json_t *all = accounts("");
	struct err e = ERR_INIT;
	enum core_role role;
	const char *user;

	(void)state;
	assert_int_equal(accounts_add(all, "anna", NULL, "$y$1", 1, &e), 0);
	assert_int_equal(token_make(token, &e), 0);
	assert_int_equal(strlen(token), TOKEN_LENGTH);
	assert_int_equal(token_digest(token, digest, &e), 0);
	/* Of nobody, or with a role above the user's, there is none. */
	assert_int_equal(token_add(all, "t", "anna", CORE_NOBODY, digest, 10, 20, &e), -1);
	assert_int_equal(accounts_permit(all, "anna", CORE_OPERATOR, &e), 0);
	assert_int_equal(token_add(all, "t", "anna", CORE_ADMIN, digest, 10, 20, &e), -1);
	assert_int_equal(e.kind, ERR_DENIED);
	assert_int_equal(token_add(all, "t", "anna", CORE_OPERATOR, digest, 10, 20, &e), 0);
	assert_int_equal(token_find(all, digest, 19, &user, &role, &e), 0);
	assert_string_equal(user, "anna");
	assert_int_equal(role, CORE_OPERATOR);
	assert_int_equal(token_find(all, digest, 20, &user, &role, &e), -1);
	assert_int_equal(e.kind, ERR_AUTH);
	/* The user's role of today is the most that it gives. */
	accounts_permit(all, "anna", CORE_READ_ONLY, &e);
	assert_int_equal(token_find(all, digest, 19, &user, &role, &e), 0);
	assert_int_equal(role, CORE_READ_ONLY);
	accounts_permit(all, "anna", CORE_ADMIN, &e);
	assert_int_equal(token_find(all, digest, 19, &user, &role, &e), 0);
	assert_int_equal(role, CORE_OPERATOR);
	accounts_permit(all, "anna", CORE_NOBODY, &e);
	assert_int_equal(token_find(all, digest, 19, &user, &role, &e), -1);
	token[TOKEN_LENGTH - 1] ^= 1;
	assert_int_equal(token_digest(token, other, &e), 0);
	assert_int_equal(token_find(all, other, 19, &user, &role, &e), -1);
	assert_int_equal(token_digest("visor_short", other, &e), -1);
	token[0] = 'V';
	assert_int_equal(token_digest(token, other, &e), -1);
	json_decref(all);
}

static void access_file(void **state)
{
	struct err e = ERR_INIT;
	struct access a;

	(void)state;
	assert_int_equal(access_parse("f", "", &a, &e), 0);
	assert_int_equal(a.lock_failures, 5);
	assert_int_equal(a.lock_seconds, 900);
	assert_int_equal(a.session_idle, 900);
	assert_int_equal(a.lockdown, LOCKDOWN_DISABLED);
	assert_int_equal(access_parse("f",
				      "lockdown = strict\nlockdown-exceptions = anna, bob\n"
				      "password-classes = 3\n",
				      &a, &e),
			 0);
	assert_int_equal(a.lockdown, LOCKDOWN_STRICT);
	assert_true(access_is_exception(&a, "bob"));
	assert_false(access_is_exception(&a, "bo"));
	assert_int_equal(a.password_classes, 3);
	assert_int_equal(access_parse("f", "lockdown = none\n", &a, &e), -1);
	assert_int_equal(access_parse("f", "password-length = 7\n", &a, &e), -1);
	assert_int_equal(access_parse("f", "lockout-seconds = 0\n", &a, &e), -1);
	assert_int_equal(access_parse("f", "lock = 1\n", &a, &e), -1);
	assert_int_equal(a.lock_failures, 5);
}

static bool enters(enum lockdown mode, const char *user, const char *origin)
{
	struct access a = { .lockdown = mode, .exceptions = { "anna" } };
	struct err e = ERR_INIT;
	int rc = access_may_enter(&a, user, origin, &e);

	assert_int_equal(e.kind, rc < 0 ? ERR_DENIED : ERR_NONE);
	return rc == 0;
}

static void lockdown(void **state)
{
	(void)state;
	assert_true(enters(LOCKDOWN_DISABLED, "bob", "network"));
	assert_true(enters(LOCKDOWN_DISABLED, "bob", "console"));
	assert_false(enters(LOCKDOWN_NORMAL, "bob", "network"));
	assert_false(enters(LOCKDOWN_NORMAL, "root", "network"));
	assert_true(enters(LOCKDOWN_NORMAL, "anna", "network"));
	assert_true(enters(LOCKDOWN_NORMAL, "bob", "console"));
	assert_false(enters(LOCKDOWN_STRICT, "bob", "network"));
	assert_true(enters(LOCKDOWN_STRICT, "anna", "network"));
	assert_false(enters(LOCKDOWN_STRICT, "anna", "console"));
	assert_true(enters(LOCKDOWN_STRICT, "root", "local"));
}

static void nobody_is_shut_out(void **state)
{
	struct access a = { .lockdown = LOCKDOWN_STRICT };
	struct err e = ERR_INIT;
	json_t *all = accounts("");

	(void)state;
	assert_int_equal(lockdown_reachable(&a, all, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	strcpy(a.exceptions[0], "anna");
	accounts_add(all, "anna", NULL, "x", 1, &e);
	accounts_permit(all, "anna", CORE_OPERATOR, &e);
	assert_int_equal(lockdown_reachable(&a, all, &e), -1);
	accounts_permit(all, "anna", CORE_ADMIN, &e);
	assert_int_equal(lockdown_reachable(&a, all, &e), 0);
	strcpy(a.exceptions[0], "root");
	assert_int_equal(lockdown_reachable(&a, all, &e), 0);
	json_decref(all);
}

static void audit(void **state)
{
	static const struct core_param params[] = {
		{ .name = "user", .type = CORE_NAME },
		{ .name = "password", .type = CORE_STRING, .secret = true },
		{ 0 }
	};
	static const struct core_op op = { .name = "a.b",
					   .privilege = CORE_CHANGE,
					   .params = params };
	struct audit_caller caller = { "anna (network)", CORE_OPERATOR, "192.0.2.7" };
	json_t *given =
		json_pack("{s:s, s:s, s:s}", "user", "bob", "password", "hidden", "no", "such");
	struct err fault = ERR_INIT;
	char line[AUDIT_LINE_MAX];

	(void)state;
	audit_line(line, &op, given, &caller, NULL);
	assert_string_equal(line,
			    "op=a.b result=ok who=\"anna (network)\" role=operator "
			    "from=\"192.0.2.7\" params={\"user\":\"bob\",\"password\":\"***\"}");
	caller.address = "";
	/* Nobody can make a second line, or end a text before it does. */
	err_set(&fault, ERR_INVALID, "bad \"x\"\nop=c result=ok");
	audit_line(line, &op, NULL, &caller, &fault);
	assert_string_equal(line, "op=a.b result=invalid who=\"anna (network)\" role=operator "
				  "error=\"bad \\\"x\\\"?op=c result=ok\" params={}");
	json_decref(given);
}

static void what_is_audited(void **state)
{
	(void)state;
	assert_true(audit_wanted(core_find("account.add")));
	assert_true(audit_wanted(core_find("system.service.start")));
	assert_true(audit_wanted(core_find("account.verify")));
	assert_false(audit_wanted(core_find("system.version.get")));
	assert_false(audit_wanted(core_find("software.bundle.settle")));
	assert_false(audit_wanted(core_find("system.log.tail")));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_accounts),   cmocka_unit_test(life_of_a_user),
		cmocka_unit_test(there_is_an_end),    cmocka_unit_test(tokens),
		cmocka_unit_test(access_file),	      cmocka_unit_test(lockdown),
		cmocka_unit_test(nobody_is_shut_out), cmocka_unit_test(audit),
		cmocka_unit_test(what_is_audited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
