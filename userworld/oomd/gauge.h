/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much memory there is, and the tripwire. The files stay open: opening one takes
 * memory of the kernel's, and that is what may not be there when it is looked at.
 */
#ifndef OOMD_GAUGE_H
#define OOMD_GAUGE_H

#include "decide.h"
#include "userworld/lib/err.h"

struct gauge {
	int meminfo, current, high; /* -1: not there */
};

/* top is the pool with the tripwire, -1 without memory controller. */
int gauge_open(struct gauge *g, int top, struct err *e);

int gauge_memory(const struct gauge *g, struct memory *m, struct err *e);

/* Bytes the pool uses, and where its tripwire is put (UINT64_MAX: nowhere); only with a top. */
int gauge_used(const struct gauge *g, uint64_t *used, struct err *e);
int gauge_set_wire(const struct gauge *g, uint64_t bytes, struct err *e);

#endif
