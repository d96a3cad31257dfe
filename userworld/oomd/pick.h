/* SPDX-License-Identifier: Apache-2.0 */
/* Who is ended when the host runs short of memory. Pure but for getrandom(2). */
#ifndef OOMD_PICK_H
#define OOMD_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CANDIDATES_MAX 256
#define FREEABLE_LEAST (16 * 1024) /* bytes; with less, ending it would free nothing */

struct candidate {
	char name[32];
	char pool[256];
	uint64_t total;	 /* bytes charged to its pool */
	uint64_t anon;	 /* memory of processes: comes back when they end */
	uint64_t kernel; /* of the kernel for it: comes back as well */
	uint64_t files;	 /* files it wrote into ramdisks: stay, whoever ends */
};

/* Bytes that ending it gives back. */
uint64_t candidate_freeable(const struct candidate *c);

/* True if most of what it is charged for are files: ending it does not help much. */
bool candidate_mostly_files(const struct candidate *c);

/* A source of random numbers: the kernel's, or a repeatable one for tests. */
struct rng {
	bool seeded;
	uint64_t state;
};
void rng_seed(struct rng *rng, uint64_t seed);

/* Uniform in 0..bound - 1, without bias; bound > 0. */
uint64_t rng_below(struct rng *rng, uint64_t bound);

/*
 * random: every candidate has the same chance, whatever its size; what runs must
 * cope with being ended. weighted: a chance in proportion to what its end would
 * free. largest: the one whose end would free most, no draw at all.
 */
enum oom_policy { OOM_RANDOM, OOM_WEIGHTED, OOM_LARGEST, OOM_POLICIES };

const char *oom_policy_name(enum oom_policy policy);

/* 0, or -1 if there is no policy of that name. */
int oom_policy_parse(const char *name, enum oom_policy *policy);

/* Drops candidates that would free nothing, keeping the order; returns how many are left. */
size_t oom_sift(struct candidate *list, size_t n);

struct draw {
	size_t chosen;	/* of the candidates, from 0 */
	uint64_t value; /* what was drawn, below of */
	uint64_t of;	/* candidates (random), KiB of all together (weighted), 0 (largest) */
};

/* Draws one of n > 0 candidates. */
struct draw oom_pick(const struct candidate *list, size_t n, enum oom_policy policy,
		     struct rng *rng);

#endif
