// SPDX-License-Identifier: Apache-2.0
#include "pick.h"

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

size_t oom_pick(const struct candidate *list, size_t n, struct rng *rng)
{
	(void)list; /* the rule is random; a weighted one would look */
	return (size_t)rng_below(rng, n);
}
