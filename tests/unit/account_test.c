// SPDX-License-Identifier: Apache-2.0
/* Accounts: the shadow file as text, password rules, lock-out, and all of it together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/account/lockout.h"
#include "userworld/core/account/password.h"
#include "userworld/core/account/shadow.h"

static const char shadow[] = "root:*:19000:0:99999:7:::\n"
			     "rooter:$y$x:19000:0:99999:7:::\n"
			     "short:!\n"
			     "last:$6$y:1:::::";

#define FAILURES 5
#define SECONDS 900

static const struct lockout_rule rule = { FAILURES, SECONDS };

static void hash_of(void **state)
{
	char hash[SHADOW_HASH_MAX];
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(shadow_hash(shadow, "root", hash, &e), 0);
	assert_string_equal(hash, "*");
	assert_int_equal(shadow_hash(shadow, "rooter", hash, &e), 0);
	assert_string_equal(hash, "$y$x");
	assert_int_equal(shadow_hash(shadow, "short", hash, &e), 0);
	assert_string_equal(hash, "!");
	assert_int_equal(shadow_hash(shadow, "roo", hash, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_int_equal(shadow_hash(shadow, "", hash, &e), -1);
}

static void replaces(void **state)
{
	struct err e = ERR_INIT;
	char *out;

	(void)state;
	assert_int_equal(shadow_replace(shadow, "root", "$y$new", 20000, &out, &e), 0);
	assert_string_equal(out, "root:$y$new:20000:0:99999:7:::\n"
				 "rooter:$y$x:19000:0:99999:7:::\nshort:!\nlast:$6$y:1:::::");
	free(out);
	assert_int_equal(shadow_replace(shadow, "short", "h", 1, &out, &e), 0);
	assert_string_equal(out, "root:*:19000:0:99999:7:::\nrooter:$y$x:19000:0:99999:7:::\n"
				 "short:h:1::::::\nlast:$6$y:1:::::");
	free(out);
	assert_int_equal(shadow_replace(shadow, "last", "h", 2, &out, &e), 0);
	assert_non_null(strstr(out, "\nlast:h:2:::::"));
	free(out);
	assert_int_equal(shadow_replace(shadow, "nobody", "h", 2, &out, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	/* A hash with a colon or newline would forge fields or users. */
	assert_int_equal(shadow_replace(shadow, "root", "h:0", 2, &out, &e), -1);
	assert_int_equal(shadow_replace(shadow, "root", "h\nx::", 2, &out, &e), -1);
}

static void unset(void **state)
{
	(void)state;
	assert_false(shadow_is_set(""));
	assert_false(shadow_is_set("*"));
	assert_false(shadow_is_set("!"));
	assert_false(shadow_is_set("!$y$locked"));
	assert_true(shadow_is_set("$y$x"));
}

