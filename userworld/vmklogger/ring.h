/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last so many bytes of records, for readers that come at their own pace.
 * The oldest records make room for new ones; a reader that was too slow learns
 * how many it has missed. Pure; the caller gives the space.
 */
#ifndef VMKLOGGER_RING_H
#define VMKLOGGER_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring {
	char *space;
	size_t size;
	uint64_t head, tail;   /* bytes ever put, bytes ever dropped */
	uint64_t next, oldest; /* numbers of the record to come, of the oldest held */
};

/* Where a reader is; all zero: at the oldest record there is. */
struct ring_reader {
	uint64_t at, number;
	uint64_t missed; /* records that were gone before it came; the caller sets it back */
};

/* first is the number of the first record. */
void ring_init(struct ring *r, char *space, size_t size, uint64_t first);

/* Adds a record and gives it the next number. One that can never fit is dropped, with its number.
 */
void ring_put(struct ring *r, const void *data, size_t len);

/*
 * Copies the reader's next record, cut at size; returns its length, or 0 if
 * there is none. *number is the record's. ring_step() goes past it.
 */
size_t ring_peek(const struct ring *r, struct ring_reader *reader, void *buf, size_t size,
		 uint64_t *number);
void ring_step(const struct ring *r, struct ring_reader *reader);

/* Records the reader has before it. */
uint64_t ring_left(const struct ring *r, const struct ring_reader *reader);

#endif
