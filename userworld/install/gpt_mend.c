// SPDX-License-Identifier: Apache-2.0
#include "gpt_mend.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cleanup.h"
#include "gpt_raw.h"
#include "tardisk/le.h"

/* One copy as it was read. */
struct copy {
	uint8_t header[GPT_SECTOR];
	uint8_t entries[GPT_ENTRIES_SIZE];
	uint64_t own, entries_at; /* sectors where it belongs */
	bool good;
};

struct table {
	struct copy primary, backup;
};

static uint32_t header_sum(const uint8_t *header)
{
	uint8_t copy[GPT_HEADER_SIZE];

	memcpy(copy, header, sizeof(copy));
	le_put32(copy + GPT_H_CRC, 0);
	return (uint32_t)crc32(0, copy, sizeof(copy));
}

static bool is_good(const struct copy *c)
{
	const uint8_t *h = c->header;

	return memcmp(h, GPT_MAGIC, 8) == 0 && le_get32(h + GPT_H_SIZE) == GPT_HEADER_SIZE &&
	       le_get32(h + GPT_H_CRC) == header_sum(h) && le_get64(h + GPT_H_OWN) == c->own &&
	       le_get64(h + GPT_H_ENTRIES_AT) == c->entries_at &&
	       le_get32(h + GPT_H_ENTRIES) == GPT_ENTRIES &&
	       le_get32(h + GPT_H_ENTRY_SIZE) == GPT_ENTRY_SIZE &&
	       le_get32(h + GPT_H_ENTRIES_CRC) ==
		       (uint32_t)crc32(0, c->entries, sizeof(c->entries));
}

/* What cannot be read is not good. */
static void read_copy(struct blkio *disk, struct copy *c)
{
	c->good = blkio_read(disk, c->header, GPT_SECTOR, c->own * GPT_SECTOR, NULL) == 0 &&
		  blkio_read(disk, c->entries, sizeof(c->entries), c->entries_at * GPT_SECTOR,
			     NULL) == 0 &&
		  is_good(c);
}

/* A table that was written for a smaller disk has its backup where that one ended. */
static void read_table(struct blkio *disk, struct table *t)
{
	uint64_t sectors = disk->size / GPT_SECTOR;

	t->primary = (struct copy){ .own = 1, .entries_at = 2 };
	read_copy(disk, &t->primary);
	t->backup.own = t->primary.good ? le_get64(t->primary.header + GPT_H_OTHER) : sectors - 1;
	if (t->backup.own >= sectors || t->backup.own < GPT_FIRST)
		t->backup.own = sectors - 1;
	t->backup.entries_at = t->backup.own - GPT_ENTRIES_SIZE / GPT_SECTOR;
	read_copy(disk, &t->backup);
}

static bool say_the_same(const struct table *t)
{
	return le_get64(t->backup.header + GPT_H_OTHER) == t->primary.own &&
	       memcmp(t->primary.header + GPT_H_FIRST, t->backup.header + GPT_H_FIRST,
		      GPT_H_ENTRIES_AT - GPT_H_FIRST) == 0 &&
	       memcmp(t->primary.entries, t->backup.entries, GPT_ENTRIES_SIZE) == 0;
}

static enum gpt_health judge(const struct table *t)
{
	if (!t->primary.good)
		return t->backup.good ? GPT_PRIMARY_DAMAGED : GPT_BOTH_DAMAGED;
	if (!t->backup.good)
		return GPT_BACKUP_DAMAGED;
	return say_the_same(t) ? GPT_GOOD : GPT_DIFFERENT;
}

static struct table *look(struct blkio *disk, enum gpt_health *health, struct err *e)
{
	struct table *t = calloc(1, sizeof(*t));
	uint8_t sector[GPT_SECTOR];

	if (!t) {
		err_set(e, ERR_NO_SPACE, "out of memory");
		return NULL;
	}
	*health = GPT_BOTH_DAMAGED;
	if (disk->sector == GPT_SECTOR && disk->size > 2ull * GPT_FIRST * GPT_SECTOR)
		read_table(disk, t);
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
	struct table *t = look(disk, health, e);

	free(t);
	return t ? 0 : -1;
}

static int write_copy(struct blkio *disk, struct copy *to, const struct copy *from, struct err *e)
{
	memcpy(to->entries, from->entries, sizeof(to->entries));
	memcpy(to->header, from->header, sizeof(to->header));
	le_put64(to->header + GPT_H_OWN, to->own);
	le_put64(to->header + GPT_H_OTHER, from->own);
	le_put64(to->header + GPT_H_ENTRIES_AT, to->entries_at);
	le_put32(to->header + GPT_H_CRC, header_sum(to->header));
	if (blkio_write(disk, to->entries, sizeof(to->entries), to->entries_at * GPT_SECTOR, e) <
		    0 ||
	    blkio_flush(disk, e) < 0 ||
	    blkio_write(disk, to->header, GPT_SECTOR, to->own * GPT_SECTOR, e) < 0)
		return -1;
	return blkio_flush(disk, e);
}

/*
 * Where the other copy belongs is said by the good one. If that is not where it was looked for, the
 * disk is another size than the table thinks: nobody knows what lies there.
 */
static bool belongs_there(const struct copy *good, const struct copy *bad)
{
	return le_get64(good->header + GPT_H_OTHER) == bad->own;
}

int gpt_mend(struct blkio *disk, enum gpt_health *health, struct err *e)
{
	_cleanup_free_ struct table *t = look(disk, health, e);
	struct copy *good, *bad;
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
