/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOSTD_COLLECT_H
#define HOSTD_COLLECT_H

#include <event2/event.h>

#include "err.h"

/* Takes events from the logger's spool, now and whenever there are new ones; then calls told. */
int collect_start(struct event_base *base, void (*told)(void), struct err *e);

#endif
