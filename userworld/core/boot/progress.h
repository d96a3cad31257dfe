/* SPDX-License-Identifier: Apache-2.0 */
/* A block device that tells core_progress() how much of what is to be done with it is done. */
#ifndef VISOR_CORE_BOOT_PROGRESS_H
#define VISOR_CORE_BOOT_PROGRESS_H

#include "userworld/medium/blkio.h"

/* Part of it is private. */
struct progress {
	struct blkio io;
	struct blkio *disk;
};

/*
 * In place of the disk until that is closed; lives in *p, and need not be closed itself. total:
 * bytes; what goes beyond counts as 100 %.
 */
struct blkio *progress_start(struct progress *p, struct blkio *disk, uint64_t total);

/*
 * The same of n files, the last part of an operation. passes: how often each byte is counted, which
 * is written, read back, and counted before if it comes from a source of bundles.
 */
struct blkio *progress_files(struct progress *p, struct blkio *disk, const uint32_t *sizes,
			     size_t n, unsigned int passes);

#endif
