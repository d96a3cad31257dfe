/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the container of a tardisk: content goes in, zstd frames, digest list
 * and seek table come out. Frames are compressed by as many threads as there are
 * processors; the bytes do not depend on how many.
 */
#ifndef TARDISK_FRAMES_H
#define TARDISK_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "tar.h"

#define TARDISK_LEVEL_MIN 1
#define TARDISK_LEVEL_MAX 19
#define TARDISK_LEVEL_DEFAULT 12

/* How content is packed: all that decides about the bytes besides the content. */
struct packing {
	int level;	/* of zstd, TARDISK_LEVEL_MIN to TARDISK_LEVEL_MAX */
	uint32_t frame; /* content bytes of a full frame, a power of two */
};

/* clang-format off */
#define PACKING_DEFAULT { TARDISK_LEVEL_DEFAULT, TARDISK_FRAME }
/* clang-format on */

struct frames;

/* name is for messages and must outlive *f. fd stays the caller's. */
int frames_open(struct frames **f, int fd, const char *name, const struct packing *packing,
		struct err *e);

/* Content of the area. data NULL stands for zeros. */
int frames_add(struct frames *f, const void *data, size_t len, struct err *e);

/* What was added last ends the header area: all that follows is the data area. */
int frames_end_headers(struct frames *f, struct err *e);

/* Writes what is left, the digest list and the seek table. */
int frames_finish(struct frames *f, struct err *e);

void frames_close(struct frames *f);

#endif
