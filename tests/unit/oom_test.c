// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/lib/file.h"
#include "userworld/oomd/decide.h"
#include "userworld/oomd/pick.h"
#include "userworld/oomd/settings.h"

#define MIB (UINT64_C(1) << 20)
#define DRAWS 7000

/*
 * Chi-square over n candidates: 99.9 % of fair draws stay below the bound. The
 * seeds are fixed, so the test does not fail by chance.
 */
static void check_uniform(struct rng *rng, size_t n, double bound)
{
	unsigned int hits[16] = { 0 };
	double chi = 0, expected = (double)DRAWS / (double)n;
	struct candidate list[16] = { 0 };

	for (int i = 0; i < DRAWS; i++) {
		size_t drawn = oom_pick(list, n, OOM_RANDOM, rng).chosen;

		assert_in_range(drawn, 0, n - 1);
		hits[drawn]++;
	}
	for (size_t i = 0; i < n; i++) {
		double d = hits[i] - expected;

		chi += d * d / expected;
	}
	assert_true(chi < bound);
}

static void uniform(void **state)
{
	static const struct {
		size_t n;
		double bound;
	} cases[] = { { 2, 10.83 }, { 3, 13.82 }, { 5, 18.47 }, { 7, 22.46 }, { 16, 37.70 } };

	(void)state;
	for (uint64_t seed = 0; seed < 5; seed++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct rng rng;

			rng_seed(&rng, seed);
			check_uniform(&rng, cases[i].n, cases[i].bound);
		}
}

/* The mission's rule: over 1,000 seeded draws every candidate has its equal share. */
static void thousand_draws(void **state)
{
	static const struct {
		size_t n;
		double bound;
	} cases[] = { { 2, 10.83 }, { 5, 18.47 }, { 10, 27.88 }, { 16, 37.70 } };
	struct candidate list[16];

	(void)state;
	/* Sizes that are far apart must make no difference. */
	for (size_t i = 0; i < 16; i++)
		list[i] = (struct candidate){ .anon = MIB << i };
	for (uint64_t seed = 1; seed <= 10; seed++)
		for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
			double chi = 0, expected = 1000.0 / (double)cases[c].n;
			unsigned int hits[16] = { 0 };
			struct rng rng;

			rng_seed(&rng, seed);
			for (int i = 0; i < 1000; i++)
				hits[oom_pick(list, cases[c].n, OOM_RANDOM, &rng).chosen]++;
			for (size_t i = 0; i < cases[c].n; i++)
				chi += (hits[i] - expected) * (hits[i] - expected) / expected;
			assert_true(chi < cases[c].bound);
		}
}

/* In proportion to 1 : 2 : 5, and nothing for who frees nothing. */
static void weighted(void **state)
{
	struct candidate list[] = { { .anon = 10 * MIB },
				    { .anon = 15 * MIB, .kernel = 5 * MIB },
				    { .files = 900 * MIB },
				    { .anon = 50 * MIB } };
	unsigned int hits[4] = { 0 };
	struct rng rng;

	(void)state;
	rng_seed(&rng, 3);
	for (int i = 0; i < 8000; i++) {
		struct draw d = oom_pick(list, 4, OOM_WEIGHTED, &rng);

		assert_int_equal(d.of, 80 * 1024);
		assert_true(d.value < d.of);
		hits[d.chosen]++;
	}
	assert_in_range(hits[0], 880, 1120);
	assert_in_range(hits[1], 1840, 2160);
	assert_int_equal(hits[2], 0);
	assert_in_range(hits[3], 4800, 5200);
}

static void largest(void **state)
{
	struct candidate list[] = { { .anon = 10 * MIB },
				    { .anon = 50 * MIB },
				    { .files = 90 * MIB } };
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	for (int i = 0; i < 100; i++)
		assert_int_equal(oom_pick(list, 3, OOM_LARGEST, &rng).chosen, 1);
}

static void settings(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "policy = oldest\n", "policy is random, weighted or largest, not 'oldest'" },
		{ "purge = /tmp\n", "purge is names of ramdisks, not '/tmp'" },
		{ "purge = a b c d e f g h i\n", "more than 8 ramdisks" },
		{ "polcy = random\n", "unknown key" },
	};
	char path[] = "/tmp/oom_test.XXXXXX";
	struct oom_settings s;
	struct err e = ERR_INIT;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(oom_settings_read("/nonexistent/x", &s, &e), 0);
	assert_int_equal(s.policy, OOM_RANDOM);
	assert_int_equal(dprintf(fd, "policy = weighted\npurge = tmp, cache\n"), 37);
	assert_int_equal(oom_settings_read(path, &s, &e), 0);
	assert_int_equal(s.policy, OOM_WEIGHTED);
	assert_int_equal(s.purge_count, 2);
	assert_string_equal(s.purge[1], "cache");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct err)ERR_INIT;
		assert_int_equal(
			file_write_atomic(path, bad[i].text, strlen(bad[i].text), 0600, &e), 0);
		assert_int_equal(oom_settings_read(path, &s, &e), -1);
		assert_non_null(strstr(e.text, bad[i].why));
		assert_int_equal(s.policy, OOM_RANDOM);
	}
	close(fd);
	unlink(path);
}

