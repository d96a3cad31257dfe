/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bank gets a larger partition, on a disk that has room for it (docs/banks.md, "Growing"): where
 * that is, and in which order it is written. Nothing else on the disk is touched.
 */
#ifndef VISOR_GROW_H
#define VISOR_GROW_H

#include "gpt_move.h"

#define GROW_MIB 2048u	   /* sectors of a MiB */
#define GROW_MAX_MIB 2047u /* no file system of a bank is larger */

struct grow_extent {
	uint64_t first, sectors;
};

/* What is on a disk. */
struct grow_room {
	struct grow_extent part[GPT_ENTRIES];
	size_t n;
	size_t own;	/* of them the bank that grows */
	uint64_t first; /* sector from which partitions may be */
	uint64_t end;	/* and before which they end */
};

enum grow_how {
	GROW_STAYS, /* it begins where it did; its files stay */
	GROW_MOVES, /* to a place that is free; its files are copied there first */
	GROW_ANEW,  /* the new place overlaps the old one: what was in it is lost */
};

struct grow_plan {
	enum grow_how how;
	struct grow_extent from, to;
};

/* entry: of the table, from 0 on. -1 if it is not used. */
int grow_room(const struct gpt_table *t, uint64_t disk_sectors, size_t entry,
	      struct grow_room *room);

/* How many MiB it can have at most; keeping: without losing what is in it. */
unsigned int grow_most(const struct grow_room *room, bool keeping);

/*
 * A place of so many MiB; a way that keeps what is in it is preferred. ERR_INVALID: not larger than
 * it is, or larger than any bank. ERR_NO_SPACE says how much is missing, and what could be had.
 */
int grow_plan(const struct grow_room *room, unsigned int mib, struct grow_plan *plan,
	      struct err *e);

/*
 * Does it. keep: bytes from its beginning that are copied to a new place (GROW_MOVES), 0: it
 * becomes empty there. A cut of the power leaves the bank as it was, or the new one.
 */
int grow_write(struct blkio *disk, struct gpt_table *t, size_t entry, const struct grow_plan *plan,
	       uint64_t keep, struct err *e);

#endif
