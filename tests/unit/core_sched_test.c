// SPDX-License-Identifier: Apache-2.0
/* Resource pools in a tree of files that plays the cgroup hierarchy; nobody reloads anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"

#define CGROUP "/sys/fs/cgroup"
#define MIB (1 << 20)

static void group_file(const char *pool, const char *file, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), CGROUP "/%s/%s", pool, file);
	tree_write(path, text, 0644);
}

/* What a group has when it is new; numbers of bytes as text. */
static void make_group(const char *pool, const char *min, const char *max)
{
	group_file(pool, "cgroup.controllers", "cpu cpuset io memory pids\n");
	group_file(pool, "cpuset.cpus", "\n");
	group_file(pool, "cpuset.cpus.effective", "0-1\n");
	group_file(pool, "io.weight", "default 100\n");
	group_file(pool, "io.max", "\n");
	group_file(pool, "memory.current", "4096\n");
	group_file(pool, "memory.min", min);
	group_file(pool, "memory.max", max);
	group_file(pool, "memory.high", "max\n");
	group_file(pool, "cpu.weight", "100\n");
	group_file(pool, "cpu.max", "50000 100000\n");
	group_file(pool, "pids.max", "24\n");
	group_file(pool, "pids.current", "3\n");
	group_file(pool, "pids.events", "max 12\n");
}

/* 100 MiB of memory: 50 may be reserved, 20 are. */
static int make_host(void **state)
{
	if (tree_setup(state) < 0)
		return -1;
	tree_write("/etc/pools.conf", "", 0644);
	tree_write("/proc/meminfo", "MemTotal:         102400 kB\n", 0644);
	tree_write("/sys/devices/system/cpu/online", "0-1\n", 0644);
	tree_write("/sys/block/vda/dev", "254:0\n", 0644);
	tree_write("/sys/block/vda/device/x", "", 0644);
	tree_write("/sys/block/loop0/dev", "7:0\n", 0644);
	make_group("host", "20971520", "max");
	make_group("host/user", "20971520", "max");
	make_group("host/user/a", "20971520", "41943040");
	return 0;
}

static int call(const char *op, const char *params, json_t **result, struct err *e)
{
	json_t *p = params ? json_loads(params, 0, NULL) : NULL;
	int rc;

	*e = (struct err)ERR_INIT;
	rc = core_call(op, p, result, e);
	json_decref(p);
	return rc;
}

static void expect_file(const char *pool, const char *file, const char *want)
{
	char path[256], *text;

	snprintf(path, sizeof(path), CGROUP "/%s/%s", pool, file);
	text = tree_read(path);
	if (strncmp(text, want, strlen(want)) != 0)
		fail_msg("%s has '%s', not '%s'", path, text, want);
	free(text);
}

static json_int_t number(json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static void lists(void **state)
{
	json_t *rows = NULL, *row;
	struct err e;

	(void)state;
	assert_int_equal(call("sched.group.list", NULL, &rows, &e), 0);
	assert_int_equal(json_array_size(rows), 3);
	row = json_array_get(rows, 2);
	assert_string_equal(json_string_value(json_object_get(row, "group")), "host/user/a");
	assert_int_equal(number(row, "memory_max"), 40 * MIB);
	assert_int_equal(number(row, "memory_high"), -1);
	assert_int_equal(number(row, "cpu_max"), 50);
	assert_int_equal(number(row, "refused_forks"), 12);
	assert_int_equal(number(row, "io_weight"), 100);
	assert_int_equal(number(row, "io_max"), -1);
	assert_string_equal(json_string_value(json_object_get(row, "cpus")), "0-1");
	assert_true(json_is_null(json_object_get(row, "nodes")));
	json_decref(rows);
}

static void sets(void **state)
{
	struct err e;
	char *text;

	(void)state;
	assert_int_equal(call("sched.group.set",
			      "{\"group\":\"host/user/a\",\"pids_max\":7,\"cpu_max\":-1}", NULL,
			      &e),
			 0);
	expect_file("host/user/a", "pids.max", "7");
	expect_file("host/user/a", "cpu.max", "max");
	assert_int_equal(call("sched.group.set",
			      "{\"group\":\"host/user/a\",\"memory_max\":31457280}", NULL, &e),
			 0);
	text = tree_read("/etc/pools.conf");
	assert_string_equal(text, "host/user/a memory.max=31457280 cpu.max=max pids.max=7\n");
	free(text);
	assert_int_equal(
		call("sched.group.set", "{\"group\":\"host/user/a\",\"reset\":true}", NULL, &e), 0);
	text = tree_read("/etc/pools.conf");
	assert_string_equal(text, "");
	free(text);
}

/* Where it runs, and what it may have of disks: of all that the host has. */
static void places(void **state)
{
	struct err e;
	char *text;

	(void)state;
	assert_int_equal(call("sched.group.set",
			      "{\"group\":\"host/user/a\",\"cpus\":\"1-\",\"io_max\":1048576}",
			      NULL, &e),
			 0);
	expect_file("host/user/a", "cpuset.cpus", "1-N");
	expect_file("host/user/a", "io.max", "254:0 rbps=1048576 wbps=1048576");
	text = tree_read("/etc/pools.conf");
	assert_string_equal(text, "host/user/a io.max=1048576 cpuset.cpus=1-\n");
	free(text);
	assert_int_equal(
		call("sched.group.set", "{\"group\":\"host/user/a\",\"reset\":true}", NULL, &e), 0);
}

/* What ramdisks have reserved counts: 50 MiB in all, 20 are of pools. */
static void ramdisks(void **state)
{
	static const char *const numbers[] = { "max_bytes",   "used_bytes",  "peak_bytes",
					       "max_inodes",  "used_inodes", "peak_inodes",
					       "full_events", "mark_bytes",  "mark_inodes" };
	char path[128];
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		snprintf(path, sizeof(path), "/sys/fs/visorfs/0/ramdisks/tmp/%s", numbers[i]);
		tree_write(path, "0\n", 0644);
	}
	tree_write("/sys/fs/visorfs/0/ramdisks/tmp/path", "/tmp\n", 0644);
	tree_write("/sys/fs/visorfs/0/ramdisks/tmp/min_bytes", "26214400\n", 0644);
	assert_int_equal(call("sched.group.set",
			      "{\"group\":\"host/user/a\",\"memory_min\":31457280}", NULL, &e),
			 -1);
	assert_string_equal(e.text,
			    "pool host/user/a: with this, 30M would be reserved by pools and "
			    "25M by ramdisks; this host can reserve 50M in all");
	assert_int_equal(call("system.ramdisk.resize",
			      "{\"name\":\"tmp\",\"max\":62914560,\"min\":41943040}", NULL, &e),
			 -1);
	assert_string_equal(e.text,
			    "ramdisk tmp: with this, 20M would be reserved by pools and 40M "
			    "by ramdisks; this host can reserve 50M in all");
	tree_write("/sys/fs/visorfs/0/ramdisks/tmp/min_bytes", "0\n", 0644);
}