/* The same seed gives the same victims, another one others. */
static void repeatable(void **state)
{
	struct rng a, b, c;
	int same = 0;

	(void)state;
	rng_seed(&a, 42);
	rng_seed(&b, 42);
	rng_seed(&c, 43);
	for (int i = 0; i < 100; i++) {
		uint64_t x = rng_below(&a, 1000);

		assert_int_equal(x, rng_below(&b, 1000));
		same += x == rng_below(&c, 1000);
	}
	assert_true(same < 10);
}

static void unseeded_is_in_range(void **state)
{
	struct rng rng = { 0 };
	bool differs = false;
	uint64_t first = rng_below(&rng, UINT64_MAX);

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_true(rng_below(&rng, 3) < 3);
		differs |= rng_below(&rng, UINT64_MAX) != first;
	}
	assert_true(differs);
	assert_int_equal(rng_below(&rng, 1), 0);
}

/* A bound for which plain modulo would give the lower half two thirds. */
static void no_bias(void **state)
{
	uint64_t bound = (UINT64_C(1) << 63) + (UINT64_C(1) << 62);
	unsigned int low = 0;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	for (int i = 0; i < DRAWS; i++)
		low += rng_below(&rng, bound) < bound / 3;
	assert_in_range(low, DRAWS / 3 - 150, DRAWS / 3 + 150);
}

static void sift(void **state)
{
	struct candidate list[] = {
		{ .name = "empty" },
		{ .name = "small", .anon = 12 << 10, .kernel = 4 << 10 },
		{ .name = "files", .files = 50 * MIB, .kernel = 8 << 10 },
		{ .name = "big", .anon = 50 * MIB },
	};

	(void)state;
	assert_int_equal(oom_sift(list, 4), 2);
	assert_string_equal(list[0].name, "small");
	assert_string_equal(list[1].name, "big");
	assert_int_equal(oom_sift(list, 0), 0);
}

static void files_are_told_apart(void **state)
{
	struct candidate c = { .anon = MIB, .kernel = 1000, .files = 2 * MIB };

	(void)state;
	assert_true(candidate_mostly_files(&c));
	assert_int_equal(candidate_freeable(&c), MIB + 1000);
	c.anon = 3 * MIB;
	assert_false(candidate_mostly_files(&c));
}

static void meminfo(void **state)
{
	struct memory m;

	(void)state;
	assert_int_equal(memory_parse("MemTotal:         88528 kB\nMemFree:          300 kB\n"
				      "MemAvailable:      5000 kB\n",
				      &m),
			 0);
	assert_int_equal(m.total, 88528 * 1024);
	assert_int_equal(m.available, 5000 * 1024);
	assert_int_equal(memory_parse("MemTotal: 1 kB\n", &m), -1);
	assert_int_equal(memory_parse("XMemTotal: 1 kB\nMemAvailable: 1 kB\n", &m), -1);
}

static void watermark_and_verdict(void **state)
{
	struct memory small = { .total = 100 * MIB, .available = 6 * MIB };
	struct memory large = { .total = 100000 * MIB, .available = 3999 * MIB };

	(void)state;
	assert_int_equal(oom_watermark(&small), 6 * MIB);
	assert_int_equal(oom_watermark(&large) / MIB, 4000);
	assert_int_equal(oom_decide(&small, false), OOM_ENOUGH);
	small.available--;
	assert_int_equal(oom_decide(&small, false), OOM_KILL);
	assert_int_equal(oom_decide(&small, true), OOM_SETTLE);
	assert_int_equal(oom_decide(&large, false), OOM_KILL);
}

/* A hog that grows is looked at in ever smaller steps, and soon enough. */
static void tripwire_approaches(void **state)
{
	struct memory m = { .total = 100 * MIB, .available = 60 * MIB };
	uint64_t used = 20 * MIB;
	int looks = 0;

	(void)state;
	while (oom_decide(&m, false) == OOM_ENOUGH) {
		uint64_t wire = oom_tripwire(&m, used);

		assert_true(wire >= used + STEP_LEAST);
		m.available -= wire - used;
		used = wire;
		looks++;
	}
	assert_true(m.available > 5 * MIB);
	assert_in_range(looks, 5, 20);
	m.available = 0;
	assert_int_equal(oom_tripwire(&m, used), used + STEP_LEAST);
}

/* What oomd takes while it looks does not put it above its own wire; nobody else gets more by it.
 */
static void own_room(void **state)
{
	(void)state;
	assert_int_equal(oom_own_room(30 * MIB, 30 * MIB), 30 * MIB + OWN_ROOM);
	assert_int_equal(oom_own_room(30 * MIB, 31 * MIB), 31 * MIB + OWN_ROOM);
	assert_int_equal(oom_own_room(40 * MIB, 31 * MIB), 40 * MIB);
	assert_true(oom_own_room(UINT64_MAX, 31 * MIB) == UINT64_MAX);
	assert_true(OWN_ROOM < WATERMARK_LEAST / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uniform),
		cmocka_unit_test(own_room),
		cmocka_unit_test(repeatable),
		cmocka_unit_test(thousand_draws),
		cmocka_unit_test(weighted),
		cmocka_unit_test(largest),
		cmocka_unit_test(settings),
		cmocka_unit_test(unseeded_is_in_range),
		cmocka_unit_test(no_bias),
		cmocka_unit_test(sift),
		cmocka_unit_test(files_are_told_apart),
		cmocka_unit_test(meminfo),
		cmocka_unit_test(watermark_and_verdict),
		cmocka_unit_test(tripwire_approaches),
	};

	return cmocka_run_group_tests_name("oom", tests, NULL, NULL);
}
