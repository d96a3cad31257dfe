/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often a pool's limits have bitten, and what to say when they did. Pure
 * but for bites_read().
 */
#ifndef POOL_BITES_H
#define POOL_BITES_H

#include <stddef.h>
#include <stdint.h>

struct bites {
	uint64_t memory_high; /* memory.events high: slowed down above the soft limit */
	uint64_t memory_max;  /* max: allocations that met the hard limit */
	uint64_t oom_kills;   /* oom_kill: processes ended for that */
	uint64_t pids;	      /* pids.events max: forks refused */
	uint64_t throttled;   /* cpu.stat nr_throttled: tenths of a second cut short */
};

enum bite { BITE_HIGH, BITE_MAX, BITE_KILL, BITE_PIDS, BITE_CPU, BITE_COUNT };

/* Of a group; what a controller that is missing would say stays 0. */
void bites_read(int group, struct bites *b);

/* How much a number has grown. */
uint64_t bites_grown(const struct bites *before, const struct bites *now, enum bite kind);

/*
 * One line about n bites of a kind: "pool P (world W): 12 forks were refused: it
 * may have 24 processes". limit is what the limit's file holds; a size is said as
 * 4M, CPU time as percent.
 */
void bites_describe(char *buf, size_t size, enum bite kind, uint64_t n, const char *pool,
		    const char *world, const char *limit);

/* The file whose limit it is: "pids.max". */
const char *bites_limit_file(enum bite kind);

#endif
