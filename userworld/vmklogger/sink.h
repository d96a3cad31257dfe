/* SPDX-License-Identifier: Apache-2.0 */
/* Where records go: which of the logs gets which, in which form. */
#ifndef VMKLOGGER_SINK_H
#define VMKLOGGER_SINK_H

#include "logfile.h"
#include "record.h"
#include "settings.h"

/* The wall clock is believed once it is past this; a host without a battery starts in 1970. */
#define CLOCK_RIGHT_FROM INT64_C(1735689600) /* 2025-01-01, in seconds */

struct sink {
	struct logfile logs[LOG_ID_COUNT];
};

void sink_init(struct sink *s, const struct settings *settings);

/*
 * Everything goes to vmkernel.log; what hostd and the shell say also to logs of
 * their own. If the writer's CPU is not known, the logger's own stands for it.
 */
void sink_put(struct sink *s, const struct record *r);

/* Microseconds of CLOCK_MONOTONIC, the clock of the kernel's log. */
int64_t uptime_now(void);

#endif
