// SPDX-License-Identifier: Apache-2.0
/* Settings that are numbers, in a tree of files; nobody is there to read them again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"

#define SHELL "/etc/userworld.d/shell.conf"
#define SSH "/etc/userworld.d/ssh.conf"
#define TSM "/etc/tsm.conf"
#define TIMEOUT "/UserVars/ESXiShellTimeOut"
#define CONSOLE_IDLE "/UserVars/DcuiTimeOut"
#define IDLE "/UserVars/ESXiShellInteractiveTimeOut"

static int set(const char *option, json_int_t value, struct err *e)
{
	json_t *params = json_pack("{s:s, s:I}", "option", option, "value", value);
	int rc;

	*e = (struct err)ERR_INIT;
	rc = core_call("system.setting.set", params, NULL, e);
	json_decref(params);
	return rc;
}

static json_int_t get(const char *option)
{
	json_t *params = json_pack("{s:s}", "option", option), *rows = NULL;
	json_int_t value;

	assert_int_equal(core_call("system.setting.list", params, &rows, NULL), 0);
	value = json_integer_value(json_object_get(json_array_get(rows, 0), "value"));
	json_decref(params);
	json_decref(rows);
	return value;
}

static void expect(const char *file, const char *want)
{
	char *text = tree_read(file);

	assert_string_equal(text, want);
	free(text);
}

static void shipped(void)
{
	tree_write(SHELL, "# on tty1\ncommand = /sbin/getty\npool = host/shell\n", 0644);
	tree_write(SSH, "command = /sbin/ssh\npool = host/ssh\n", 0644);
	tree_write(TSM, "# seconds\nidle-timeout = 0\n", 0644);
}

static void both_doors(void **state)
{
	struct err e;

	(void)state;
	shipped();
	assert_int_equal(get(TIMEOUT), 0);
	assert_int_equal(set(TIMEOUT, 900, &e), 0);
	expect(SHELL, "# on tty1\ncommand = /sbin/getty\npool = host/shell\navailability = 900\n");
	expect(SSH, "command = /sbin/ssh\npool = host/ssh\navailability = 900\n");
	assert_int_equal(get(TIMEOUT), 900);
	/* By hand: the one that is open for longer counts, and one that never closes most. */
	tree_write(SSH, "availability = 1000\n", 0644);
	assert_int_equal(get(TIMEOUT), 1000);
	tree_write(SSH, "pool = host/ssh\n", 0644);
	assert_int_equal(get(TIMEOUT), 0);
}

static void idle(void **state)
{
	struct err e;

	(void)state;
	shipped();
	assert_int_equal(set(IDLE, 86400, &e), 0);
	expect(TSM, "# seconds\nidle-timeout = 86400\n");
	assert_int_equal(get(IDLE), 86400);
}

