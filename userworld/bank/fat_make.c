// SPDX-License-Identifier: Apache-2.0
#include "fat_make.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fat_raw.h"

#define ROOT_ENTRIES 512u
#define MIN_CLUSTERS 4085u /* fewer would be a FAT12 */
#define MAX_CLUSTERS 65524u
#define USUAL_CLUSTER 4096u
#define MAX_CLUSTER 32768u
#define END_OF_CHAIN 0xffffu
#define DATE_1980 0x21u /* the first of January: FAT has no earlier day */

static size_t word(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && (islower((unsigned char)s[n]) || isdigit((unsigned char)s[n]) ||
			   s[n] == '_' || s[n] == '-'))
		n++;
	return n;
}

bool fat_name_ok(const char *name)
{
	size_t n = word(name, 8);

	if (n == 0 || name[n] == '\0')
		return n > 0;
	name += n;
	n = *name == '.' ? word(name + 1, 3) : 0;
	return n > 0 && name[n + 1] == '\0';
}

static void lay_out(struct fat_plan *p, uint64_t size, uint32_t sector, uint32_t cluster)
{
	uint64_t sectors = size / sector, left;
	uint64_t root = ROOT_ENTRIES * FAT_ENTRY_SIZE / sector;
	uint64_t guess = size / cluster + 2;

	*p = (struct fat_plan){ .sector = sector, .cluster = cluster };
	p->sectors = (uint32_t)sectors;
	/* A table for as many clusters as there were if there was no table: at most a bit too
	 * large. */
	p->table = (uint32_t)((guess * 2 + sector - 1) / sector);
	p->table_at = sector;
	p->root_at = p->table_at + 2ull * p->table * sector;
	p->data_at = p->root_at + root * sector;
	left = p->data_at < size ? size - p->data_at : 0;
	p->clusters = (uint32_t)(left / cluster);
	p->room = (uint64_t)p->clusters * cluster;
}

/* The usual clusters, smaller ones on a small device and larger ones on a large one. */
static int choose_cluster(struct fat_plan *p, uint64_t size, uint32_t sector, struct err *e)
{
	uint32_t cluster = USUAL_CLUSTER;

	if (size <= (uint64_t)MAX_CLUSTER * (MAX_CLUSTERS + 1)) {
		for (lay_out(p, size, sector, cluster);
		     p->clusters > MAX_CLUSTERS && cluster < MAX_CLUSTER;
		     lay_out(p, size, sector, cluster))
			cluster *= 2;
		while (p->clusters < MIN_CLUSTERS && cluster > sector)
			lay_out(p, size, sector, cluster /= 2);
		if (p->clusters >= MIN_CLUSTERS && p->clusters <= MAX_CLUSTERS)
			return 0;
	}
	return err_set(e, ERR_INVALID,
		       "a bank has from 2 MiB to 2 GiB; one of %llu bytes cannot be",
		       (unsigned long long)size);
}

static int place_files(struct fat_plan *p, struct fat_new_file *files, size_t n, struct err *e)
{
	uint32_t next = 2;

	for (size_t i = 0; i < n; i++)
		p->needed += ((uint64_t)files[i].size + p->cluster - 1) / p->cluster * p->cluster;
	if (p->needed > p->room)
		return err_set(
			e, ERR_NO_SPACE,
			"the files need %llu bytes, the bank has room for %llu: %llu are missing",
			(unsigned long long)p->needed, (unsigned long long)p->room,
			(unsigned long long)(p->needed - p->room));
	for (size_t i = 0; i < n; i++) {
		files[i].cluster = files[i].size ? next : 0;
		files[i].at = p->data_at + (uint64_t)(next - 2) * p->cluster;
		next += (files[i].size + p->cluster - 1) / p->cluster;
	}
	return 0;
}

int fat_plan(struct fat_plan *plan, uint64_t size, uint32_t sector, struct fat_new_file *files,
	     size_t n, struct err *e)
{
	if (n > FAT_MAKE_FILES)
		return err_set(e, ERR_INVALID, "%zu files: a bank has at most %d", n,
			       FAT_MAKE_FILES);
	for (size_t i = 0; i < n; i++)
		if (!fat_name_ok(files[i].name))
			return err_set(e, ERR_INVALID,
				       "a file of a bank cannot be named '%.12s': names are 8.3",
				       files[i].name);
	if (choose_cluster(plan, size, sector, e) < 0)
		return -1;
	return place_files(plan, files, n, e);
}

