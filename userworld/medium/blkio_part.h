/* SPDX-License-Identifier: Apache-2.0 */
/* A piece of a block device as one of its own: a partition that the kernel does not know (yet). */
#ifndef VISOR_BLKIO_PART_H
#define VISOR_BLKIO_PART_H

#include "blkio.h"

struct blkio_part {
	struct blkio io;
	struct blkio *disk;
	uint64_t at;
};

/*
 * size bytes of disk from at on, both multiples of its sectors and within it. disk stays the
 * caller's and must outlive part; blkio_close(&part->io) does nothing. Returns &part->io.
 */
struct blkio *blkio_part(struct blkio_part *part, struct blkio *disk, const char *name, uint64_t at,
			 uint64_t size);

#endif
