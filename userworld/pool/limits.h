/* SPDX-License-Identifier: Apache-2.0 */
/* What a resource pool may have: a contract of memory, CPU and processes. */
#ifndef POOL_LIMITS_H
#define POOL_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

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
	POOL_KEYS
};

/* POOL_NONE for "no limit"; a value counts only if it is given. */
struct pool_limits {
	uint64_t value[POOL_KEYS];
	bool given[POOL_KEYS];
};

/* "memory.min" and so on, as in the files. */
const char *pool_key_name(enum pool_key key);

void pool_limits_set(struct pool_limits *l, enum pool_key key, uint64_t value);

/* The value of a key, or what the kernel has for a new group. */
uint64_t pool_limits_get(const struct pool_limits *l, enum pool_key key);

/* One value as written in files: bytes with K, M, G for memory, else a number; "max" for none. */
int pool_value_parse(enum pool_key key, const char *text, uint64_t *value, struct err *e);

/* Ranges, and that the reservation is not above the limits. name is for the message. */
int pool_limits_check(const struct pool_limits *l, const char *name, struct err *e);

/* What over gives replaces what is in base. */
void pool_limits_merge(struct pool_limits *base, const struct pool_limits *over);

/*
 * Writes what is given to a group (cgroup.h). All of them are tried; the first
 * failure is told. Controllers the kernel does not have are one.
 */
int pool_limits_apply(int group, const struct pool_limits *l, struct err *e);

/*
 * A size that grows with the host: base + permille / 1000 of what its memory has
 * above 128 MiB.
 */
uint64_t pool_scaled(uint64_t base, unsigned int permille, uint64_t memory_total);

/*
 * How much all reservations together may be: half of the memory. The other half
 * is for the kernel, tardisks and ramdisks.
 */
uint64_t pool_reservable(uint64_t memory_total);

#endif