static void rules(void **state)
{
	static const struct password_rule easy = { 8, 1 }, hard = { 12, 3 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(password_check("root", "1234567", &easy, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(password_check("root", "12345678", &easy, &e), 0);
	/* Seven characters, eight bytes. */
	assert_int_equal(password_check("root", "123456\xc3\xa4", &easy, &e), -1);
	assert_int_equal(password_check("root", "aaaaaaaaaaaa", &easy, &e), -1);
	assert_int_equal(password_check("administrator", "administrator", &easy, &e), -1);
	assert_int_equal(password_check("root", "lower UPPER", &hard, &e), -1);
	assert_int_equal(password_check("root", "lowerUPPERlower", &hard, &e), -1);
	assert_int_equal(password_check("root", "lower UPPER x", &hard, &e), 0);
	assert_int_equal(password_check("root", "lowerUPPER12", &hard, &e), 0);
}

static void hashes(void **state)
{
	char hash[SHADOW_HASH_MAX], other[SHADOW_HASH_MAX];
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(password_hash("correct horse", hash, &e), 0);
	assert_int_equal(password_hash("correct horse", other, &e), 0);
	assert_string_not_equal(hash, other);
	assert_memory_equal(hash, "$y$", 3);
	assert_true(password_matches("correct horse", hash));
	assert_false(password_matches("correct horsf", hash));
	assert_false(password_matches("", hash));
	assert_false(password_matches("", ""));
	assert_false(password_matches("", "*"));
	assert_false(password_matches("x", "nonsense"));
}

static void lock_out(void **state)
{
	json_t *table = json_object();

	(void)state;
	for (int i = 0; i < FAILURES - 1; i++)
		lockout_note(table, "root@network", 0, 100, &rule);
	assert_int_equal(lockout_wait(table, "root@network", 100), 0);
	lockout_note(table, "root@network", 0, 100, &rule);
	assert_int_equal(lockout_wait(table, "root@network", 100), SECONDS);
	assert_int_equal(lockout_wait(table, "root@network", 100 + SECONDS - 1), 1);
	assert_int_equal(lockout_wait(table, "root@network", 100 + SECONDS), 0);
	assert_int_equal(lockout_wait(table, "root@console", 100), 0);
	/* After the wait the count begins anew; a success ends it. */
	for (int i = 0; i < FAILURES - 1; i++)
		lockout_note(table, "root@network", 0, 200, &rule);
	lockout_note(table, "root@network", 1, 200, &rule);
	lockout_note(table, "root@network", 0, 200, &rule);
	assert_int_equal(lockout_wait(table, "root@network", 200), 0);
	/* A rule of no failures never locks anybody out. */
	for (int i = 0; i < 100; i++)
		lockout_note(table, "root@network", 0, 300, &(struct lockout_rule){ 0, SECONDS });
	assert_int_equal(lockout_wait(table, "root@network", 300), 0);
	json_decref(table);
}

static void lock_out_is_bounded(void **state)
{
	json_t *table = json_object();
	char name[16];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		lockout_note(table, name, 0, 1, &rule);
	}
	assert_int_equal(json_object_size(table), LOCKOUT_USERS);
	json_decref(table);
}

static enum err_kind call(const char *op, const char *password, json_t **result)
{
	json_t *params = json_pack("{s:s}", "user", "root");
	struct err e = ERR_INIT;

	if (password)
		json_object_set_new(params, "password", json_string(password));
	core_call(op, params, result, &e);
	json_decref(params);
	return e.kind;
}

static bool is_set(void)
{
	json_t *result = NULL;
	bool set;

	assert_int_equal(call("account.password.is_set", NULL, &result), ERR_NONE);
	set = json_is_true(json_object_get(result, "is_set"));
	json_decref(result);
	return set;
}

static void life_of_a_password(void **state)
{
	struct stat st;
	char *text;

	(void)state;
	tree_write("/etc/shadow", shadow, 01640);
	assert_false(is_set());
	assert_int_equal(call("account.verify", "", NULL), ERR_AUTH);
	assert_int_equal(call("account.password.set", "short", NULL), ERR_INVALID);
	assert_false(is_set());
	assert_int_equal(call("account.password.set", "long enough", NULL), ERR_NONE);
	assert_true(is_set());
	/* A state file: sticky, and so it must stay. */
	assert_int_equal(stat(tree_path("/etc/shadow"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 01640);
	text = tree_read("/etc/shadow");
	assert_non_null(strstr(text, "\nrooter:$y$x:19000:0:99999:7:::\n"));
	free(text);
	assert_int_equal(call("account.verify", "long enough", NULL), ERR_NONE);
}

static void guessing(void **state)
{
	(void)state;
	for (int i = 0; i < FAILURES; i++)
		assert_int_equal(call("account.verify", "wrong guess", NULL), ERR_AUTH);
	/* Now the right one does not help either. */
	assert_int_equal(call("account.verify", "long enough", NULL), ERR_AUTH);
	remove(tree_path(LOCKOUT_FILE));
	assert_int_equal(call("account.verify", "long enough", NULL), ERR_NONE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hash_of),
		cmocka_unit_test(replaces),
		cmocka_unit_test(unset),
		cmocka_unit_test(rules),
		cmocka_unit_test(hashes),
		cmocka_unit_test(lock_out),
		cmocka_unit_test(lock_out_is_bounded),
		cmocka_unit_test(life_of_a_password),
		cmocka_unit_test(guessing),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
