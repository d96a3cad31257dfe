// SPDX-License-Identifier: Apache-2.0
#include "limits.h"

#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "userworld/lib/log.h"

static int watch_file(struct table *t, struct world *w, const char *file, enum watch what)
{
	int fd = openat(w->pool, file, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && watch_add(t, fd, EPOLLPRI, what, world_index(t, w)) < 0)
		close_fd(&fd);
	return fd;
}

void limits_watch(struct table *t, struct world *w)
{
	if (w->memory_events >= 0 || w->pids_events >= 0)
		return;
	w->memory_events = watch_file(t, w, "memory.events", WATCH_MEMORY_LIMIT);
	w->pids_events = watch_file(t, w, "pids.events", WATCH_PIDS_LIMIT);
	bites_read(w->pool, &w->bites);
}

static const enum event_id events[BITE_COUNT] = {
	[BITE_HIGH] = EVENT_POOL_MEMORY_SOFT,
	[BITE_MAX] = EVENT_POOL_MEMORY_HARD,
	[BITE_PIDS] = EVENT_POOL_FORKS,
	[BITE_CPU] = EVENT_POOL_CPU,
};

static void tell_quiet(struct world *w)
{
	if (w->limited)
		log_event(EVENT_POOL_QUIET,
			  EVENT_WITH(EVENT_STR("service", w->conf.name),
				     EVENT_STR("pool", w->conf.pool)),
			  "pool %s (userworld %s): its limits are kept again", w->conf.pool,
			  w->conf.name);
	w->limited = false;
}

void limits_unwatch(struct world *w)
{
	close_fd(&w->memory_events);
	close_fd(&w->pids_events);
	tell_quiet(w);
}

/* That a world was ended for its memory is told with its end. */
static bool tell(struct world *w)
{
	struct bites now;
	bool any = false;

	bites_read(w->pool, &now);
	for (int kind = 0; kind < BITE_COUNT; kind++) {
		uint64_t n = bites_grown(&w->bites, &now, (enum bite)kind);
		char text[256], limit[64] = "?";

		if (!n || kind == BITE_KILL)
			continue;
		cgroup_read(w->pool, bites_limit_file((enum bite)kind), limit, sizeof(limit), NULL);
		bites_describe(text, sizeof(text), (enum bite)kind, n, w->conf.pool, w->conf.name,
			       limit);
		log_event(events[kind],
			  EVENT_WITH(EVENT_STR("service", w->conf.name),
				     EVENT_STR("pool", w->conf.pool), EVENT_NUM("times", n),
				     EVENT_STR("limit", limit)),
			  "%s", text);
		any = true;
		w->limited |= kind != BITE_CPU; /* that is no harm, and no alarm */
	}
	w->bites = now;
	return any;
}

static void look(struct table *t, struct world *w)
{
	if (tell(w))
		w->bites_told = t->now;
}

void limits_changed(struct table *t, struct world *w)
{
	char text[256];

	/* Reading these very descriptors tells epoll that we know. */
	if (w->memory_events >= 0 && pread(w->memory_events, text, sizeof(text), 0) < 0)
		close_fd(&w->memory_events);
	if (w->pids_events >= 0 && pread(w->pids_events, text, sizeof(text), 0) < 0)
		close_fd(&w->pids_events);
	if (!w->bites_told || t->now - w->bites_told >= LIMITS_PERIOD)
		look(t, w);
}

int64_t limits_settle(struct table *t)
{
	int64_t next = 0;

	table_for_each (t, w) {
		bool cpu = w->cpu_limited && state_has_pool(w->state);

		if (w->pool < 0 || (!cpu && !w->bites_told))
			continue;
		if (!w->bites_told)
			w->bites_told = t->now;
		if (t->now - w->bites_told >= LIMITS_PERIOD) {
			/* After a quiet period it is looked at when something happens again. */
			bool bitten = tell(w);

			if (!bitten)
				tell_quiet(w);
			w->bites_told = bitten || cpu ? t->now : 0;
			if (!w->bites_told)
				continue;
		}
		if (!next || w->bites_told + LIMITS_PERIOD < next)
			next = w->bites_told + LIMITS_PERIOD;
	}
	return next;
}
