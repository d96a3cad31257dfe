/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A partition of a disk that is in use gets another place. The second copy of the table is written
 * first. Of the first copy, which is the only one that GRUB and the kernel read, one sector
 * decides: the new entries are written to spare sectors behind it, then its header, which names
 * them, then both as they were. So a cut of the power leaves the old table or the new one, and what
 * is left to do gpt_mend() does.
 */
#ifndef VISOR_GPT_MOVE_H
#define VISOR_GPT_MOVE_H

#include "gpt_copy.h"

#define GPT_SPARE 34 /* sector of the spare entries; the usual ones are before it */

/*
 * The table of a disk that may be changed: its first copy is good, and the second one is, too, or
 * names other places for the same partitions, as a change that was cut off leaves it. ERR_CONFLICT
 * if not, ERR_INVALID for a table or disk of another shape.
 */
int gpt_load(struct blkio *disk, struct gpt_table *t, struct err *e);

/* First sector and number of sectors of an entry, from 0 on. false: it is not used. */
bool gpt_place(const struct gpt_table *t, size_t entry, uint64_t *first, uint64_t *sectors);

/*
 * Writes the table with another place for one entry, and with its second copy at the end of the
 * disk; reads it back. t has come from gpt_load(). ERR_INVALID: the disk did not take it.
 */
int gpt_move(struct blkio *disk, struct gpt_table *t, size_t entry, uint64_t first,
	     uint64_t sectors, struct err *e);

#endif
