/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring of slots as a pure structure: which generations it holds, which of them are still
 * whole, and where the next one goes. It reads and writes nothing.
 */
#ifndef VISOR_STATE_RING_H
#define VISOR_STATE_RING_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "userworld/state/header.h"

struct state_ring {
	uint32_t slots;		   /* of the store, slot 0 included */
	struct state_header *list; /* by number, the newest first */
	size_t count, room;
};

void state_ring_free(struct state_ring *ring);

/*
 * Adds a good header. One that does not fit behind its slot is left out (0); 1 if it was added;
 * -1 without memory. Of two with the same number both are kept.
 */
int state_ring_add(struct state_ring *ring, const struct state_header *h, struct err *e);

/* Is list[i] whole, as far as newer ones tell: none of them lies on its slots? */
bool state_ring_whole(const struct state_ring *ring, size_t i);

/* Most bytes of a payload: so many always find a place, wherever the newest one lies. */
uint32_t state_ring_most(const struct state_ring *ring);

/*
 * Where a generation of so many bytes goes: behind the one to keep (NULL: none), or at slot 1.
 * Never on a slot of the one to keep. ERR_NO_SPACE: more than state_ring_most().
 */
int state_ring_plan(const struct state_ring *ring, const struct state_header *keep, uint32_t size,
		    uint32_t *slot, struct err *e);

/* The number of the next generation: above all that were seen. */
uint64_t state_ring_next(const struct state_ring *ring);

#endif
