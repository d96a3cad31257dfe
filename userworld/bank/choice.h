/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bank is started, and what makes another one be started: the table of docs/banks.md as
 * functions. The loader does the same in a language of its own (tests compare them); the host asks
 * here to say what will happen, and to plan what it changes. Pure.
 */
#ifndef VISOR_BANK_CHOICE_H
#define VISOR_BANK_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "bootcfg.h"
#include "err.h"

#define BANKS 2

/* What counts of a bank. */
struct bank_view {
	bool counts; /* it can be read, "updated" is above 0, there are a build and a kernel */
	int state;
	unsigned long updated;
};

enum bank_reason {
	BANK_NONE,	   /* no bank can be started */
	BANK_CONFIRMED,	   /* it is valid */
	BANK_ON_TRIAL,	   /* it is upgrading: started for the first time */
	BANK_LAST_DIRTY,   /* nothing else is left: it was not confirmed */
	BANK_LAST_INVALID, /* nothing else is left: it failed or was rolled back */
};

struct bank_step {
	unsigned int bank;
	int from, to; /* states */
};

struct bank_choice {
	enum bank_reason reason;
	unsigned int bank;		 /* unless the reason is BANK_NONE */
	struct bank_step changes[BANKS]; /* made by the loader, in this order */
	size_t n;
};

void bank_choose(const struct bank_view views[static BANKS], struct bank_choice *choice);

/*
 * The changes of state after which the loader chooses bank target, in an order in which each of
 * them leaves something to start. *n is 0 if it does so already. ERR_CONFLICT if target cannot be
 * started. A target in state 3 comes on trial (1).
 */
int bank_plan_start(const struct bank_view views[static BANKS], unsigned int target,
		    struct bank_step steps[static BANKS], size_t *n, struct err *e);

/* The number that a new bank gets: above that of both. */
unsigned long bank_next_updated(const struct bank_view views[static BANKS]);

#endif
