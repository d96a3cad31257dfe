// SPDX-License-Identifier: Apache-2.0
#include "policy.h"

#include <string.h>
#include <sys/wait.h>

#include "userworld/lib/human.h"
#include "userworld/pool/limits.h"

bool policy_too_quick(const struct world_conf *w, unsigned int quick)
{
	return w->quick_failures && quick > w->quick_failures;
}

enum world_event policy_exit(const struct world_conf *w, struct outcome o, unsigned int quick)
{
	bool good = o.known && WIFEXITED(o.status) && WEXITSTATUS(o.status) == 0;

	if (w->restart == RESTART_ALWAYS || (w->restart == RESTART_ON_FAILURE && !good))
		return policy_too_quick(w, quick) && !w->immortal ? WE_EXIT_FAILED : WE_EXIT_AGAIN;
	return good ? WE_EXIT_DONE : WE_EXIT_FAILED;
}

unsigned int policy_backoff(const struct world_conf *w, unsigned int previous, int64_t uptime,
			    unsigned int quick)
{
	if (policy_too_quick(w, quick))
		return IMMORTAL_DELAY;
	/* After min-uptime the next end counts as the first. */
	if (!previous || uptime >= (int64_t)w->min_uptime * 1000)
		return BACKOFF_FIRST;
	return previous * 2 < BACKOFF_MAX ? previous * 2 : BACKOFF_MAX;
}

unsigned int policy_deadline(const struct world_conf *w, enum world_state state, unsigned int delay)
{
	switch (state) {
	case WS_STARTING:
		/* A oneshot works while it starts, and may take its time. */
		return w->ready == READY_NOTIFY ? START_TIMEOUT : 0;
	case WS_RUNNING:
		return w->availability * 1000;
	case WS_STOPPING:
	case WS_RESTARTING:
		return w->stop_timeout * 1000;
	case WS_ENDING_AGAIN:
	case WS_ENDING_DONE:
	case WS_ENDING_FAILED:
		return EMPTY_TIMEOUT;
	case WS_BACKOFF:
		return delay;
	default:
		return 0;
	}
}

/* True if pool is at or below top. */
static bool below(const char *pool, const char *top)
{
	size_t len = strlen(top);

	return !strncmp(pool, top, len) && (pool[len] == '/' || !pool[len]);
}

int policy_check_pools(const struct world_conf *const *worlds, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++)
			if (i != j && below(worlds[i]->pool, worlds[j]->pool))
				return err_set(e, ERR_CONFLICT,
					       "userworlds %s (pool %s) and %s (pool %s): each "
					       "needs a pool of its own, not one inside another",
					       worlds[i]->name, worlds[i]->pool, worlds[j]->name,
					       worlds[j]->pool);
	return 0;
}

/* Index of the first world that w waits for and that has no place yet, or -1. */
static int held_up_by(const struct world_conf *const *worlds, size_t count, const bool *placed,
		      const struct world_conf *w)
{
	for (unsigned int a = 0; a < w->after_count; a++)
		for (size_t i = 0; i < count; i++)
			if (!placed[i] && !strcmp(worlds[i]->name, w->after[a]))
				return (int)i;
	return -1;
}

int policy_check_order(const struct world_conf *const *worlds, size_t count, struct err *e)
{
	bool placed[WORLDS_MAX] = { false };
	bool progress;
	int left;

	do {
		progress = false;
		left = -1;
		for (size_t i = 0; i < count; i++) {
			if (placed[i])
				continue;
			placed[i] = held_up_by(worlds, count, placed, worlds[i]) < 0;
			progress |= placed[i];
			if (!placed[i])
				left = (int)i;
		}
	} while (progress);
	if (left < 0)
		return 0;
	/* What is left is in a circle or behind one: enough steps lead into it. */
	for (size_t i = 0; i < count; i++)
		left = held_up_by(worlds, count, placed, worlds[left]);
	return err_set(e, ERR_INVALID, "userworld %s waits for itself: 'after' goes in a circle",
		       worlds[left]->name);
}

uint64_t policy_reservation(const struct claim *claims, size_t count, const char *pool)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		if (below(claims[i].pool, pool))
			sum += claims[i].bytes;
	return sum;
}

int policy_admit(const struct claim *claims, size_t count, const struct claim *more,
		 uint64_t ramdisks, uint64_t memory_total, struct err *e)
{
	uint64_t most = pool_reservable(memory_total);
	uint64_t worlds = policy_reservation(claims, count, "host");
	uint64_t taken = worlds + ramdisks;
	char want[HUMAN_MAX], have[HUMAN_MAX], files[HUMAN_MAX], all[HUMAN_MAX];

	if (!more->bytes || (taken <= most && more->bytes <= most - taken))
		return 0;
	return err_set(e, ERR_NO_SPACE,
		       "pool %s wants to reserve %s, but of the %s that can be reserved on this "
		       "host userworlds have %s and ramdisks %s",
		       more->pool, human_size(more->bytes, want), human_size(most, all),
		       human_size(worlds, have), human_size(ramdisks, files));
}
