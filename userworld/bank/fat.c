// SPDX-License-Identifier: Apache-2.0
/* The shape of the file system, and its table. */
#include "fat.h"

#include <string.h>

#include "fat_raw.h"

static int no_fat(const struct fat *f, struct err *e, const char *why)
{
	return err_set(e, ERR_INVALID, "%s: no FAT file system: %s", f->io->name, why);
}

/* What the boot sector says, in sectors. */
struct shape {
	uint32_t sector, cluster, reserved, tables, root_entries, total, table;
};

static void read_shape(const unsigned char *boot, struct shape *s)
{
	s->sector = le_get16(boot + FAT_SECTOR);
	s->cluster = boot[FAT_CLUSTER];
	s->reserved = le_get16(boot + FAT_RESERVED);
	s->tables = boot[FAT_TABLES];
	s->root_entries = le_get16(boot + FAT_ROOT);
	s->total = le_get16(boot + FAT_TOTAL16);
	if (!s->total)
		s->total = le_get32(boot + FAT_TOTAL32);
	s->table = le_get16(boot + FAT_TABLE16);
	if (!s->table)
		s->table = le_get32(boot + FAT_TABLE32);
}

static int check_shape(const struct fat *f, const unsigned char *boot, const struct shape *s,
		       struct err *e)
{
	if (boot[FAT_SIGNATURE] != 0x55 || boot[FAT_SIGNATURE + 1] != 0xaa)
		return no_fat(f, e, "its first sector has no signature");
	if (s->sector < 512 || s->sector > 4096 || (s->sector & (s->sector - 1)))
		return no_fat(f, e, "impossible size of sectors");
	if (!s->cluster || (s->cluster & (s->cluster - 1)) || !s->reserved || !s->table ||
	    s->tables < 1 || s->tables > 2)
		return no_fat(f, e, "impossible numbers in its first sector");
	if ((uint64_t)s->total * s->sector > f->io->size)
		return no_fat(f, e, "it is larger than its partition");
	return 0;
}

static int set_bits(struct fat *f, const unsigned char *boot, struct err *e)
{
	uint64_t entries;

	f->bits = f->clusters < 4085 ? 12 : f->clusters < 65525 ? 16 : 32;
	entries = f->table_size * 8 / f->bits;
	if ((uint64_t)f->clusters + 2 > entries)
		return no_fat(f, e, "its table is too small");
	if (f->bits == 32)
		f->root_cluster = le_get32(boot + FAT_ROOT32);
	return 0;
}

static uint64_t data_at(const struct shape *s)
{
	uint64_t head = ((uint64_t)s->reserved + (uint64_t)s->table * s->tables) * s->sector +
			(uint64_t)s->root_entries * FAT_ENTRY_SIZE;

	return (head + s->sector - 1) / s->sector * s->sector;
}

uint64_t fat_data_at(const unsigned char boot[static FAT_BOOT])
{
	struct shape s;

	read_shape(boot, &s);
	return s.sector ? data_at(&s) : 0;
}

int fat_open(struct fat *f, struct blkio *io, struct err *e)
{
	unsigned char boot[FAT_BOOT];
	struct shape s;

	*f = (struct fat){ .io = io, .window_at = UINT64_MAX };
	if (blkio_read(io, boot, sizeof(boot), 0, e) < 0)
		return -1;
	read_shape(boot, &s);
	if (check_shape(f, boot, &s, e) < 0)
		return -1;
	f->cluster = s.cluster * s.sector;
	f->table_at = (uint64_t)s.reserved * s.sector;
	f->table_size = (uint64_t)s.table * s.sector;
	f->root_at = f->table_at + f->table_size * s.tables;
	f->root_entries = s.root_entries;
	f->data_at = data_at(&s);
	if (f->data_at >= (uint64_t)s.total * s.sector)
		return no_fat(f, e, "it has no room for files");
	f->clusters = (uint32_t)(((uint64_t)s.total * s.sector - f->data_at) / f->cluster);
	return set_bits(f, boot, e);
}

