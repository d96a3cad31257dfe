// SPDX-License-Identifier: Apache-2.0
#include "grow.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define STEP 65536u /* bytes copied at once */

struct buffers {
	uint8_t bytes[STEP], again[STEP];
};

/* Each piece is read back: what the loader will find, not what was meant. */
static int copy_piece(struct blkio *disk, struct buffers *b, uint64_t from, uint64_t to, size_t n,
		      struct err *e)
{
	if (blkio_read(disk, b->bytes, n, from, e) < 0 ||
	    blkio_write(disk, b->bytes, n, to, e) < 0 || blkio_read(disk, b->again, n, to, e) < 0)
		return -1;
	if (memcmp(b->bytes, b->again, n) != 0)
		return err_set(e, ERR_INVALID,
			       "%s: byte %llu is not what was written: the disk is "
			       "broken",
			       disk->name, (unsigned long long)to);
	return 0;
}

static int copy(struct blkio *disk, const struct grow_plan *plan, uint64_t keep, struct err *e)
{
	_cleanup_free_ struct buffers *b = malloc(sizeof(*b));
	uint64_t from = plan->from.first * GPT_SECTOR, to = plan->to.first * GPT_SECTOR;

	if (!b)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	while (keep > 0) {
		size_t n = keep < STEP ? (size_t)keep : STEP;

		if (copy_piece(disk, b, from, to, n, e) < 0)
			return -1;
		from += n;
		to += n;
		keep -= n;
	}
	return 0;
}

/*
 * What lies in the new place must be no bank, for once the table names it a loader looks there. If
 * that is within the old place, the old bank is none either from here on.
 */
static int clear(struct blkio *disk, const struct grow_plan *plan, struct err *e)
{
	static const uint8_t zero[GPT_SECTOR];

	if (plan->how == GROW_ANEW &&
	    (blkio_write(disk, zero, sizeof(zero), plan->from.first * GPT_SECTOR, e) < 0 ||
	     blkio_flush(disk, e) < 0))
		return -1;
	return blkio_write(disk, zero, sizeof(zero), plan->to.first * GPT_SECTOR, e);
}

int grow_write(struct blkio *disk, struct gpt_table *t, size_t entry, const struct grow_plan *plan,
	       uint64_t keep, struct err *e)
{
	int rc = 0;

	if (plan->how == GROW_MOVES && keep)
		rc = copy(disk, plan, keep, e);
	else if (plan->how != GROW_STAYS)
		rc = clear(disk, plan, e);
	if (rc < 0 || blkio_flush(disk, e) < 0)
		return -1;
	return gpt_move(disk, t, entry, plan->to.first, plan->to.sectors, e);
}
