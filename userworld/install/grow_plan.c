// SPDX-License-Identifier: Apache-2.0
#include "grow.h"

#include <stdio.h>

int grow_room(const struct gpt_table *t, uint64_t disk_sectors, size_t entry,
	      struct grow_room *room)
{
	uint64_t end = disk_sectors / GROW_MIB * GROW_MIB;

	*room = (struct grow_room){ .own = GPT_ENTRIES, .first = GPT_FIRST };
	/* The last MiB is that of the table's second copy, as an installer leaves it. */
	room->end = end > GROW_MIB ? end - GROW_MIB : 0;
	for (size_t i = 0; i < GPT_ENTRIES; i++) {
		struct grow_extent *x = &room->part[room->n];

		if (!gpt_place(t, i, &x->first, &x->sectors))
			continue;
		if (i == entry)
			room->own = room->n;
		room->n++;
	}
	return room->own < room->n ? 0 : -1;
}

static uint64_t round_up(uint64_t sector)
{
	return (sector + GROW_MIB - 1) / GROW_MIB * GROW_MIB;
}

/* Free MiB from a sector on; skip: a partition that does not count, or room->n. */
static unsigned int free_at(const struct grow_room *room, uint64_t at, size_t skip)
{
	uint64_t end = room->end;

	for (size_t i = 0; i < room->n; i++) {
		const struct grow_extent *x = &room->part[i];

		if (i == skip)
			continue;
		if (at >= x->first && at < x->first + x->sectors)
			return 0;
		if (x->first >= at && x->first < end)
			end = x->first;
	}
	return at < end ? (unsigned int)((end - at) / GROW_MIB) : 0;
}

/* The lowest place with so many free MiB, or UINT64_MAX; *most: what the largest one has. */
static uint64_t find(const struct grow_room *room, unsigned int mib, size_t skip,
		     unsigned int *most)
{
	uint64_t best = UINT64_MAX;

	for (size_t i = 0; i <= room->n; i++) {
		uint64_t at = i < room->n ? round_up(room->part[i].first + room->part[i].sectors)
					  : round_up(room->first);
		unsigned int is = free_at(room, at, skip);

		if (is > *most)
			*most = is;
		if (is >= mib && at < best)
			best = at;
	}
	return best;
}

unsigned int grow_most(const struct grow_room *room, bool keeping)
{
	unsigned int most = free_at(room, room->part[room->own].first, room->own);

	find(room, UINT32_MAX, keeping ? room->n : room->own, &most);
	return most < GROW_MAX_MIB ? most : GROW_MAX_MIB;
}

static int no_room(const struct grow_room *room, unsigned int mib, struct err *e)
{
	unsigned int most = grow_most(room, false), keeping = grow_most(room, true);
	uint64_t now = room->part[room->own].sectors;
	char kept[64] = "";

	if ((uint64_t)most * GROW_MIB <= now)
		return err_set(e, ERR_NO_SPACE,
			       "the disk has no free piece that is larger than the bank: one of %u "
			       "MiB is needed, the largest has %u, %u MiB are missing",
			       mib, most, mib - most);
	if (keeping < most && (uint64_t)keeping * GROW_MIB > now)
		snprintf(kept, sizeof(kept), ", and %u without losing what is in it", keeping);
	return err_set(
		e, ERR_NO_SPACE,
		"the disk has no free piece of %u MiB: %u MiB are missing; the bank can have "
		"%u MiB at most%s",
		mib, mib - most, most, kept);
}

int grow_plan(const struct grow_room *room, unsigned int mib, struct grow_plan *plan, struct err *e)
{
	const struct grow_extent *own = &room->part[room->own];
	unsigned int most = 0;

	if (mib > GROW_MAX_MIB)
		return err_set(e, ERR_INVALID, "a bank has %u MiB at most", GROW_MAX_MIB);
	if ((uint64_t)mib * GROW_MIB <= own->sectors)
		return err_set(e, ERR_INVALID,
			       "the bank has %llu MiB: %u is no more, and it is never made smaller",
			       (unsigned long long)(own->sectors / GROW_MIB), mib);
	*plan = (struct grow_plan){ .how = GROW_STAYS, .from = *own };
	plan->to = (struct grow_extent){ own->first, (uint64_t)mib * GROW_MIB };
	if (free_at(room, own->first, room->own) >= mib)
		return 0;
	plan->how = GROW_MOVES;
	plan->to.first = find(room, mib, room->n, &most);
	if (plan->to.first != UINT64_MAX)
		return 0;
	plan->how = GROW_ANEW;
	plan->to.first = find(room, mib, room->own, &most);
	return plan->to.first == UINT64_MAX ? no_room(room, mib, e) : 0;
}
