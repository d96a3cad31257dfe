// SPDX-License-Identifier: Apache-2.0
#include "gpt_mend.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "gpt_copy.h"
#include "tardisk/le.h"

static bool say_the_same(const struct gpt_table *t)
{
	return le_get64(t->backup.header + GPT_H_OTHER) == t->primary.own &&
	       memcmp(t->primary.header + GPT_H_FIRST, t->backup.header + GPT_H_FIRST,
		      GPT_H_ENTRIES_AT - GPT_H_FIRST) == 0 &&
	       memcmp(t->primary.entries, t->backup.entries, GPT_ENTRIES_SIZE) == 0;
}

static enum gpt_health judge(const struct gpt_table *t)
{
	if (!t->primary.good)
		return t->backup.good ? GPT_PRIMARY_DAMAGED : GPT_BOTH_DAMAGED;
	if (!t->backup.good)
		return GPT_BACKUP_DAMAGED;
	return say_the_same(t) ? GPT_GOOD : GPT_DIFFERENT;
}

static struct gpt_table *look(struct blkio *disk, enum gpt_health *health, struct err *e)
{
	struct gpt_table *t = calloc(1, sizeof(*t));
	uint8_t sector[GPT_SECTOR];

	if (!t) {
		err_set(e, ERR_NO_SPACE, "out of memory");
		return NULL;
	}
	*health = GPT_BOTH_DAMAGED;
	if (disk->sector == GPT_SECTOR && disk->size > 2ull * GPT_FIRST * GPT_SECTOR)
		gpt_table_read(disk, t);
	*health = judge(t);
	/* Nothing can be read at all: that says nothing of the table. */
	if (*health == GPT_BOTH_DAMAGED && blkio_read(disk, sector, GPT_SECTOR, 0, e) < 0) {
		free(t);
		return NULL;
	}
	return t;
}

int gpt_examine(struct blkio *disk, enum gpt_health *health, struct err *e)
{
	struct gpt_table *t = look(disk, health, e);

	free(t);
	return t ? 0 : -1;
}

static int write_copy(struct blkio *disk, struct gpt_copy *to, const struct gpt_copy *from,
		      struct err *e)
{
	memcpy(to->entries, from->entries, sizeof(to->entries));
	memcpy(to->header, from->header, sizeof(to->header));
	gpt_copy_seal(to, from->own);
	return gpt_copy_write(disk, to, e);
}

/*
 * Where the other copy belongs is said by the good one. If that is not where it was looked for, the
 * disk is another size than the table thinks: nobody knows what lies there.
 */
static bool belongs_there(const struct gpt_copy *good, const struct gpt_copy *bad)
{
	return le_get64(good->header + GPT_H_OTHER) == bad->own;
}

int gpt_mend(struct blkio *disk, enum gpt_health *health, struct err *e)
{
	_cleanup_free_ struct gpt_table *t = look(disk, health, e);
	struct gpt_copy *good, *bad;
	enum gpt_health now;

	if (!t)
		return -1;
	if (*health != GPT_PRIMARY_DAMAGED && *health != GPT_BACKUP_DAMAGED)
		return *health == GPT_GOOD;
	good = *health == GPT_PRIMARY_DAMAGED ? &t->backup : &t->primary;
	bad = *health == GPT_PRIMARY_DAMAGED ? &t->primary : &t->backup;
	if (!belongs_there(good, bad))
		return 0;
	if (write_copy(disk, bad, good, e) < 0 || gpt_examine(disk, &now, e) < 0)
		return -1;
	return now == GPT_GOOD;
}
