// SPDX-License-Identifier: Apache-2.0
/* Users, tokens and lockdown mode of a host: from the operation to the login. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/account/identity.h"
#include "userworld/core/account/lockdown.h"
#include "userworld/core/account/lockout.h"
#include "userworld/core/account/store.h"
#include "userworld/core/account/token.h"
#include "userworld/core/audit/audit.h"

static enum err_kind call(const char *op, json_t *params, json_t **result)
{
	struct err e = ERR_INIT;

	core_call(op, params, result, &e);
	json_decref(params);
	return e.kind;
}

static enum err_kind password(const char *user, const char *given, const char *origin,
			      struct identity *id)
{
	struct err e = ERR_INIT;

	account_by_password(user, given, origin, id, &e);
	return e.kind;
}

static enum err_kind permit(const char *user, const char *role)
{
	return call("permission.set", json_pack("{s:s, s:s}", "user", user, "role", role), NULL);
}

static void from_user_to_login(void **state)
{
	struct identity id;
	struct stat st;

	(void)state;
	tree_write("/etc/shadow", "root:*:1:0:99999:7:::\n", 01600);
	assert_int_equal(call("account.add",
			      json_pack("{s:s, s:s}", "user", "anna", "password", "short"), NULL),
			 ERR_INVALID);
	assert_int_equal(call("account.add",
			      json_pack("{s:s, s:s, s:s}", "user", "anna", "password", "anna's own",
					"description", "Anna"),
			      NULL),
			 ERR_NONE);
	/* State, and nobody else's business. */
	assert_int_equal(stat(tree_path(ACCOUNTS_FILE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 01600);
	assert_int_equal(password("anna", "anna's own", "network", &id), ERR_DENIED);
	assert_int_equal(permit("anna", "king"), ERR_INVALID);
	assert_int_equal(permit("anna", "operator"), ERR_NONE);
	assert_int_equal(password("anna", "anna's own", "network", &id), ERR_NONE);
	assert_string_equal(id.user, "anna");
	assert_int_equal(id.role, CORE_OPERATOR);
	assert_string_equal(id.how, "password");
	assert_int_equal(password("anna", "anna's", "network", &id), ERR_AUTH);
	assert_int_equal(password("anna", "anna's own", "console", &id), ERR_DENIED);
	assert_int_equal(password("root", "", "network", &id), ERR_AUTH);
	assert_int_equal(password("nobody", "x", "network", &id), ERR_AUTH);
}

static void marks(void **state)
{
	char one[IDENTITY_MARK + 1], two[IDENTITY_MARK + 1];
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(account_mark("anna", one, &e), 0);
	assert_int_equal(permit("anna", "admin"), ERR_NONE);
	assert_int_equal(account_mark("anna", two, &e), 0);
	assert_string_not_equal(one, two);
	assert_int_equal(permit("anna", "operator"), ERR_NONE);
	assert_int_equal(account_mark("anna", two, &e), 0);
	assert_string_equal(one, two);
	assert_int_equal(call("account.password.set",
			      json_pack("{s:s, s:s}", "user", "anna", "password", "anna's new"),
			      NULL),
			 ERR_NONE);
	assert_int_equal(account_mark("anna", two, &e), 0);
	assert_string_not_equal(one, two);
	assert_int_equal(account_mark("bob", two, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void a_token_logs_in(void **state)
{
	json_t *made = NULL;
	struct identity id;
	struct err e = ERR_INIT;
	const char *token;
	char *text;

	(void)state;
	assert_int_equal(call("account.token.add",
			      json_pack("{s:s, s:s, s:s}", "name", "ci", "user", "anna", "role",
					"read-only"),
			      &made),
			 ERR_NONE);
	token = json_string_value(json_object_get(made, "token"));
	assert_int_equal(account_by_token(token, &id, &e), 0);
	assert_string_equal(id.user, "anna");
	assert_int_equal(id.role, CORE_READ_ONLY);
	assert_string_equal(id.how, "token");
	text = tree_read(ACCOUNTS_FILE);
	assert_null(strstr(text, token));
	free(text);
	assert_int_equal(call("account.token.remove", json_pack("{s:s}", "name", "ci"), NULL),
			 ERR_NONE);
	assert_int_equal(account_by_token(token, &id, &e), -1);
	assert_int_equal(e.kind, ERR_AUTH);
	json_decref(made);
}

static enum err_kind mode(const char *name)
{
	return call("system.lockdown.set", json_pack("{s:s}", "mode", name), NULL);
}

static enum err_kind exception(const char *what, const char *user)
{
	return call(what, json_pack("{s:s}", "user", user), NULL);
}

#define ADD "system.lockdown.exception.add"
#define REMOVE "system.lockdown.exception.remove"

static void lockdown_of_a_host(void **state)
{
	struct identity id;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(mode("strict"), ERR_CONFLICT);
	assert_int_equal(exception(ADD, "bob"), ERR_NOT_FOUND);
	assert_int_equal(mode("normal"), ERR_NONE);
	assert_int_equal(password("anna", "anna's new", "network", &id), ERR_DENIED);
	assert_int_equal(call("system.service.start", json_pack("{s:s}", "name", "ssh"), NULL),
			 ERR_DENIED);
	/* The console's door is open: that it does not start is for want of a supervisor. */
	assert_int_equal(call("system.service.start", json_pack("{s:s}", "name", "shell"), NULL),
			 ERR_UNAVAILABLE);
	assert_int_equal(exception(ADD, "anna"), ERR_NONE);
	assert_int_equal(exception(ADD, "anna"), ERR_CONFLICT);
	assert_int_equal(password("anna", "anna's new", "network", &id), ERR_NONE);
	assert_int_equal(mode("strict"), ERR_CONFLICT);
	assert_int_equal(permit("anna", "admin"), ERR_NONE);
	assert_int_equal(mode("strict"), ERR_NONE);
	assert_int_equal(lockdown_may_start("shell", &e), -1);
	/* The last one who could administer the host stays that. */
	assert_int_equal(exception(REMOVE, "anna"), ERR_CONFLICT);
	assert_int_equal(permit("anna", "operator"), ERR_CONFLICT);
	assert_int_equal(call("account.remove", json_pack("{s:s}", "user", "anna"), NULL),
			 ERR_CONFLICT);
	assert_int_equal(exception(ADD, "root"), ERR_NONE);
	assert_int_equal(lockdown_may_start("ssh", &e), 0);
	assert_int_equal(call("account.remove", json_pack("{s:s}", "user", "anna"), NULL),
			 ERR_NONE);
	assert_int_equal(exception(REMOVE, "anna"), ERR_NOT_FOUND);
	assert_int_equal(mode("disabled"), ERR_NONE);
}

/* What cannot be read lets nobody in who is in it; root comes in on the console, and mends it. */
static void damaged_files(void **state)
{
	struct identity id = { "root", CORE_ADMIN, "password" };
	struct err e = ERR_INIT;

	(void)state;
	tree_write(ACCOUNTS_FILE, "{", 01600);
	assert_int_equal(password("anna", "anna's new", "network", &id), ERR_INVALID);
	assert_int_equal(call("account.password.set",
			      json_pack("{s:s, s:s}", "user", "root", "password", "root's own"),
			      NULL),
			 ERR_NONE);
	assert_int_equal(password("root", "root's own", "network", &id), ERR_NONE);
	tree_write(ACCESS_FILE, "lockdown = perhaps\n", 01644);
	assert_int_equal(password("root", "root's own", "network", &id), ERR_INVALID);
	assert_int_equal(password("root", "root's own", "console", &id), ERR_NONE);
	assert_int_equal(account_may_enter(&id, "local", &e), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_user_to_login), cmocka_unit_test(marks),
		cmocka_unit_test(a_token_logs_in),    cmocka_unit_test(lockdown_of_a_host),
		cmocka_unit_test(damaged_files),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
