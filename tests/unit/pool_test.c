// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/pool/bites.h"
#include "userworld/pool/pools.h"

#define MIB (UINT64_C(1) << 20)

static void names(void **state)
{
	static const char *const good[] = { "host", "host/user", "host/vim/a.b_c-1" };
	static const char *const bad[] = { "",		 "hosts",     "user",	  "host/",
					   "host//a",	 "host/../a", "host/a b", "host/.a",
					   "/host/user", "host/a/" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(pool_name_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(pool_name_valid(bad[i]));
}

static void file(void **state)
{
	static const char text[] =
		"# limits\n\nhost/user/apps memory.max=256M cpu.weight=200 # mine\n"
		"\thost/user  pids.max=max\n";
	struct pool_line lines[POOLS_MAX];
	const struct pool_line *l;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(pools_parse("p", text, lines, &e), 2);
	l = pools_find(lines, 2, "host/user/apps");
	assert_non_null(l);
	assert_int_equal(pool_limits_get(&l->limits, POOL_MEMORY_MAX), 256 * MIB);
	assert_int_equal(pool_limits_get(&l->limits, POOL_CPU_WEIGHT), 200);
	assert_false(l->limits.given[POOL_PIDS]);
	l = pools_find(lines, 2, "host/user");
	assert_true(l->limits.given[POOL_PIDS]);
	assert_true(l->limits.value[POOL_PIDS] == POOL_NONE);
	assert_null(pools_find(lines, 2, "host/user/app"));
}

static void refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "user memory.max=1M\n", "p:1: 'user' is no pool: a path from host on" },
		{ "\nhost/a memory.max\n", "p:2: expected 'key=value', not 'memory.max'" },
		{ "host/a io.latency=1\n", "p:1: unknown key 'io.latency'" },
		{ "host/a cpuset.cpus=1,,2\n",
		  "p:1: cpuset.cpus is numbers such as 0-3,8, or 2- or all, not '1,,2'" },
		{ "host/a cpu.weight=0\n", "p:1: cpu.weight is 1 to 10000" },
		{ "host/a cpu.weight=max\n", "p:1: cpu.weight is 1 to 10000" },
		{ "host/a pids.max=99999\n", "p:1: pids.max is 1 to 32768, or max" },
		{ "host/a pids.max=5M\n", "p:1: pids.max is a number, not '5M'" },
		{ "host/a memory.min=max\n", "p:1: memory.min cannot be without a bound" },
		{ "host/a memory.max=x\n",
		  "p:1: memory.max is bytes with an optional K, M or G, or max, not 'x'" },
		{ "host/a memory.min=2M memory.max=1M\n",
		  "p:1: pool host/a: memory.min is more than memory.max" },
		{ "host/a\nhost/b\nhost/a\n", "p:3: pool host/a was given already" },
	};
	struct pool_line lines[POOLS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(pools_parse("p", cases[i].text, lines, &e), -1);
		assert_string_equal(e.text, cases[i].why);
	}
}

static void edits(void **state)
{
	struct pool_limits l = { 0 };
	char *text;

	(void)state;
	pool_limits_set(&l, POOL_MEMORY_MAX, 5 * MIB);
	pool_limits_set(&l, POOL_PIDS, POOL_NONE);
	pool_limits_set_ids(&l, POOL_CPUS, "2-");
	text = pools_edit("# top\nhost/a pids.max=3\nhost/ab pids.max=4", "host/a", &l);
	assert_string_equal(text, "# top\nhost/a memory.max=5242880 pids.max=max cpuset.cpus=2-\n"
				  "host/ab pids.max=4\n");
	free(text);
	text = pools_edit("host/b\n", "host/a", &l);
	assert_string_equal(text,
			    "host/b\nhost/a memory.max=5242880 pids.max=max cpuset.cpus=2-\n");
	free(text);
	text = pools_edit("host/b\nhost/a\n", "host/b", NULL);
	assert_string_equal(text, "host/a\n");
	free(text);
}

