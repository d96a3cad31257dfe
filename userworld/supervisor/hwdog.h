/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hardware watchdog: if the supervisor stands still for HWDOG_TIMEOUT
 * seconds, or the kernel does, the machine is reset. Kernel argument
 * visoros.watchdog=SECONDS, or =off. An orderly end switches it off; a
 * supervisor that was killed is replaced long before the time is over.
 */
#ifndef SUPERVISOR_HWDOG_H
#define SUPERVISOR_HWDOG_H

#include "world.h"

#define HWDOG_DEVICE "/dev/watchdog"
#define HWDOG_TIMEOUT 60
#define HWDOG_ARG "visoros.watchdog"

/* Does nothing if it is open, or there is none (yet). */
void hwdog_open(struct table *t);

/* Gives a sign of life when it is due; the time of the next, CLOCK_BOOTTIME ms, or 0. */
int64_t hwdog_settle(struct table *t);

void hwdog_off(struct table *t);

#endif
