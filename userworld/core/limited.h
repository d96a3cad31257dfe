/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a program of a bundle in a pool of its own, with limits and a time-out. */
#ifndef VISOR_CORE_LIMITED_H
#define VISOR_CORE_LIMITED_H

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

#endif
