/* SPDX-License-Identifier: Apache-2.0 */
/* What a resource pool may have: a contract of memory, CPU, processes, disks and places. Pure. */
#ifndef POOL_LIMITS_H
#define POOL_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "idset.h"
#include "userworld/lib/err.h"

#define POOL_NONE UINT64_MAX /* no limit */
#define POOL_WEIGHT_MAX 10000
#define POOL_CPU_MAX 100000 /* percent of one CPU */
#define POOL_PIDS_MAX 32768

enum pool_key {
	POOL_MEMORY_MIN,  /* bytes kept for it, whatever others need */
	POOL_MEMORY_MAX,  /* bytes, hard: allocations fail, or the world in it is ended */
	POOL_MEMORY_HIGH, /* bytes, soft: above it is slowed down and its memory reclaimed first */
	POOL_CPU_WEIGHT,  /* share among its siblings when CPU is short, 1 to 10000 */
	POOL_CPU_LIMIT,	  /* percent of one CPU, hard */
	POOL_PIDS,	  /* processes and threads, hard: fork fails */
	POOL_IO_WEIGHT,	  /* share among its siblings when a disk is busy, 1 to 10000 */
	POOL_IO_MAX,	  /* bytes in a second, read from each disk, and written to it */
	POOL_CPUS,	  /* CPUs it runs on: a set (idset.h) */
	POOL_NODES,	  /* memory nodes it gets memory of: a set */
	POOL_KEYS
};

/* The first keys are sizes of memory, which may grow with the host's; the last ones are sets. */
#define POOL_MEMORY_KEYS 3
#define POOL_SETS 2

/* POOL_NONE for "no limit"; a value or set counts only if it is given. */
struct pool_limits {
	uint64_t value[POOL_KEYS];
	bool given[POOL_KEYS];
	char ids[POOL_SETS][IDSET_MAX + 1];
};

/* "memory.min" and so on, as in the files. */
const char *pool_key_name(enum pool_key key);

/* True for those whose value is a set. */
bool pool_key_is_set(enum pool_key key);

/* Everything given, as the kernel has it for a new group. */
void pool_limits_defaults(struct pool_limits *l);

void pool_limits_set(struct pool_limits *l, enum pool_key key, uint64_t value);

/* For the sets; "all" if it is not given. ids has at most IDSET_MAX bytes. */
void pool_limits_set_ids(struct pool_limits *l, enum pool_key key, const char *ids);
const char *pool_limits_ids(const struct pool_limits *l, enum pool_key key);

/* The value of a key, or what the kernel has for a new group. */
uint64_t pool_limits_get(const struct pool_limits *l, enum pool_key key);

/* One value as written in files: bytes with K, M, G, a number or a set; "max" for no limit. */
int pool_limits_parse(struct pool_limits *l, enum pool_key key, const char *text, struct err *e);

/* True if it is what the kernel has for a new group. */
bool pool_limits_is_default(const struct pool_limits *l, enum pool_key key);

/* Ranges, sets, and that the reservation is not above the limits. name is for the message. */
int pool_limits_check(const struct pool_limits *l, const char *name, struct err *e);

/* What over gives replaces what is in base. */
void pool_limits_merge(struct pool_limits *base, const struct pool_limits *over);

/*
 * A size that grows with the host: base + permille / 1000 of what its memory has
 * above 128 MiB.
 */
uint64_t pool_scaled(uint64_t base, unsigned int permille, uint64_t memory_total);

/*
 * How much all reservations, with those of ramdisks, may be together: half of the memory. The other
 * half is for the kernel, tardisks and what nobody reserved.
 */
uint64_t pool_reservable(uint64_t memory_total);

#endif
