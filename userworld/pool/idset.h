/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of CPUs or memory nodes as text: "0-3,8", "2-" (from 2 on, whatever is
 * plugged in later) or "all". Pure.
 */
#ifndef POOL_IDSET_H
#define POOL_IDSET_H

#include <stdbool.h>

#include "userworld/lib/err.h"

#define IDSET_MAX 63	/* bytes of a set's text */
#define IDSET_LAST 8191 /* the highest number */

bool idset_valid(const char *text);

/* True if it is all there is, now and later: "all" or "0-". */
bool idset_is_all(const char *text);

/*
 * Whether a host that has the numbers in have ("0-1,4", as in sysfs) has all of a
 * valid set; of an open end it must have one. ERR_INVALID names what is missing. key
 * ("cpuset.cpus") and thing ("CPU") are for the message.
 */
int idset_admit(const char *text, const char *have, const char *key, const char *thing,
		struct err *e);

/* A valid set as the kernel wants it, which knows an open end as "2-N". */
void idset_for_kernel(const char *text, char out[static IDSET_MAX + 2]);

#endif
