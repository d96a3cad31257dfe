// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reservations and the memory of the host. What ramdisks were promised and do
 * not use yet is theirs: for it, and for a rest that keeps the host alive,
 * memory must always be left.
 *
 *	spare = available - rest - sum over ramdisks of max(reserved - used, 0)
 *
 * available is the kernel's own estimate (MemAvailable), which knows what all
 * others hold. A reservation is admitted, and a ramdisk grows beyond its own,
 * only as far as spare does not fall below 0.
 */
#include <linux/mm.h>

#include "internal.h"

/* A sixteenth of all memory, within these. */
#define REST_LEAST (4 << (20 - PAGE_SHIFT))
#define REST_MOST (64 << (20 - PAGE_SHIFT))

/* Pages that nobody holds and nobody was promised; may be negative. */
s64 visorfs_spare_pages(struct visorfs_sb *sbi)
{
	s64 spare = si_mem_available();
	struct visorfs_ramdisk *rd;

	spare -= clamp_t(s64, totalram_pages() / 16, REST_LEAST, REST_MOST);
	spin_lock(&sbi->ramdisks_lock);
	list_for_each_entry(rd, &sbi->ramdisks, list)
		spare -= max(READ_ONCE(rd->min) - (s64)atomic64_read(&rd->pages.used), 0LL);
	spin_unlock(&sbi->ramdisks_lock);
	return spare;
}

/* Whether so many more pages may be promised to ramdisk name; holds switch_mutex. */
int visorfs_admit(struct visorfs_sb *sbi, const char *name, s64 pages, struct visorfs_msg *msg)
{
	s64 spare;

	if (pages <= 0)
		return 0;
	spare = visorfs_spare_pages(sbi);
	if (pages <= spare)
		return 0;
	return visorfs_fail(msg, -ENOMEM,
			    "ramdisk %s: %lld KiB are missing for its reservation: it needs %lld KiB more, the host can spare %lld KiB",
			    name, (pages - max(spare, 0LL)) << (PAGE_SHIFT - 10),
			    pages << (PAGE_SHIFT - 10), max(spare, 0LL) << (PAGE_SHIFT - 10));
}
