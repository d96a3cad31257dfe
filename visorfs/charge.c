// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counts of a ramdisk: pages and inodes, never more than its caps.
 *
 * Counts are exact: a charge that would pass the cap is refused, whatever
 * others do at the same time. What is smaller than a page (records: the rest
 * of long names, long link targets, extended attributes) is counted in bytes,
 * and the ramdisk is charged every page that they begin.
 */
#include "internal.h"
#include "trace.h"

static void note_peak(atomic64_t *peak, s64 value)
{
	s64 old = atomic64_read(peak);

	while (old < value && !atomic64_try_cmpxchg(peak, &old, value))
		;
}

static int charge(struct visorfs_ramdisk *rd, struct visorfs_limit *l, s64 n)
{
	s64 old = atomic64_read(&l->used);

	do {
		if (old + n > atomic64_read(&l->max) ||
		    (unlikely(old + n > READ_ONCE(l->high)) && !visorfs_rising(rd, l, old + n))) {
			trace_visorfs_refuse(rd, l == &rd->inodes, n);
			return -ENOSPC;
		}
	} while (!atomic64_try_cmpxchg(&l->used, &old, old + n));
	note_peak(&l->peak, old + n);
	trace_visorfs_charge(rd, l == &rd->inodes, n);
	return 0;
}

/* For what cannot be refused any more; the count may pass the cap. */
static void force(struct visorfs_ramdisk *rd, struct visorfs_limit *l, s64 n)
{
	s64 used = atomic64_add_return(n, &l->used);

	note_peak(&l->peak, used);
	if (used > READ_ONCE(l->high))
		visorfs_rising(rd, l, used);
	trace_visorfs_charge(rd, l == &rd->inodes, n);
}

static void uncharge(struct visorfs_ramdisk *rd, struct visorfs_limit *l, s64 n)
{
	s64 used = atomic64_sub_return(n, &l->used);

	if (unlikely(used < READ_ONCE(l->low)))
		visorfs_falling(rd, l, used);
	trace_visorfs_charge(rd, l == &rd->inodes, -n);
}

int visorfs_charge(struct visorfs_ramdisk *rd, s64 pages)
{
	return charge(rd, &rd->pages, pages);
}

void visorfs_uncharge(struct visorfs_ramdisk *rd, s64 pages)
{
	uncharge(rd, &rd->pages, pages);
}

int visorfs_charge_inodes(struct visorfs_ramdisk *rd, s64 inodes)
{
	return charge(rd, &rd->inodes, inodes);
}

void visorfs_force_inodes(struct visorfs_ramdisk *rd, s64 inodes)
{
	force(rd, &rd->inodes, inodes);
}

void visorfs_uncharge_inodes(struct visorfs_ramdisk *rd, s64 inodes)
{
	uncharge(rd, &rd->inodes, inodes);
}

/* Pages that so many bytes begin more than those that are there. */
static s64 pages_begun(const struct visorfs_ramdisk *rd, s64 bytes)
{
	return DIV_ROUND_UP_ULL(rd->records + bytes, PAGE_SIZE) -
	       DIV_ROUND_UP_ULL(rd->records, PAGE_SIZE);
}

int visorfs_charge_records(struct visorfs_ramdisk *rd, s64 bytes)
{
	s64 pages;
	int ret = 0;

	spin_lock(&rd->records_lock);
	pages = pages_begun(rd, bytes);
	if (pages)
		ret = visorfs_charge(rd, pages);
	if (!ret)
		rd->records += bytes;
	spin_unlock(&rd->records_lock);
	return ret;
}

void visorfs_force_records(struct visorfs_ramdisk *rd, s64 bytes)
{
	s64 pages;

	spin_lock(&rd->records_lock);
	pages = pages_begun(rd, bytes);
	if (pages)
		force(rd, &rd->pages, pages);
	rd->records += bytes;
	spin_unlock(&rd->records_lock);
}

void visorfs_uncharge_records(struct visorfs_ramdisk *rd, s64 bytes)
{
	s64 pages;

	spin_lock(&rd->records_lock);
	pages = -pages_begun(rd, -bytes);
	rd->records -= bytes;
	if (pages)
		visorfs_uncharge(rd, pages);
	spin_unlock(&rd->records_lock);
}
