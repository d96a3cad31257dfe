// SPDX-License-Identifier: Apache-2.0
/* Zeros over what stood in the clear before a store was sealed. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/state/write.h"

#define STEP (128u << 10)

static bool is_zero(const uint8_t *data, size_t len)
{
	return len == 0 || (data[0] == 0 && memcmp(data, data + 1, len - 1) == 0);
}

/*
 * A medium lasts longer if zeros are not written over zeros: block by block. What cannot be read
 * (data NULL) is written, which is what makes flash and disks replace such a sector.
 */
static int wipe_part(struct state_store *s, const uint8_t *data, size_t len, uint64_t at,
		     struct err *e)
{
	static const uint8_t zeros[STATE_BLOCK];

	while (len) {
		size_t part = STATE_BLOCK - (size_t)(at % STATE_BLOCK);

		if (part > len)
			part = len;
		if ((!data || !is_zero(data, part)) && blkio_write(s->io, zeros, part, at, e) < 0)
			return -1;
		data = data ? data + part : NULL;
		len -= part;
		at += part;
	}
	return 0;
}

static int wipe_range(struct state_store *s, uint8_t *buf, uint64_t from, uint64_t to,
		      struct err *e)
{
	while (from < to) {
		size_t part = to - from < STEP ? (size_t)(to - from) : STEP;

		bool known = blkio_read(s->io, buf, part, from, NULL) == 0;

		if (wipe_part(s, known ? buf : NULL, part, from, e) < 0)
			return -1;
		from += part;
	}
	return 0;
}

/* The generation that begins next at or behind a place, NULL: none. */
static const struct state_header *next_one(const struct state_ring *ring, uint64_t at)
{
	const struct state_header *next = NULL;

	for (size_t i = 0; i < ring->count; i++) {
		const struct state_header *h = &ring->list[i];

		if (state_slot_at(h->slot) >= at && state_ring_whole(ring, i) &&
		    (!next || h->slot < next->slot))
			next = h;
	}
	return next;
}

int state_store_wipe(struct state_store *s, struct err *e)
{
	_cleanup_free_ uint8_t *buf = NULL;
	const struct state_header *h;
	uint64_t at = state_slot_at(1);

	if (!s->record.wipe)
		return 0;
	buf = malloc(STEP);
	if (!buf)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	/* What is behind the end of a payload in its last slot is older, too. */
	while ((h = next_one(&s->ring, at))) {
		if (wipe_range(s, buf, at, state_slot_at(h->slot), e) < 0)
			return -1;
		at = state_slot_at(h->slot) + STATE_BLOCK + h->size;
	}
	if (wipe_range(s, buf, at, state_slot_at(s->ring.slots), e) < 0 ||
	    blkio_flush(s->io, e) < 0)
		return -1;
	s->record.wipe = false;
	if (state_write_records(s, e) == 0)
		return 0;
	s->record.wipe = s->mend = true;
	return -1;
}
