// SPDX-License-Identifier: Apache-2.0
/* The settings of the logs, changed as visorcli does it. Nobody is there to reload them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/syslog/syslog.h"
#include "userworld/lib/conf_edit.h"

#define CONF "/etc/vmklogger.conf"

static void change(const char *key, const char *value, int rc, const char *why)
{
	struct conf_change c = { key, value };
	struct err e = ERR_INIT;

	assert_int_equal(syslog_change(&c, 1, &e), rc);
	if (why && !strstr(e.text, why))
		fail_msg("'%s' lacks '%s'", e.text, why);
}

static void expect(const char *want)
{
	char *text = tree_read(CONF);

	assert_string_equal(text, want);
	free(text);
}

static void edit(void **state)
{
	static const struct {
		const char *text, *key, *value, *want;
	} cases[] = {
		{ "", "a", "1", "a = 1\n" },
		{ "# a = 0\na=0\nb = 2", "a", "1", "# a = 0\na = 1\nb = 2\n" },
		{ "ab = 0\n", "a", "1", "ab = 0\na = 1\n" },
		{ "a = 0\nb = 2\n", "a", NULL, "b = 2\n" },
		{ "a = 0\na = 1\n", "a", "2", "a = 2\n" },
		{ "b = 2\n", "a", NULL, "b = 2\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got = conf_edit(cases[i].text, cases[i].key, cases[i].value);

		assert_string_equal(got, cases[i].want);
		free(got);
	}
}

static void changes(void **state)
{
	struct stat st;

	(void)state;
	tree_write(CONF, "# mine\nvmkernel.size = 1M\n", 0644);
	change("remote.hosts", "tcp://log:601", 0, NULL);
	change("vmkernel.size", "65536", 0, NULL);
	expect("# mine\nvmkernel.size = 65536\nremote.hosts = tcp://log:601\n");
	assert_int_equal(stat(tree_path(CONF), &st), 0);
	assert_int_equal(st.st_mode & 07777, 01644);
}

static void refusals(void **state)
{
	(void)state;
	tree_write(CONF, "vmkernel.size = 1M\n", 0644);
	change("remote.hosts", "http://x", -1, "unknown scheme");
	change("vmkernel.size", "5", -1, "at least 16K");
	change("nonsense", "5", -1, "unknown key");
	expect("vmkernel.size = 1M\n");
}

/* 4 x 1M + 2 x 256K + 4 x 512K + 2 x 256K + 4 x 1M are 11M. */
static void room(void **state)
{
	static const char *const files[][2] = {
		{ "path", "/var/log" }, { "max_bytes", "13631488" }, { "min_bytes", "0" },
		{ "used_bytes", "0" },	{ "peak_bytes", "0" },	     { "max_inodes", "64" },
		{ "used_inodes", "1" }, { "peak_inodes", "1" },	     { "full_events", "0" },
		{ "mark_bytes", "0" },	{ "mark_inodes", "0" },
	};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "/sys/fs/visorfs/0/ramdisks/log/%s", files[i][0]);
		tree_write(path, files[i][1], 0644);
	}
	tree_write(CONF, "# mine\n", 0644);
	change("syslog.rotate", "5", 0, NULL);
	change("syslog.rotate", "6", -1, "could take 14M, but the ramdisk of /var/log has 13M");
	expect("# mine\nsyslog.rotate = 5\n");
}

static void targets(void **state)
{
	json_t *rows = NULL;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(core_call("system.syslog.remote.list", NULL, &rows, &e), 0);
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
	tree_write("/run/syslogfwd.status",
		   "had=7\ntarget=udp://a:1 state=up sent=5 waiting=0 dropped=0 why=\n"
		   "target=tls://b state=away sent=3 waiting=2 dropped=1 why=no route to host\n",
		   0644);
	assert_int_equal(core_call("system.syslog.remote.list", NULL, &rows, &e), 0);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "target")),
			    "udp://a:1");
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 1), "reason")),
			    "no route to host");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 1), "waiting")),
			 2);
	json_decref(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edit),	   cmocka_unit_test(changes), cmocka_unit_test(refusals),
		cmocka_unit_test(targets), cmocka_unit_test(room),
	};

	return cmocka_run_group_tests_name("core_syslog", tests, tree_setup, tree_teardown);
}