/* Refused as a whole: neither kernel nor file has changed. */
static void refuses(void **state)
{
	static const struct {
		const char *op, *params;
		enum err_kind kind;
		const char *why;
	} cases[] = {
		{ "sched.group.set", "{\"group\":\"host/user/a\",\"memory_min\":41943041}",
		  ERR_NO_SPACE, "may have only 30M" },
		{ "sched.group.set",
		  "{\"group\":\"host/user/a\",\"memory_min\":62914560,\"memory_max\":-1}",
		  ERR_NO_SPACE,
		  "60M would be reserved by pools and 0B by ramdisks; this host can "
		  "reserve 50M in all" },
		{ "sched.group.set", "{\"group\":\"host/user/a\",\"cpus\":\"2\"}", ERR_INVALID,
		  "pool host/user/a: cpuset.cpus: this host has no CPU 2, it has 0-1" },
		{ "sched.group.set", "{\"group\":\"host/user/a\",\"nodes\":\"1-\"}", ERR_INVALID,
		  "this host has no memory node from 1 on, it has 0" },
		{ "sched.group.set", "{\"group\":\"host/user/a\",\"cpus\":\"x\"}", ERR_INVALID,
		  "cpuset.cpus is numbers" },
		{ "sched.group.set",
		  "{\"group\":\"host/user/a\",\"memory_min\":5,\"memory_max\":4}", ERR_INVALID,
		  "memory.min is more than memory.max" },
		{ "sched.group.set", "{\"group\":\"host/user/b\",\"pids_max\":4}", ERR_NOT_FOUND,
		  "there is no pool host/user/b" },
		{ "sched.group.set", "{\"group\":\"../etc\",\"pids_max\":4}", ERR_INVALID,
		  "is no pool" },
		{ "sched.group.set", "{\"group\":\"host\",\"memory_high\":4}", ERR_CONFLICT,
		  "belongs to oomd" },
		{ "sched.group.set", "{\"group\":\"host/user/a\"}", ERR_USAGE, "no limit" },
		{ "sched.group.delete", "{\"group\":\"host/user\"}", ERR_CONFLICT,
		  "part of the system" },
		{ "sched.group.add", "{\"parent\":\"host/user\",\"name\":\"a\"}", ERR_CONFLICT,
		  "there is a pool" },
		{ "sched.group.add",
		  "{\"parent\":\"host/user\",\"name\":\"c\",\"memory_min\":41943040}", ERR_NO_SPACE,
		  "60M would be reserved by pools" },
	};

	(void)state;
	make_group("host/user/a", "20971520", "31457280");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e;

		assert_int_equal(call(cases[i].op, cases[i].params, NULL, &e), -1);
		if (e.kind != cases[i].kind || !strstr(e.text, cases[i].why))
			fail_msg("%s %s: %s", cases[i].op, cases[i].params, e.text);
	}
	expect_file("host/user/a", "memory.min", "20971520");
	expect_file("host/user/a", "memory.max", "31457280");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),    cmocka_unit_test(sets),    cmocka_unit_test(places),
		cmocka_unit_test(ramdisks), cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests_name("core_sched", tests, make_host, tree_teardown);
}
