/* SPDX-License-Identifier: Apache-2.0 */
/* The panics that were taken from pstore, for other areas. */
#ifndef VISOR_CORE_PANIC_PANIC_H
#define VISOR_CORE_PANIC_PANIC_H

#include "record.h"

struct panic_last {
	char reason[PANIC_REASON_MAX];
	time_t time;
	char *text; /* the end of the kernel's log; the caller frees it */
	size_t len;
};

/* The newest of them; false if there is none, and nothing to free then. */
bool panic_last(struct panic_last *p);

#endif
