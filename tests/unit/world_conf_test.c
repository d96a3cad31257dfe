// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/supervisor/config.h"

static int parse(const char *name, const char *text, struct world_conf *w, struct err *e)
{
	struct conf c;
	int rc;

	assert_int_equal(conf_parse(&c, "w.conf", text, e), 0);
	rc = world_conf_from(&c, name, w, e);
	conf_free(&c);
	return rc;
}

static void defaults(void **state)
{
	struct err e = ERR_INIT;
	struct world_conf w;

	(void)state;
	assert_int_equal(parse("hostd", "command = /x -a  b\npool = host/vim/hostd\n", &w, &e), 0);
	assert_string_equal(w.name, "hostd");
	assert_string_equal(w.command, "/x -a  b");
	assert_true(pool_limits_get(&w.limits, POOL_MEMORY_MAX) == POOL_NONE);
	assert_int_equal(pool_limits_get(&w.limits, POOL_CPU_WEIGHT), 100);
	assert_string_equal(pool_limits_ids(&w.limits, POOL_CPUS), "all");
	assert_true(w.address_space == POOL_NONE);
	assert_int_equal(w.stop_timeout, 10);
	assert_int_equal(w.restart, RESTART_ALWAYS);
	assert_int_equal(w.ready, READY_EXEC);
	assert_false(w.essential);
	assert_true(w.autostart);
	assert_int_equal(
		parse("one", "command = /x\npool = host/user/one\noneshot = yes\n", &w, &e), 0);
	assert_int_equal(w.restart, RESTART_NEVER);
	assert_int_equal(w.ready, READY_EXIT);
}

static void everything(void **state)
{
	struct err e = ERR_INIT;
	struct world_conf w;

	(void)state;
	assert_int_equal(parse("a-1",
			       "command = /x\npool = host/user/a\nenv = A=1 B=2\n"
			       "tty = /dev/tty2\nif-kernel-arg = k=v\nif-device = /dev/x\n"
			       "after = a, b c\nmemory.max = 12M + 0.5%\nmemory.min = 1M\n"
			       "cpu.weight = 7\ncpu.max = 150\npids.max = 9\nstop-timeout = 3\n"
			       "memory.high = 11M + 0.5%\nmemory.address-space = 8M + 0.1%\n"
			       "cpuset.cpus = 0-1,4-\ncpuset.mems = 1\nio.weight = 50\n"
			       "io.max = 2M\n"
			       "restart = on-failure\nready = notify\nessential = yes\n"
			       "autostart = no\njit = /opt/vm/bin/vm\n",
			       &w, &e),
			 0);
	assert_int_equal(w.after_count, 3);
	assert_string_equal(w.after[1], "b");
	assert_string_equal(w.after[2], "c");
	assert_string_equal(w.jit, "/opt/vm/bin/vm");
	assert_int_equal(w.limits.value[POOL_MEMORY_MAX], 12 << 20);
	assert_int_equal(w.scale[POOL_MEMORY_MAX], 5);
	assert_int_equal(w.limits.value[POOL_MEMORY_HIGH], 11 << 20);
	assert_int_equal(w.limits.value[POOL_CPU_LIMIT], 150);
	assert_string_equal(pool_limits_ids(&w.limits, POOL_CPUS), "0-1,4-");
	assert_string_equal(pool_limits_ids(&w.limits, POOL_NODES), "1");
	assert_int_equal(w.limits.value[POOL_IO_WEIGHT], 50);
	assert_int_equal(w.limits.value[POOL_IO_MAX], 2 << 20);
	assert_int_equal(w.address_space, 8 << 20);
	assert_int_equal(w.address_scale, 1);
	assert_int_equal(w.restart, RESTART_ON_FAILURE);
	assert_int_equal(w.ready, READY_NOTIFY);
	assert_true(w.essential);
	assert_false(w.autostart);
	assert_string_equal(w.env, "A=1 B=2");
}

#define GOOD "command = /x\npool = host/user/a\n"

static void refusals(void **state)
{
	static const struct {
		const char *name, *text, *message;
	} bad[] = {
		{ "A", GOOD, "w.conf: 'A' is not a name: up to 31 of a-z, 0-9 and '-'" },
		{ "a/b", GOOD, "w.conf: 'a/b' is not a name: up to 31 of a-z, 0-9 and '-'" },
		{ "a", "pool = host/x\n",
		  "w.conf: command has to begin with the path of a program" },
		{ "a", "command = x\npool = host/x\n",
		  "w.conf:1: command has to begin with the path of a program" },
		{ "a", "command = /x\n", "w.conf: pool has to be a path below host/" },
		{ "a", "command = /x\npool = host/../x\n",
		  "w.conf:2: pool has to be a path below host/" },
		{ "a", "command = /x\npool = user/x\n",
		  "w.conf:2: pool has to be a path below host/" },
		{ "a", GOOD "memory.max = 96M + 51%\n",
		  "w.conf:3: memory.max is a size, perhaps with a share of the host's memory: 96M "
		  "+ "
		  "0.5%" },
		{ "a", GOOD "memory.max = 96M + x\n",
		  "w.conf:3: memory.max is a size, perhaps with a share of the host's memory: 96M "
		  "+ "
		  "0.5%" },
		{ "a", GOOD "memory.min = 2M\nmemory.max = 1M\n",
		  "w.conf:3: memory.min is more than memory.max" },
		{ "a", GOOD "memory.high = 1M\nmemory.min = 2M\n",
		  "w.conf:4: memory.min is more than memory.high" },
		{ "a", GOOD "memory.min = max\n",
		  "w.conf:3: memory.min cannot be without a bound" },
		{ "a", GOOD "cpuset.cpus = 3-1\n",
		  "w.conf:3: cpuset.cpus is numbers such as 0-3,8, or 2- or all, not '3-1'" },
		{ "a", GOOD "io.max = 0\n", "w.conf:3: io.max cannot be nothing" },
		{ "a", GOOD "restart = often\n",
		  "w.conf:3: restart is always, on-failure or never" },
		{ "a", GOOD "ready = exit\n", "w.conf:3: ready can be exit for a oneshot only" },
		{ "a", GOOD "oneshot = yes\nrestart = always\n",
		  "w.conf:4: restart cannot be always for a oneshot" },
		{ "a", GOOD "after = A\n",
		  "w.conf:3: after has a word that is not the name of a userworld" },
		{ "a", GOOD "after = a b c d e f g h i\n",
		  "w.conf:3: after names too many userworlds" },
		{ "a", GOOD "cpu.weight = 0\n", "w.conf:3: cpu.weight is 1 to 10000" },
		{ "a", GOOD "tty = tty1\n", "w.conf:3: tty has to be a path" },
		{ "a", GOOD "jit = yes\n", "w.conf:3: jit has to be the path of a program" },
		{ "a", GOOD "nice = 3\n", "w.conf:3: unknown key 'nice'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = ERR_INIT;
		struct world_conf w;

		assert_int_equal(parse(bad[i].name, bad[i].text, &w, &e), -1);
		assert_string_equal(e.text, bad[i].message);
		assert_int_equal(e.kind, ERR_INVALID);
	}
}

static void words(void **state)
{
	char text[] = "  /bin/a  -b\tc ";
	char *argv[4];

	(void)state;
	assert_int_equal(split_words(text, argv, 4), 3);
	assert_string_equal(argv[0], "/bin/a");
	assert_string_equal(argv[2], "c");
	assert_null(argv[3]);
	strcpy(text, "a b c");
	assert_int_equal(split_words(text, argv, 3), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything),
		cmocka_unit_test(refusals),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("world_conf", tests, NULL, NULL);
}