static void fill_table(const struct fat_plan *p, const struct fat_new_file *files, size_t n,
		       unsigned char *table)
{
	le_put16(table, 0xfff8);
	le_put16(table + 2, END_OF_CHAIN);
	for (size_t i = 0; i < n; i++) {
		uint32_t count = (files[i].size + p->cluster - 1) / p->cluster;

		for (uint32_t c = 0; c < count; c++) {
			uint32_t at = files[i].cluster + c;

			le_put16(table + 2 * (size_t)at, c + 1 < count ? at + 1 : END_OF_CHAIN);
		}
	}
}

static void fill_entry(const struct fat_new_file *file, unsigned char *entry)
{
	size_t to = 0;

	memset(entry, ' ', 11);
	for (const char *c = file->name; *c; c++) {
		if (*c == '.')
			to = 8;
		else
			entry[to++] = (unsigned char)toupper((unsigned char)*c);
	}
	/* Bits that Linux and Windows know: name and extension are in lower case. */
	entry[12] = 0x18;
	le_put16(entry + FAT_E_DATE, DATE_1980);
	le_put16(entry + FAT_E_LOW, file->cluster);
	le_put32(entry + FAT_E_SIZE, file->size);
}

static void fill_boot(const struct fat_plan *p, uint32_t serial, unsigned char *boot)
{
	memcpy(boot, "\xeb\xfe\x90VISOROS ", 11); /* a jump to itself: it is not started */
	le_put16(boot + FAT_SECTOR, p->sector);
	boot[FAT_CLUSTER] = (unsigned char)(p->cluster / p->sector);
	le_put16(boot + FAT_RESERVED, 1);
	boot[FAT_TABLES] = 2;
	le_put16(boot + FAT_ROOT, ROOT_ENTRIES);
	if (p->sectors < 65536)
		le_put16(boot + FAT_TOTAL16, p->sectors);
	else
		le_put32(boot + FAT_TOTAL32, p->sectors);
	boot[FAT_MEDIA] = 0xf8;
	le_put16(boot + FAT_TABLE16, p->table);
	le_put16(boot + 24, 63); /* sectors and heads of a drive that nobody has: mtools looks */
	le_put16(boot + 26, 255);
	boot[36] = 0x80; /* number of the drive, as all have it */
	boot[FAT_EXTENDED] = 0x29;
	le_put32(boot + FAT_SERIAL, serial);
	memcpy(boot + FAT_LABEL, "NO NAME    FAT16   ", 19);
	boot[FAT_SIGNATURE] = 0x55;
	boot[FAT_SIGNATURE + 1] = 0xaa;
}

void fat_head(const struct fat_plan *plan, const struct fat_new_file *files, size_t n,
	      uint32_t serial, unsigned char *head)
{
	size_t table = (size_t)plan->table * plan->sector;

	memset(head, 0, plan->data_at);
	fill_boot(plan, serial, head);
	fill_table(plan, files, n, head + plan->table_at);
	memcpy(head + plan->table_at + table, head + plan->table_at, table);
	for (size_t i = 0; i < n; i++)
		fill_entry(&files[i], head + plan->root_at + i * FAT_ENTRY_SIZE);
}

/* Both tables and the root folder behind them as one piece; the first sector comes last. */
int fat_make(const struct fat_plan *plan, const struct fat_new_file *files, size_t n,
	     uint32_t serial, struct blkio *io, struct err *e)
{
	_cleanup_free_ unsigned char *head = malloc(plan->data_at);

	if (!head)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	fat_head(plan, files, n, serial, head);
	if (blkio_write(io, head + plan->table_at, plan->data_at - plan->table_at, plan->table_at,
			e) < 0 ||
	    blkio_write(io, head, plan->sector, 0, e) < 0)
		return -1;
	return blkio_flush(io, e);
}
