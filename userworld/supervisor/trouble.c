// SPDX-License-Identifier: Apache-2.0
#include "trouble.h"

void trouble_over(struct world *w)
{
	if (!w->troubled)
		return;
	w->troubled = false;
	log_event(EVENT_SERVICE_WELL, EVENT_WITH(EVENT_STR("service", w->conf.name)),
		  w->state == WS_RUNNING ? "userworld %s runs again"
					 : "userworld %s is down, as asked",
		  w->conf.name);
}

int64_t trouble_settle(struct table *t)
{
	int64_t next = 0;

	table_for_each (t, w) {
		int64_t well = w->started + (int64_t)w->conf.min_uptime * 1000;

		if (!w->troubled || w->state != WS_RUNNING)
			continue;
		if (t->now >= well)
			trouble_over(w);
		else if (!next || well < next)
			next = well;
	}
	return next;
}
