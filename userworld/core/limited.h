/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a program in a pool of its own, with limits and a time-out. */
#ifndef VISOR_CORE_LIMITED_H
#define VISOR_CORE_LIMITED_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define LIMITED_POOL "host/user/hook"
#define LIMITED_MEMORY (UINT64_C(64) << 20) /* bytes */
#define LIMITED_PIDS 64
#define LIMITED_CPU "50000 100000" /* half of one CPU */

/*
 * argv[0] is the path; argv and env end with NULL. What it says goes to the log,
 * each line behind label, the first hundred of them. Returns 0 if it ended with 0; else -1 and how
 * it ended, with its last line. Whatever it leaves behind is killed, and all of it when it takes
 * longer than timeout seconds. One at a time.
 */
int limited_run(const char *label, const char *const *argv, const char *const *env,
		unsigned int timeout, struct err *e);

/* The same for whoever wants all of what it says (both streams), as it comes. */
struct limited {
	const char *pool;	 /* with the limits above */
	const char *const *argv; /* argv[0] is the path; ends with NULL */
	const char *const *env;	 /* ends with NULL */
	unsigned int timeout;	 /* seconds */
	/* Anything but 0 ends the program. */
	int (*take)(void *context, const char *data, size_t len);
	void *context;
};

enum limited_end {
	LIMITED_ENDED,	   /* by itself */
	LIMITED_TIMED_OUT, /* killed when its time was over */
	LIMITED_STOPPED,   /* killed because take() wanted no more */
};

/* Returns how it ended, with *status as of waitpid(2); -1 if it could not be started. */
int limited_follow(const struct limited *l, int *status, struct err *e);

#endif
