/* SPDX-License-Identifier: Apache-2.0 */
/* A block device that tells core_progress() how much of what is to be done with it is done. */
#ifndef VISOR_CORE_BOOT_PROGRESS_H
#define VISOR_CORE_BOOT_PROGRESS_H

#include "userworld/medium/blkio.h"

/* Part of it is private. */
struct progress {
	struct blkio io;
	struct blkio *disk;
	uint64_t done, total; /* bytes read and written */
	unsigned int told;    /* percent */
};

/*
 * In place of the disk until that is closed; lives in *p, and need not be closed itself. total:
 * bytes; what goes beyond counts as 100 %.
 */
struct blkio *progress_start(struct progress *p, struct blkio *disk, uint64_t total);

#endif
