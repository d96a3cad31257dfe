/* SPDX-License-Identifier: Apache-2.0 */
/* When a world that ended is started again, and what may stand beside what. Pure. */
#ifndef SUPERVISOR_POLICY_H
#define SUPERVISOR_POLICY_H

#include <stdint.h>

#include "config.h"
#include "machine.h"

#define BACKOFF_FIRST 1000 /* milliseconds */
#define BACKOFF_MAX 60000
#define IMMORTAL_DELAY 600000
#define START_TIMEOUT 60000 /* until ready, for notify and exit */
#define EMPTY_TIMEOUT 5000  /* until a killed pool is empty */

/* How a main process ended. The supervisor does not learn it of a world it adopted. */
struct outcome {
	bool known;
	int status; /* as waitpid(2) gives it; only if known */
};

/*
 * The event that this end is, by the world's policy. quick: how many times in a
 * row it has ended before its min-uptime, this one included.
 */
enum world_event policy_exit(const struct world_conf *w, struct outcome o, unsigned int quick);

/* True if the watchdog's limit is exceeded. */
bool policy_too_quick(const struct world_conf *w, unsigned int quick);

/*
 * The next delay in milliseconds; previous is 0 before the first. An immortal
 * world beyond the watchdog's limit waits for IMMORTAL_DELAY.
 */
unsigned int policy_backoff(const struct world_conf *w, unsigned int previous, int64_t uptime,
			    unsigned int quick);

/* Milliseconds a world may stay in a state before WE_TIMEOUT; 0: for ever. */
unsigned int policy_deadline(const struct world_conf *w, enum world_state state,
			     unsigned int delay);

/*
 * What one config file cannot show alone. Two worlds in one pool, or one's pool
 * above another's: ERR_CONFLICT, names both. after[] in a circle: ERR_INVALID,
 * names one in it.
 */
int policy_check_pools(const struct world_conf *const *worlds, size_t count, struct err *e);
int policy_check_order(const struct world_conf *const *worlds, size_t count, struct err *e);

/* What a pool reserves: memory.min in bytes. */
struct claim {
	const char *pool;
	uint64_t bytes;
};

/*
 * A reservation holds only as far as every pool above has it, too: what all at
 * or below the pool reserve.
 */
uint64_t policy_reservation(const struct claim *claims, size_t count, const char *pool);

/*
 * Whether the host can honour one more claim: all together, with what ramdisks have
 * reserved, may be as much as pool_reservable() says. ERR_NO_SPACE with the numbers
 * if not.
 */
int policy_admit(const struct claim *claims, size_t count, const struct claim *more,
		 uint64_t ramdisks, uint64_t memory_total, struct err *e);

#endif
