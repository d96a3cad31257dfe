// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/ring.h"

#include <stdlib.h>
#include <string.h>

void state_ring_free(struct state_ring *ring)
{
	free(ring->list);
	memset(ring, 0, sizeof(*ring));
}

/* The first slot behind it. */
static uint64_t end_of(const struct state_header *h)
{
	return (uint64_t)h->slot + state_slots_of(h->size);
}

static int grow(struct state_ring *ring, struct err *e)
{
	size_t room = ring->room ? ring->room * 2 : 64;
	struct state_header *more;

	if (ring->count < ring->room)
		return 0;
	more = reallocarray(ring->list, room, sizeof(*more));
	if (!more)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	ring->list = more;
	ring->room = room;
	return 0;
}

int state_ring_add(struct state_ring *ring, const struct state_header *h, struct err *e)
{
	size_t at = 0;

	if (h->slot < 1 || end_of(h) > ring->slots)
		return 0;
	if (grow(ring, e) < 0)
		return -1;
	while (at < ring->count && ring->list[at].number >= h->number)
		at++;
	memmove(&ring->list[at + 1], &ring->list[at], (ring->count - at) * sizeof(*h));
	ring->list[at] = *h;
	ring->count++;
	return 1;
}

bool state_ring_whole(const struct state_ring *ring, size_t i)
{
	const struct state_header *h = &ring->list[i];

	for (size_t k = 0; k < i; k++)
		if (ring->list[k].slot < end_of(h) && h->slot < end_of(&ring->list[k]))
			return false;
	return true;
}

/*
 * The one to keep has at most a third of the slots, so two thirds are left, in two parts: the
 * larger has a third at least.
 */
uint32_t state_ring_most(const struct state_ring *ring)
{
	uint64_t bytes = (uint64_t)(ring->slots - 1) / 3 * STATE_SLOT;

	return bytes > STATE_BLOCK ? (uint32_t)(bytes - STATE_BLOCK) : 0;
}

int state_ring_plan(const struct state_ring *ring, const struct state_header *keep, uint32_t size,
		    uint32_t *slot, struct err *e)
{
	uint64_t need = state_slots_of(size);

	if (size > state_ring_most(ring))
		return err_set(e, ERR_NO_SPACE,
			       "state needs %u bytes packed, and the medium takes %u: remove large "
			       "state files, \"system state list\" shows them",
			       size, state_ring_most(ring));
	if (!keep) {
		*slot = 1;
		return 0;
	}
	if (end_of(keep) + need <= ring->slots) {
		*slot = (uint32_t)end_of(keep);
		return 0;
	}
	if (1 + need > keep->slot)
		return err_set(
			e, ERR_NO_SPACE,
			"no room for state beside generation %llu, which is larger than this "
			"build writes",
			(unsigned long long)keep->number);
	*slot = 1;
	return 0;
}

uint64_t state_ring_next(const struct state_ring *ring)
{
	return ring->count ? ring->list[0].number + 1 : 1;
}