static void console_idle(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(get(CONSOLE_IDLE), 600);
	assert_int_equal(set(CONSOLE_IDLE, 0, &e), 0);
	expect("/etc/console.conf", "idle-timeout = 0\n");
	assert_int_equal(get(CONSOLE_IDLE), 0);
	assert_int_equal(set(CONSOLE_IDLE, 86401, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(set(CONSOLE_IDLE, 30, &e), 0);
	assert_int_equal(get(CONSOLE_IDLE), 30);
}

static void refusals(void **state)
{
	struct err e;

	(void)state;
	shipped();
	assert_int_equal(set(TIMEOUT, 86401, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(set(IDLE, -1, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(set("/User/execInstalledOnly", 2, &e), -1);
	assert_string_equal(e.text, "/User/execInstalledOnly: must be 0 to 1");
	assert_int_equal(set("/UserVars/Nothing", 1, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	expect(TSM, "# seconds\nidle-timeout = 0\n");
	/* What cannot be read is not changed. */
	tree_write(SHELL, "nonsense\n", 0644);
	assert_int_equal(set(TIMEOUT, 900, &e), -1);
	assert_non_null(strstr(e.text, "shell.conf:1"));
	expect(SSH, "command = /sbin/ssh\npool = host/ssh\n");
}

/* An image without one of the doors. */
static void one_door(void **state)
{
	struct err e;

	(void)state;
	shipped();
	assert_int_equal(remove(tree_path(SSH)), 0);
	assert_int_equal(set(TIMEOUT, 60, &e), 0);
	assert_int_equal(get(TIMEOUT), 60);
	assert_int_equal(access(tree_path(SSH), F_OK), -1);
}

static enum err_kind policy(const char *name, const char *value)
{
	json_t *params = json_pack("{s:s, s:s}", "name", name, "policy", value);
	struct err e = ERR_INIT;
	int rc = core_call("system.service.policy.set", params, NULL, &e);

	json_decref(params);
	return rc < 0 ? e.kind : ERR_NONE;
}

/* Nobody is there to read it again; that is as good as a start. */
static void policies(void **state)
{
	(void)state;
	shipped();
	assert_int_equal(policy("ssh", "off"), ERR_NONE);
	expect(SSH, "command = /sbin/ssh\npool = host/ssh\nautostart = no\n");
	assert_int_equal(policy("ssh", "on"), ERR_NONE);
	expect(SSH, "command = /sbin/ssh\npool = host/ssh\nautostart = yes\n");
	assert_int_equal(policy("ssh", "sometimes"), ERR_INVALID);
	assert_int_equal(policy("nobody", "on"), ERR_NOT_FOUND);
	tree_write(SSH, "essential = yes\n", 0644);
	assert_int_equal(policy("ssh", "off"), ERR_DENIED);
	expect(SSH, "essential = yes\n");
	assert_int_equal(policy("ssh", "on"), ERR_NONE);
}

static int set_text(const char *option, const char *key, const char *value)
{
	json_t *params = json_pack("{s:s, s:s}", "option", option, key, value);
	struct err e = ERR_INIT;
	int rc = core_call("system.setting.set", params, NULL, &e);

	json_decref(params);
	return rc < 0 ? (int)e.kind : 0;
}

static void welcome(void **state)
{
	const char *option = "/Annotations/WelcomeMessage";
	json_t *params = json_pack("{s:s}", "option", option), *rows = NULL;
	char big[2050] = "";
	struct err e;

	(void)state;
	memset(big, 'w', sizeof(big) - 1);
	assert_int_equal(set_text(option, "string", "Hello {hostname}\nCall 42"), 0);
	expect("/etc/welcome", "Hello {hostname}\nCall 42");
	assert_int_equal(core_call("system.setting.list", params, &rows, NULL), 0);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(rows, 0), "string_value")),
		"Hello {hostname}\nCall 42");
	assert_int_not_equal(set_text(option, "string", big), 0);
	assert_int_not_equal(set_text(option, "string", "\033[2J"), 0);
	assert_true(set(option, 5, &e) < 0);
	assert_int_equal(e.kind, ERR_USAGE);
	assert_int_equal(set_text(TIMEOUT, "string", "5"), ERR_USAGE);
	expect("/etc/welcome", "Hello {hostname}\nCall 42");
	assert_int_equal(set_text(option, "string", ""), 0);
	assert_int_equal(access(tree_path("/etc/welcome"), F_OK), -1);
	json_decref(params);
	json_decref(rows);
}

static void keyboard(void **state)
{
	json_t *de = json_pack("{s:s}", "layout", "de"), *xx = json_pack("{s:s}", "layout", "xx");
	json_t *now = NULL, *rows = NULL, *row;
	struct err e = ERR_INIT;

	(void)state;
	tree_write("/usr/lib/visoros/keymaps/titles", "ch Swiss, German\nde German\nus American\n",
		   0644);
	assert_int_equal(core_call("system.keyboard.layout.get", NULL, &now, NULL), 0);
	assert_string_equal(json_string_value(json_object_get(now, "layout")), "us");
	assert_true(core_call("system.keyboard.layout.set", xx, NULL, &e) < 0);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_int_equal(access(tree_path("/etc/keyboard"), F_OK), -1);
	assert_int_equal(core_call("system.keyboard.layout.set", de, NULL, NULL), 0);
	expect("/etc/keyboard", "de\n");
	assert_int_equal(core_call("system.keyboard.layout.list", NULL, &rows, NULL), 0);
	assert_int_equal(json_array_size(rows), 3);
	row = json_array_get(rows, 0);
	assert_string_equal(json_string_value(json_object_get(row, "title")), "Swiss, German");
	assert_false(json_is_true(json_object_get(row, "current")));
	assert_true(json_is_true(json_object_get(json_array_get(rows, 1), "current")));
	json_decref(now);
	json_decref(rows);
	json_decref(de);
	json_decref(xx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_doors),	cmocka_unit_test(welcome),
		cmocka_unit_test(keyboard),	cmocka_unit_test(idle),
		cmocka_unit_test(console_idle), cmocka_unit_test(refusals),
		cmocka_unit_test(one_door),	cmocka_unit_test(policies),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
