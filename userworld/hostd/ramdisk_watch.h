/* SPDX-License-Identifier: Apache-2.0 */
/* Ramdisks that fill up become events: warnings at 80 and 95 percent, and writes that failed. */
#ifndef HOSTD_RAMDISK_WATCH_H
#define HOSTD_RAMDISK_WATCH_H

#include <event2/event.h>

#include "err.h"

/* Watches all ramdisks of the root file system as long as the loop runs. */
int ramdisk_watch(struct event_base *base, struct err *e);

#endif
