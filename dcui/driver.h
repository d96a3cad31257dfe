/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console without a terminal: model, actions and the regular look at the
 * host, moved on by keys and time. The main loop and scripts drive the same.
 */
#ifndef DCUI_DRIVER_H
#define DCUI_DRIVER_H

#include "dcui/actions.h"

struct driver {
	struct model m;
	struct performer performer;
	struct call *gather; /* a look at the host in progress */
	bool gather_all;     /* it is one at everything */
	bool whole;	     /* the last one of that kind came to its end */
	json_t *answers;     /* of all looks so far, the latest of each operation */
	uint64_t gathered_at, gathered_all_at;
	unsigned int pace; /* seconds from one look to the next, if nobody is there */
	uint64_t digest;   /* of what the last look has shown */
	bool quit;
};

/* core is asked for everything; with in_process each call ends at once. */
void driver_init(struct driver *d, call_fn core, bool in_process, int rows, int cols);
void driver_free(struct driver *d);

void driver_key(struct driver *d, struct key key);

/* now is in seconds of a clock that never goes back. */
void driver_tick(struct driver *d, uint64_t now);

/* When driver_tick() has something to do, by the same clock: until then it need not be called. */
uint64_t driver_due(const struct driver *d);

/* Takes in what has completed. True if the model may have changed. */
bool driver_continue(struct driver *d);

/* Looks at all of the host now. */
void driver_refresh(struct driver *d);

#define DRIVER_FDS 3

/* The descriptors that driver_continue() waits for, -1 for none. */
void driver_fds(const struct driver *d, int fds[static DRIVER_FDS]);

#endif
