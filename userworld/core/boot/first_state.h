/* SPDX-License-Identifier: Apache-2.0 */
/* The first generation of state of a medium that is being written. */
#ifndef VISOR_CORE_BOOT_FIRST_STATE_H
#define VISOR_CORE_BOOT_FIRST_STATE_H

#include "err.h"
#include "userworld/medium/blkio.h"
#include "userworld/state/snapshot.h"

/* Makes a store on a partition of zeros, writes the generation and reads it back. */
int boot_first_state(const struct state_snapshot *s, const char *build, const char *why,
		     struct blkio *part, struct err *e);

#endif
