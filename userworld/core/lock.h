/* SPDX-License-Identifier: Apache-2.0 */
/* One writer at a time, across processes: hostd's workers, the console, localcli. */
#ifndef VISOR_CORE_LOCK_H
#define VISOR_CORE_LOCK_H

#include "err.h"

/*
 * Takes the lock of that name (an absolute path below /run, prefixed as in
 * struct core_config), waiting for it; closing the returned descriptor or
 * dying releases it.
 */
int core_lock(const char *name, struct err *e);

/* The same without waiting: ERR_CONFLICT if somebody has it. */
int core_trylock(const char *name, struct err *e);

/* The same, but for so many milliseconds it is waited for. */
int core_lock_within(const char *name, unsigned int ms, struct err *e);

#endif
