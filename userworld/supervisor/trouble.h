/* SPDX-License-Identifier: Apache-2.0 */
/* Events that raise an alarm about a userworld, and the one that takes it back. */
#ifndef SUPERVISOR_TROUBLE_H
#define SUPERVISOR_TROUBLE_H

#include "userworld/lib/log.h"
#include "world.h"

#define trouble_tell(w, ...)            \
	do {                            \
		(w)->troubled = true;   \
		log_event(__VA_ARGS__); \
	} while (0)

/* It is down because somebody wants that, or runs well: said if there was trouble. */
void trouble_over(struct world *w);

/* A world that had trouble must run for its min-uptime: the time when it has, or 0. */
int64_t trouble_settle(struct table *t);

#endif