/* Which numbers, and whether a host has them. */
static void ids(void **state)
{
	static const char *const good[] = { "all", "0", "0-3,8", "2-", "0-1,4-", "8191" };
	static const char *const bad[] = { "",	 "a",	 "-1",	 "1-0",	 "1,",	 ",1",
					   "1 ", "1--2", "1,,2", "8192", "allx", "99999999999" };
	static const struct {
		const char *set, *have, *why;
	} cases[] = {
		{ "all", "0", NULL },
		{ "0-3", "0-7", NULL },
		{ "2-", "0-2", NULL },
		{ "0,5", "0,4-5", NULL },
		{ "4-5", "0-3", "cpuset.cpus: this host has no CPU 4, it has 0-3" },
		{ "0-8191", "0-3", "cpuset.cpus: this host has no CPU 4, it has 0-3" },
		{ "2", "0-1,3", "cpuset.cpus: this host has no CPU 2, it has 0-1,3" },
		{ "2-", "0-1", "cpuset.cpus: this host has no CPU from 2 on, it has 0-1" },
	};
	char text[IDSET_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(idset_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(idset_valid(bad[i]));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(idset_admit(cases[i].set, cases[i].have, "cpuset.cpus", "CPU", &e),
				 cases[i].why ? -1 : 0);
		assert_string_equal(e.text, cases[i].why ? cases[i].why : "");
	}
	idset_for_kernel("2-", text);
	assert_string_equal(text, "2-N");
	idset_for_kernel("all", text);
	assert_string_equal(text, "0-N");
	idset_for_kernel("0-3,8", text);
	assert_string_equal(text, "0-3,8");
}

static void scaling(void **state)
{
	(void)state;
	assert_int_equal(pool_scaled(96 * MIB, 5, 88 * MIB), 96 * MIB);
	assert_int_equal(pool_scaled(96 * MIB, 5, 128 * MIB), 96 * MIB);
	assert_int_equal(pool_scaled(96 * MIB, 5, 1128 * MIB) / MIB, 101);
	assert_true(pool_scaled(POOL_NONE, 5, 1128 * MIB) == POOL_NONE);
	assert_int_equal(pool_reservable(88 * MIB), 44 * MIB);
}

static void merging(void **state)
{
	struct pool_limits base = { 0 }, over = { 0 };

	(void)state;
	pool_limits_set(&base, POOL_MEMORY_MAX, 1);
	pool_limits_set(&base, POOL_PIDS, 2);
	pool_limits_set(&over, POOL_PIDS, 3);
	pool_limits_set_ids(&over, POOL_CPUS, "1-");
	pool_limits_merge(&base, &over);
	assert_int_equal(pool_limits_get(&base, POOL_MEMORY_MAX), 1);
	assert_int_equal(pool_limits_get(&base, POOL_PIDS), 3);
	assert_int_equal(pool_limits_get(&base, POOL_CPU_WEIGHT), 100);
	assert_string_equal(pool_limits_ids(&base, POOL_CPUS), "1-");
	assert_string_equal(pool_limits_ids(&base, POOL_NODES), "all");
	pool_limits_defaults(&base);
	for (int k = 0; k < POOL_KEYS; k++)
		assert_true(base.given[k] && pool_limits_is_default(&base, (enum pool_key)k));
}

static void bites(void **state)
{
	struct bites before = { .pids = 3, .throttled = 10 }, now = { .pids = 15, .throttled = 10 };
	char text[256];

	(void)state;
	assert_int_equal(bites_grown(&before, &now, BITE_PIDS), 12);
	assert_int_equal(bites_grown(&before, &now, BITE_CPU), 0);
	bites_describe(text, sizeof(text), BITE_PIDS, 12, "host/user/x", "x", "24");
	assert_string_equal(text, "pool host/user/x (userworld x): 12 forks were refused: it may "
				  "have 24 processes and threads");
	bites_describe(text, sizeof(text), BITE_CPU, 7, "p", "x", "30000 100000");
	assert_string_equal(text, "pool p (userworld x): cut short in 7 tenths of a second: it may "
				  "use 30 % of one CPU");
	bites_describe(text, sizeof(text), BITE_HIGH, 1, "p", "x", "4194304");
	assert_string_equal(text, "pool p (userworld x): 1 times above its soft limit of 4M, it "
				  "was slowed down");
	bites_describe(text, sizeof(text), BITE_MAX, 1, "p", "x", "?");
	assert_string_equal(text, "pool p (userworld x): 1 times at its limit of ? of memory");
	assert_string_equal(bites_limit_file(BITE_MAX), "memory.max");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names), cmocka_unit_test(file),    cmocka_unit_test(refused),
		cmocka_unit_test(edits), cmocka_unit_test(scaling), cmocka_unit_test(merging),
		cmocka_unit_test(bites), cmocka_unit_test(ids),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
