/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is an image that is on trial good? Pure: what was seen and when in, a verdict out. Times are
 * seconds since boot, so a watcher that was restarted goes on where it was.
 */
#ifndef BOOTWATCH_JUDGE_H
#define BOOTWATCH_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "worldctl.h"

#define JUDGE_WORLDS 128
#define JUDGE_LOOP 3 /* so many restarts of a world within the window are a loop */

struct limits {
	unsigned int window; /* so long everything must be well without a break */
	unsigned int limit;  /* by then it must have been */
};

/* What was seen at one moment. */
struct sight {
	unsigned int links;	/* network adapters with a link */
	unsigned int addresses; /* of those, how many have an address */
	bool hostd;		/* it answers */
	bool supervisor;	/* it answers: worlds are known */
	const struct world_info *worlds;
	size_t n_worlds;
};

enum verdict { GO_ON, CONFIRM, FAIL };

struct judge {
	uint64_t begin;	     /* of the trial; 0 is the boot */
	uint64_t good_since; /* UINT64_MAX: it is not */
	char reason[256];    /* the last complaint */
	size_t n;
	struct {
		char name[WORLD_NAME_MAX + 1];
		unsigned int restarts; /* when the window began */
	} worlds[JUDGE_WORLDS];
};

void judge_start(struct judge *j, uint64_t begin);

/*
 * One look. FAIL only when the limit is over; j->reason then says why. A new trial begins by
 * judge_start().
 */
enum verdict judge_step(struct judge *j, const struct limits *limits, uint64_t now,
			const struct sight *s);

/* "visoros.trial=SECONDS" and "visoros.trial.limit=SECONDS" of a command line, or the defaults. */
void judge_limits(const char *cmdline, struct limits *limits);

#endif