/* One byte of the table. Neighbours are asked for next, so a window of it is kept. */
static int table_byte(struct fat *f, uint64_t at, uint32_t *byte, struct err *e)
{
	uint64_t from = at - at % FAT_WINDOW;

	if (from != f->window_at) {
		uint64_t len = f->table_size - from;

		f->window_at = UINT64_MAX;
		if (blkio_read(f->io, f->window, len < FAT_WINDOW ? len : FAT_WINDOW,
			       f->table_at + from, e) < 0)
			return -1;
		f->window_at = from;
	}
	*byte = f->window[at - from];
	return 0;
}

/* What the table has for a cluster: the next one of the chain, 0 if it is free. */
static int table_entry(struct fat *f, uint32_t cluster, uint32_t *entry, struct err *e)
{
	uint64_t at = (uint64_t)cluster * f->bits / 8;
	uint32_t byte, value = 0;

	for (unsigned int i = 0; i * 8 < f->bits; i++) {
		if (table_byte(f, at + i, &byte, e) < 0)
			return -1;
		value |= byte << (8 * i);
	}
	if (f->bits == 12)
		value = cluster % 2 ? value >> 4 : value & 0xfff;
	*entry = value & 0x0fffffff;
	return 0;
}

static int is_cluster(const struct fat *f, uint32_t cluster)
{
	return cluster >= 2 && cluster - 2 < f->clusters;
}

/* The cluster behind one of a chain. */
static int next_cluster(struct fat *f, const char *name, uint32_t *cluster, struct err *e)
{
	uint32_t next;

	if (table_entry(f, *cluster, &next, e) < 0)
		return -1;
	if (!is_cluster(f, next))
		return err_set(e, ERR_INVALID, "%s: %s ends too early: the table is damaged",
			       f->io->name, name);
	*cluster = next;
	return 0;
}

static uint64_t cluster_at(const struct fat *f, uint32_t cluster)
{
	return f->data_at + (uint64_t)(cluster - 2) * f->cluster;
}

int fat_where(struct fat *f, struct fat_file *file, uint32_t at, uint64_t *where, uint32_t *len,
	      struct err *e)
{
	uint32_t index = at / f->cluster;

	if (at >= file->size || !is_cluster(f, file->first))
		return err_set(e, ERR_INVALID, "%s: %s has no byte %u", f->io->name, file->name,
			       at);
	if (!file->current || index < file->index) {
		file->index = 0;
		file->current = file->first;
	}
	/* Bounded by the file's size, even if the chain goes in a circle. */
	for (; file->index < index; file->index++)
		if (next_cluster(f, file->name, &file->current, e) < 0)
			return -1;
	*where = cluster_at(f, file->current) + at % f->cluster;
	*len = f->cluster - at % f->cluster;
	if (*len > file->size - at)
		*len = file->size - at;
	return 0;
}

/* As much as lies in one piece on the device is read in one go. */
int fat_read(struct fat *f, struct fat_file *file, uint32_t at, void *buf, size_t len,
	     struct err *e)
{
	while (len > 0) {
		uint64_t where, next;
		uint32_t run, more;

		if (fat_where(f, file, at, &where, &run, e) < 0)
			return -1;
		while (run < len && at + run < file->size) {
			if (fat_where(f, file, at + run, &next, &more, e) < 0)
				return -1;
			if (next != where + run)
				break;
			run += more;
		}
		if (run > len)
			run = (uint32_t)len;
		if (blkio_read(f->io, buf, run, where, e) < 0)
			return -1;
		buf = (char *)buf + run;
		at += run;
		len -= run;
	}
	return 0;
}

int fat_free_bytes(struct fat *f, uint64_t *bytes, struct err *e)
{
	uint64_t own = f->data_at + (uint64_t)f->clusters * f->cluster;

	*bytes = own < f->io->size ? (f->io->size - own) / f->cluster * f->cluster : 0;
	for (uint32_t c = 2; c - 2 < f->clusters; c++) {
		uint32_t entry;

		if (table_entry(f, c, &entry, e) < 0)
			return -1;
		if (entry == 0)
			*bytes += f->cluster;
	}
	return 0;
}

int fat_end(struct fat *f, uint64_t *bytes, struct err *e)
{
	*bytes = f->data_at;
	for (uint32_t c = 2; c - 2 < f->clusters; c++) {
		uint32_t entry;

		if (table_entry(f, c, &entry, e) < 0)
			return -1;
		if (entry != 0)
			*bytes = f->data_at + (uint64_t)(c - 1) * f->cluster;
	}
	return 0;
}
