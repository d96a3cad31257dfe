// SPDX-License-Identifier: Apache-2.0
#include "userworld/stated/pace.h"

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

void pace_change(struct pace *p, int64_t now)
{
	if (!p->pending)
		p->first = now;
	p->pending = true;
	p->last = now;
}

/* When the next save is paid for: PACE_BURST of them may be owed. */
static int64_t affordable(const struct pace *p)
{
	return p->spent - (int64_t)(PACE_BURST - 1) * PACE_EACH;
}

static int64_t wanted(const struct pace *p)
{
	int64_t at = MIN(p->last + PACE_QUIET, p->first + PACE_MOST);

	return p->retry ? MAX(at, p->failed + p->retry) : at;
}

int64_t pace_due(const struct pace *p, int64_t now)
{
	if (!p->pending)
		return -1;
	return MAX(MAX(wanted(p), affordable(p)) - now, 0);
}

void pace_saved(struct pace *p, int64_t now, bool written)
{
	p->pending = false;
	p->retry = 0;
	if (written)
		p->spent = MAX(p->spent, now) + PACE_EACH;
}

void pace_failed(struct pace *p, int64_t now)
{
	p->failed = now;
	p->retry = MIN(p->retry ? p->retry * 2 : 1000, PACE_RETRY_MAX);
}

bool pace_held(const struct pace *p, int64_t now)
{
	return p->pending && wanted(p) <= now && affordable(p) > now;
}
