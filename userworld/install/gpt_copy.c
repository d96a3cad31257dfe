// SPDX-License-Identifier: Apache-2.0
#include "gpt_copy.h"

#include <string.h>
#include <zlib.h>

#include "tardisk/le.h"

static uint32_t header_sum(const uint8_t *header)
{
	uint8_t copy[GPT_HEADER_SIZE];

	memcpy(copy, header, sizeof(copy));
	le_put32(copy + GPT_H_CRC, 0);
	return (uint32_t)crc32(0, copy, sizeof(copy));
}

static uint32_t entries_sum(const struct gpt_copy *c)
{
	return (uint32_t)crc32(0, c->entries, sizeof(c->entries));
}

static bool is_good(const struct gpt_copy *c)
{
	const uint8_t *h = c->header;

	return memcmp(h, GPT_MAGIC, 8) == 0 && le_get32(h + GPT_H_SIZE) == GPT_HEADER_SIZE &&
	       le_get32(h + GPT_H_CRC) == header_sum(h) && le_get64(h + GPT_H_OWN) == c->own &&
	       le_get64(h + GPT_H_ENTRIES_AT) == c->entries_at &&
	       le_get32(h + GPT_H_ENTRIES) == GPT_ENTRIES &&
	       le_get32(h + GPT_H_ENTRY_SIZE) == GPT_ENTRY_SIZE &&
	       le_get32(h + GPT_H_ENTRIES_CRC) == entries_sum(c);
}

static void read_copy(struct blkio *disk, struct gpt_copy *c)
{
	c->good = blkio_read(disk, c->header, GPT_SECTOR, c->own * GPT_SECTOR, NULL) == 0 &&
		  blkio_read(disk, c->entries, sizeof(c->entries), c->entries_at * GPT_SECTOR,
			     NULL) == 0 &&
		  is_good(c);
}

/* A table that was written for a smaller disk has its backup where that one ended. */
void gpt_table_read(struct blkio *disk, struct gpt_table *t)
{
	uint64_t sectors = disk->size / GPT_SECTOR;

	t->primary.own = 1;
	t->primary.entries_at = 2;
	read_copy(disk, &t->primary);
	t->backup.own = t->primary.good ? le_get64(t->primary.header + GPT_H_OTHER) : sectors - 1;
	if (t->backup.own >= sectors || t->backup.own < GPT_FIRST)
		t->backup.own = sectors - 1;
	t->backup.entries_at = t->backup.own - GPT_ENTRIES_SIZE / GPT_SECTOR;
	read_copy(disk, &t->backup);
}

void gpt_copy_seal(struct gpt_copy *c, uint64_t other)
{
	le_put64(c->header + GPT_H_OWN, c->own);
	le_put64(c->header + GPT_H_OTHER, other);
	le_put64(c->header + GPT_H_ENTRIES_AT, c->entries_at);
	le_put32(c->header + GPT_H_ENTRIES_CRC, entries_sum(c));
	le_put32(c->header + GPT_H_CRC, header_sum(c->header));
}

int gpt_copy_write(struct blkio *disk, const struct gpt_copy *c, struct err *e)
{
	if (blkio_write(disk, c->entries, sizeof(c->entries), c->entries_at * GPT_SECTOR, e) < 0 ||
	    blkio_flush(disk, e) < 0 ||
	    blkio_write(disk, c->header, GPT_SECTOR, c->own * GPT_SECTOR, e) < 0)
		return -1;
	return blkio_flush(disk, e);
}
