// SPDX-License-Identifier: Apache-2.0
/* The root folder. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "fat.h"
#include "fat_raw.h"

#define MAX_ENTRIES 65536

/*
 * "VMLINUZ    " to "vmlinuz", "BASE    V00" to "base.v00". A broken folder has anything in it, and
 * its names are shown.
 */
static void short_name(const unsigned char *entry, char name[static FAT_NAME])
{
	size_t n = 0;

	for (size_t i = 0; i < 11; i++) {
		if (entry[i] == ' ')
			continue;
		if (i >= 8 && !memchr(name, '.', n))
			name[n++] = '.';
		name[n++] = entry[i] > ' ' && entry[i] <= '~' ? (char)tolower(entry[i]) : '?';
	}
	name[n] = '\0';
}

/* The folder of FAT32 is a chain of clusters, that of the others has a place of its own. */
static struct fat_file folder_of(const struct fat *f)
{
	return (struct fat_file){ .name = "root folder",
				  .first = f->root_cluster,
				  .size = MAX_ENTRIES * FAT_ENTRY_SIZE };
}

static int read_entry(struct fat *f, struct fat_file *folder, uint32_t i, unsigned char *entry,
		      struct err *e)
{
	if (f->bits == 32)
		return fat_read(f, folder, i * FAT_ENTRY_SIZE, entry, FAT_ENTRY_SIZE, e);
	return blkio_read(f->io, entry, FAT_ENTRY_SIZE, f->root_at + (uint64_t)i * FAT_ENTRY_SIZE,
			  e);
}

static void take_entry(const struct fat *f, const unsigned char *entry, struct fat_file *file)
{
	*file = (struct fat_file){ .size = le_get32(entry + FAT_E_SIZE),
				   .first = le_get16(entry + FAT_E_LOW) };
	if (f->bits == 32)
		file->first |= le_get16(entry + FAT_E_HIGH) << 16;
	short_name(entry, file->name);
}

int fat_each(struct fat *f, fat_fn *fn, void *context, struct err *e)
{
	uint32_t max = f->bits == 32 ? MAX_ENTRIES : f->root_entries;
	struct fat_file folder = folder_of(f);

	for (uint32_t i = 0; i < max; i++) {
		unsigned char entry[FAT_ENTRY_SIZE];
		struct fat_file file;
		int rc;

		/* A full folder of FAT32 ends with its chain. */
		if (read_entry(f, &folder, i, entry, e) < 0)
			return f->bits == 32 && i > 0 && e && e->kind == ERR_INVALID ? 0 : -1;
		if (entry[0] == 0)
			break;
		if (entry[0] == 0xe5 || (entry[FAT_E_ATTR] & (FAT_ATTR_LABEL | FAT_ATTR_FOLDER)))
			continue;
		take_entry(f, entry, &file);
		rc = fn(context, &file, e);
		if (rc != 0)
			return rc;
	}
	return 0;
}

struct search {
	const char *name;
	struct fat_file *file;
};

static int compare(void *context, const struct fat_file *file, struct err *e)
{
	struct search *s = context;

	(void)e;
	if (strcasecmp(file->name, s->name) != 0)
		return 0;
	*s->file = *file;
	return 1;
}

int fat_find(struct fat *f, const char *name, struct fat_file *file, struct err *e)
{
	struct search s = { name, file };
	struct err own = ERR_INIT;
	int rc = fat_each(f, compare, &s, &own);

	if (rc > 0)
		return 0;
	if (rc == 0)
		return err_set(e, ERR_NOT_FOUND, "%s: there is no file %s", f->io->name, name);
	if (e)
		*e = own;
	return -1;
}
