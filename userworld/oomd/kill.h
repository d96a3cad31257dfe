/* SPDX-License-Identifier: Apache-2.0 */
/* One out-of-memory case: names the candidates, draws, ends the victim, says all that. */
#ifndef OOMD_KILL_H
#define OOMD_KILL_H

#include <stdbool.h>
#include <sys/types.h>

#include "decide.h"
#include "pick.h"

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t oom_now(void);

#define DYING_MAX 64 /* processes of a victim whose memory is taken back at once */

struct killer {
	int cgroup_root;
	struct rng rng;
	enum oom_policy policy;
	bool dry_run;	/* say whom, but end nobody */
	bool said_none; /* "nobody can be ended" is said once */
	char victim[32];
	int dying_count; /* processes of the victim, -1: not known */
	pid_t dying[DYING_MAX];
	struct candidate list[CANDIDATES_MAX];
};

/*
 * since is when it became known that memory is short, in milliseconds of
 * CLOCK_MONOTONIC; how long ago that is when somebody is ended goes into the log.
 * Returns a descriptor of the victim's cgroup.events, so that the caller can
 * wait until it is gone; -1 if nobody was ended.
 */
int kill_someone(struct killer *k, const struct memory *m, int64_t since);

#endif
