// SPDX-License-Identifier: Apache-2.0
/* What is due without a descriptor saying so: deadlines, whose turn it is, the end. */
#include "engine.h"

#include <string.h>

#include "pool.h"
#include "record.h"
#include "spawn.h"
#include "userworld/lib/log.h"

static bool waits_for(const struct world *w, const struct world *other)
{
	for (unsigned int i = 0; i < w->conf.after_count; i++)
		if (!strcmp(w->conf.after[i], other->conf.name))
			return true;
	return false;
}

static bool may_start(struct table *t, const struct world *w)
{
	for (unsigned int i = 0; i < w->conf.after_count; i++) {
		const struct world *other = world_find(t, w->conf.after[i]);

		if (other && !state_lets_others_start(other->state))
			return false;
	}
	return true;
}

/* Conditions may change (a device appears), so they are looked at when its turn has come. */
static bool start_one(struct table *t)
{
	table_for_each (t, w) {
		struct err e = ERR_INIT;

		if (w->state != WS_WAITING || !may_start(t, w))
			continue;
		if (engine_conditions(t, w, &e) < 0) {
			log_info("%s: not started", e.text);
			engine_feed(t, w, WE_STOP, NULL);
			record_mark(t, w, MARK_NONE);
		} else {
			engine_feed(t, w, WE_DEPS, NULL);
		}
		return true;
	}
	return false;
}

static bool up(const struct world *w)
{
	return state_has_pool(w->state);
}

/* The reverse of the start: others that came after it first, essential ones last. */
static bool may_stop(struct table *t, const struct world *w)
{
	table_for_each (t, other) {
		if (other == w || !up(other))
			continue;
		if (w->conf.essential && !other->conf.essential)
			return false;
		/* An essential one that came after a killable one does not hold it up. */
		if (waits_for(other, w) && w->conf.essential == other->conf.essential)
			return false;
	}
	return true;
}

static void stop_next(struct table *t)
{
	table_for_each (t, w) {
		if (w->state == WS_STOPPING || w->state == WS_DOWN)
			continue;
		if (!up(w) || may_stop(t, w))
			engine_feed(t, w, WE_STOP, NULL);
	}
}

static void forget_retired(struct table *t)
{
	table_for_each (t, w) {
		if (!w->retired)
			continue;
		engine_feed(t, w, WE_STOP, NULL);
		if (w->state != WS_DOWN)
			continue;
		log_info("userworld %s is gone", w->conf.name);
		record_mark(t, w, MARK_NONE);
		if (w->probe.pid)
			continue; /* its probe is still to be collected */
		spawn_forget(w);
		pool_drop(t, w);
		w->used = false;
	}
}

void engine_settle(struct table *t)
{
	table_for_each (t, w)
		if (w->deadline && w->deadline <= t->now)
			engine_feed(t, w, WE_TIMEOUT, NULL);
	forget_retired(t);
	if (t->shutting_down)
		stop_next(t);
	else
		while (start_one(t))
			;
}

int64_t engine_next_deadline(const struct table *t)
{
	int64_t next = 0;

	table_for_each (t, w)
		if (w->deadline && (!next || w->deadline < next))
			next = w->deadline;
	return next;
}

void engine_shutdown(struct table *t)
{
	if (t->shutting_down)
		return;
	log_info("all userworlds are being stopped");
	t->shutting_down = true;
}

bool engine_all_down(const struct table *t)
{
	table_for_each (t, w)
		if (up(w))
			return false;
	return true;
}
