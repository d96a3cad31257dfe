/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block device as the four things that are done with it, so that what is written in
 * which order can be tested on a disk in memory (tests/unit/powercut.h).
 *
 * Positions and lengths are bytes, of any alignment. A write may be lost, torn and change
 * places with others until blkio_flush() has returned; after that it is on the medium.
 * Nothing is cached: a read asks the device, so what was written is really read back.
 * Not thread-safe.
 */
#ifndef VISOR_BLKIO_H
#define VISOR_BLKIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define BLKIO_BUFFER 131072 /* bytes of memory that an open device has for its transfers */

struct blkio;

struct blkio_ops {
	int (*read)(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e);
	int (*write)(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);
	int (*flush)(struct blkio *io, struct err *e);
	void (*close)(struct blkio *io);
};

struct blkio {
	const struct blkio_ops *ops;
	const char *name;    /* for messages: the path */
	uint64_t size;	     /* bytes */
	unsigned int sector; /* bytes that the device writes at once, or leaves torn: 512 or 4096 */
};

/*
 * Opens a device, or a plain file that stands for one (its size is then the device's).
 * The caller closes it. ERR_NOT_FOUND if it is not there, ERR_UNAVAILABLE if the device
 * does not answer (any more).
 */
struct blkio *blkio_open(const char *path, bool writable, struct err *e);

/* NULL is fine. Does not flush. */
void blkio_close(struct blkio *io);

/*
 * All of it or -1: ERR_INVALID beyond the end, ERR_UNAVAILABLE when the device is gone or
 * cannot read or write there. After a write that failed any part of it may be on the medium.
 */
int blkio_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e);
int blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);
int blkio_flush(struct blkio *io, struct err *e);

/* Variables of the caller: _cleanup_blkio_ struct blkio *io = NULL; */
static inline void blkio_close_p(struct blkio **io)
{
	blkio_close(*io);
}
#define _cleanup_blkio_ __attribute__((cleanup(blkio_close_p)))

#endif
