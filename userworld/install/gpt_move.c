// SPDX-License-Identifier: Apache-2.0
#include "gpt_move.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "gpt_mend.h"
#include "tardisk/le.h"

/* Places in an entry. */
enum {
	ENTRY_FIRST = 32,
	ENTRY_LAST = 40,
	ENTRY_FLAGS = 48, /* and then the name */
};

/* The same partitions, wherever they are. */
static bool same_partitions(const struct gpt_table *t)
{
	const struct gpt_copy *a = &t->primary, *b = &t->backup;

	if (memcmp(a->header + GPT_H_GUID, b->header + GPT_H_GUID, GPT_GUID) != 0)
		return false;
	for (size_t i = 0; i < GPT_ENTRIES_SIZE; i += GPT_ENTRY_SIZE)
		if (memcmp(a->entries + i, b->entries + i, ENTRY_FIRST) != 0 ||
		    memcmp(a->entries + i + ENTRY_FLAGS, b->entries + i + ENTRY_FLAGS,
			   GPT_ENTRY_SIZE - ENTRY_FLAGS) != 0)
			return false;
	return true;
}

int gpt_load(struct blkio *disk, struct gpt_table *t, struct err *e)
{
	if (disk->sector != GPT_SECTOR || disk->size < 2ull * GPT_FIRST * GPT_SECTOR)
		return err_set(e, ERR_INVALID,
			       "%s: sectors of %u bytes, or too small for a boot medium",
			       disk->name, disk->sector);
	gpt_table_read(disk, t);
	if (!t->primary.good || !t->backup.good)
		return err_set(e, ERR_CONFLICT,
			       "%s: a copy of the partition table is damaged: 'system boot scrub' "
			       "repairs it",
			       disk->name);
	if (!same_partitions(t))
		return err_set(e, ERR_CONFLICT,
			       "%s: the copies of the partition table have different partitions",
			       disk->name);
	if (le_get64(t->primary.header + GPT_H_FIRST) < GPT_FIRST)
		return err_set(e, ERR_INVALID,
			       "%s: the partition table is not that of a boot medium", disk->name);
	return 0;
}

static uint8_t *entry_of(struct gpt_copy *c, size_t entry)
{
	return c->entries + entry * GPT_ENTRY_SIZE;
}

bool gpt_place(const struct gpt_table *t, size_t entry, uint64_t *first, uint64_t *sectors)
{
	static const uint8_t none[GPT_GUID];
	const uint8_t *raw = t->primary.entries + entry * GPT_ENTRY_SIZE;

	*first = le_get64(raw + ENTRY_FIRST);
	*sectors = le_get64(raw + ENTRY_LAST) + 1 - *first;
	return memcmp(raw, none, sizeof(none)) != 0;
}

/* Both copies as they will be; nothing is written. */
static void change(struct blkio *disk, struct gpt_table *t, size_t entry, uint64_t first,
		   uint64_t sectors)
{
	uint64_t end = disk->size / GPT_SECTOR;
	struct gpt_copy *primary = &t->primary, *backup = &t->backup;

	le_put64(entry_of(primary, entry) + ENTRY_FIRST, first);
	le_put64(entry_of(primary, entry) + ENTRY_LAST, first + sectors - 1);
	le_put64(primary->header + GPT_H_LAST, end - 1 - GPT_COPY / GPT_SECTOR);
	memcpy(backup->entries, primary->entries, sizeof(backup->entries));
	memcpy(backup->header, primary->header, sizeof(backup->header));
	backup->own = end - 1;
	backup->entries_at = end - GPT_COPY / GPT_SECTOR;
	gpt_copy_seal(backup, primary->own);
}

static int write_primary(struct blkio *disk, struct gpt_table *t, uint64_t entries_at,
			 struct err *e)
{
	t->primary.entries_at = entries_at;
	gpt_copy_seal(&t->primary, t->backup.own);
	return gpt_copy_write(disk, &t->primary, e);
}

/* The protective entry covers the disk; that of a medium on a larger disk did not. */
static int protect(struct blkio *disk, struct err *e)
{
	uint8_t is[GPT_MBR_ENTRY_SIZE], should[GPT_MBR_ENTRY_SIZE];

	gpt_protect(disk->size / GPT_SECTOR, should);
	if (blkio_read(disk, is, sizeof(is), GPT_MBR_ENTRY, e) < 0)
		return -1;
	if (memcmp(is + 12, should + 12, 4) == 0)
		return 0;
	if (blkio_write(disk, should + 12, 4, GPT_MBR_ENTRY + 12, e) < 0)
		return -1;
	return blkio_flush(disk, e);
}

int gpt_move(struct blkio *disk, struct gpt_table *t, size_t entry, uint64_t first,
	     uint64_t sectors, struct err *e)
{
	_cleanup_free_ struct gpt_table *now = malloc(sizeof(*now));
	enum gpt_health health;

	if (!now)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	change(disk, t, entry, first, sectors);
	if (gpt_copy_write(disk, &t->backup, e) < 0 || write_primary(disk, t, GPT_SPARE, e) < 0 ||
	    write_primary(disk, t, 2, e) < 0 || protect(disk, e) < 0 ||
	    gpt_examine(disk, &health, e) < 0)
		return -1;
	gpt_table_read(disk, now);
	if (health != GPT_GOOD || memcmp(now->primary.header, t->primary.header, GPT_SECTOR) != 0 ||
	    memcmp(now->primary.entries, t->primary.entries, GPT_ENTRIES_SIZE) != 0)
		return err_set(e, ERR_INVALID,
			       "%s: the partition table is not what was written: the disk is "
			       "broken",
			       disk->name);
	return 0;
}
