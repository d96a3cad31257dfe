/* SPDX-License-Identifier: Apache-2.0 */
/* Hardware errors in the kernel's log become events and are counted. */
#ifndef HOSTD_HARDWARE_WATCH_H
#define HOSTD_HARDWARE_WATCH_H

#include <event2/event.h>

#include "err.h"

/* Once. What was logged while no hostd was running is found, too. */
int hardware_watch(struct event_base *base, struct err *e);

/* Before hostd ends: what it has counted is kept for the next one. */
void hardware_watch_end(void);

#endif
