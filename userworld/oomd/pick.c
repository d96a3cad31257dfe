// SPDX-License-Identifier: Apache-2.0
#include "pick.h"

#include <string.h>
#include <sys/random.h>

uint64_t candidate_freeable(const struct candidate *c)
{
	return c->anon + c->kernel;
}

bool candidate_mostly_files(const struct candidate *c)
{
	return c->files > candidate_freeable(c);
}

void rng_seed(struct rng *rng, uint64_t seed)
{
	*rng = (struct rng){ .seeded = true, .state = seed };
}

/* splitmix64: every seed is a good one, and the sequence is the same everywhere. */
static uint64_t next(struct rng *rng)
{
	uint64_t z;

	if (!rng->seeded) {
		while (getrandom(&z, sizeof(z), 0) != sizeof(z))
			;
		return z;
	}
	z = rng->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *rng, uint64_t bound)
{
	/* 2^64 mod bound values are too many for an equal share: they are drawn again. */
	uint64_t excess = (UINT64_MAX % bound + 1) % bound;
	uint64_t z;

	do {
		z = next(rng);
	} while (z > UINT64_MAX - excess);
	return z % bound;
}

size_t oom_sift(struct candidate *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (candidate_freeable(&list[i]) < FREEABLE_LEAST)
			continue;
		if (kept != i)
			list[kept] = list[i];
		kept++;
	}
	return kept;
}

static const char *const policies[OOM_POLICIES] = {
	[OOM_RANDOM] = "random",
	[OOM_WEIGHTED] = "weighted",
	[OOM_LARGEST] = "largest",
};

const char *oom_policy_name(enum oom_policy policy)
{
	return policies[policy];
}

int oom_policy_parse(const char *name, enum oom_policy *policy)
{
	for (int i = 0; i < OOM_POLICIES; i++)
		if (!strcmp(policies[i], name)) {
			*policy = (enum oom_policy)i;
			return 0;
		}
	return -1;
}

static uint64_t weight(const struct candidate *c)
{
	return candidate_freeable(c) / 1024;
}

static struct draw pick_weighted(const struct candidate *list, size_t n, struct rng *rng)
{
	struct draw d = { 0 };
	uint64_t left;

	for (size_t i = 0; i < n; i++)
		d.of += weight(&list[i]);
	d.value = left = rng_below(rng, d.of);
	while (left >= weight(&list[d.chosen]))
		left -= weight(&list[d.chosen++]);
	return d;
}

static struct draw pick_largest(const struct candidate *list, size_t n)
{
	struct draw d = { 0 };

	for (size_t i = 1; i < n; i++)
		if (candidate_freeable(&list[i]) > candidate_freeable(&list[d.chosen]))
			d.chosen = i;
	return d;
}

struct draw oom_pick(const struct candidate *list, size_t n, enum oom_policy policy,
		     struct rng *rng)
{
	struct draw d = { .of = n };

	if (policy == OOM_WEIGHTED)
		return pick_weighted(list, n, rng);
	if (policy == OOM_LARGEST)
		return pick_largest(list, n);
	d.value = rng_below(rng, n);
	d.chosen = (size_t)d.value;
	return d;
}
