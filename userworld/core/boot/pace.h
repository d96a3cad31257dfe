/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the medium in the background: slowly, and not when the host is short of memory. */
#ifndef VISOR_CORE_BOOT_PACE_H
#define VISOR_CORE_BOOT_PACE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define PACE_SHORT 16 /* less available memory than this part of it all is too little */

struct boot_pace {
	uint64_t rate;	/* bytes in a second; 0: as fast as it can be */
	uint64_t bytes; /* until now */
	uint64_t checked;
	int64_t begin; /* ms by CLOCK_MONOTONIC */
};

void boot_pace_start(struct boot_pace *p, uint64_t rate);

/*
 * After so many bytes: waits until they are due. ERR_UNAVAILABLE if the host is short of memory
 * meanwhile: then somebody else has better use for it.
 */
int boot_pace(void *pace, size_t bytes, struct err *e);

/* Milliseconds that are to be waited at time now. Pure. */
int64_t boot_pace_due(const struct boot_pace *p, int64_t now);

#endif
