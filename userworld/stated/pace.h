/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When to save: soon after a change, so that nobody loses more than a second, together with what
 * changes at the same time, and not so often that a program which writes all the time wears
 * the medium out. Pure: the caller has the clock, in milliseconds that never go back.
 */
#ifndef STATED_PACE_H
#define STATED_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_QUIET 200	/* ms without a further change, then it is saved */
#define PACE_MOST 600	/* ms after the first change at the latest */
#define PACE_BURST 20	/* saves in a row; then one more for each */
#define PACE_EACH 15000 /* ms */
#define PACE_RETRY_MAX \
	60000 /* ms between two tries when saving fails; the first is after a second */

struct pace {
	bool pending;
	int64_t first, last; /* change that is not saved */
	int64_t spent;	     /* when all saves up to now will be paid for */
	int64_t retry;	     /* pause after a failure, 0: none */
	int64_t failed;	     /* when it was */
};

void pace_change(struct pace *p, int64_t now);

/* ms until it is to be saved, 0: now; -1: there is nothing. */
int64_t pace_due(const struct pace *p, int64_t now);

/* All that changed is saved; written: the medium was written to. */
void pace_saved(struct pace *p, int64_t now, bool written);

void pace_failed(struct pace *p, int64_t now);

/* Does it wait because there were so many saves? */
bool pace_held(const struct pace *p, int64_t now);

#endif
