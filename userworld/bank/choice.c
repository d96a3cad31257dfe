// SPDX-License-Identifier: Apache-2.0
#include "choice.h"

static bool in_state(const struct bank_view *v, int from, int to)
{
	return v->counts && v->state >= from && v->state <= to;
}

/* The bank with the highest number of those in states from to to; the first of equals; -1. */
static int highest(const struct bank_view *views, int from, int to)
{
	int best = -1;

	for (int i = 0; i < BANKS; i++)
		if (in_state(&views[i], from, to) &&
		    (best < 0 || views[i].updated > views[best].updated))
			best = i;
	return best;
}

static void add_change(struct bank_choice *c, const struct bank_view *views, unsigned int bank,
		       int to)
{
	c->changes[c->n++] = (struct bank_step){ bank, views[bank].state, to };
}

void bank_choose(const struct bank_view views[static BANKS], struct bank_choice *choice)
{
	int best = highest(views, BANK_VALID, BANK_UPGRADING);

	*choice = (struct bank_choice){ .reason = BANK_NONE };
	if (best >= 0) {
		/* What was started once and not confirmed has failed. */
		for (unsigned int i = 0; i < BANKS; i++)
			if (in_state(&views[i], BANK_DIRTY, BANK_DIRTY))
				add_change(choice, views, i, BANK_INVALID);
		choice->reason = BANK_CONFIRMED;
		if (views[best].state == BANK_UPGRADING) {
			choice->reason = BANK_ON_TRIAL;
			add_change(choice, views, (unsigned int)best, BANK_DIRTY);
		}
	} else if ((best = highest(views, BANK_DIRTY, BANK_DIRTY)) >= 0) {
		choice->reason = BANK_LAST_DIRTY;
	} else if ((best = highest(views, BANK_INVALID, BANK_INVALID)) >= 0) {
		choice->reason = BANK_LAST_INVALID;
	}
	choice->bank = best >= 0 ? (unsigned int)best : 0;
}

static bool chosen(const struct bank_view *views, unsigned int target)
{
	struct bank_choice c;

	bank_choose(views, &c);
	return (c.reason == BANK_CONFIRMED || c.reason == BANK_ON_TRIAL) && c.bank == target;
}

int bank_plan_start(const struct bank_view views[static BANKS], unsigned int target,
		    struct bank_step steps[static BANKS], size_t *n, struct err *e)
{
	unsigned int other = 1 - target;
	struct bank_view after[BANKS] = { views[0], views[1] };

	*n = 0;
	if (!views[target].counts)
		return err_set(e, ERR_CONFLICT, "bank %u has no image that can be started", target);
	if (views[target].state == BANK_DIRTY)
		return err_set(e, ERR_CONFLICT,
			       "bank %u was started and not confirmed: confirm it instead", target);
	if (views[target].state != BANK_VALID && views[target].state != BANK_UPGRADING) {
		steps[(*n)++] = (struct bank_step){ target, views[target].state, BANK_UPGRADING };
		after[target].state = BANK_UPGRADING;
	}
	if (!chosen(after, target))
		steps[(*n)++] = (struct bank_step){ other, views[other].state, BANK_INVALID };
	return 0;
}

unsigned long bank_next_updated(const struct bank_view views[static BANKS])
{
	unsigned long max = 0;

	for (int i = 0; i < BANKS; i++)
		if (views[i].updated > max)
			max = views[i].updated;
	return max + 1;
}
