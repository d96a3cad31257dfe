// SPDX-License-Identifier: Apache-2.0
#include "zip_directory.h"

#include <stdbool.h>
#include <string.h>

#include "zip_bytes.h"

/* The last record whose comment ends with the file: in a comment one may look like it. */
static const unsigned char *find_end(const unsigned char *tail, size_t len)
{
	for (size_t i = len < ZIP_END_SIZE ? 0 : len - ZIP_END_SIZE + 1; i-- > 0;)
		if (!memcmp(tail + i, "PK\5\6", 4) &&
		    i + ZIP_END_SIZE + le_get16(tail + i + 20) == len)
			return tail + i;
	return NULL;
}

int zip_find_directory(const unsigned char *tail, size_t len, uint64_t size,
		       struct zip_place *place, const char *name, struct err *e)
{
	const unsigned char *end = find_end(tail, len);

	if (!end)
		return err_set(e, ERR_INVALID, "%s: no zip archive, or one without its end", name);
	place->n = le_get16(end + 10);
	place->size = le_get32(end + 12);
	place->at = le_get32(end + 16);
	if (size > UINT32_MAX || place->n == UINT16_MAX || place->at == UINT32_MAX)
		return err_set(e, ERR_INVALID,
			       "%s: has 4 GiB or more, or more members than a host reads", name);
	if (place->size > ZIP_DIRECTORY_MAX)
		return err_set(e, ERR_INVALID, "%s: its directory has more than %u MiB", name,
			       ZIP_DIRECTORY_MAX >> 20);
	if (place->at + place->size > size - len + (uint64_t)(end - tail))
		return err_set(e, ERR_INVALID, "%s: damaged zip archive: its directory is cut off",
			       name);
	return 0;
}

/* Bytes of the entry at p, or 0 if it is none, or none that is whole. */
static size_t entry_size(const unsigned char *p, size_t left)
{
	size_t size;

	if (left < ZIP_ENTRY_SIZE || memcmp(p, "PK\1\2", 4) != 0)
		return 0;
	size = ZIP_ENTRY_SIZE + le_get16(p + 28) + le_get16(p + 30) + le_get16(p + 32);
	return size <= left ? size : 0;
}

static struct zip_entry read_entry(const unsigned char *p)
{
	return (struct zip_entry){ .flags = le_get16(p + 8),
				   .method = le_get16(p + 10),
				   .crc = le_get32(p + 16),
				   .packed = le_get32(p + 20),
				   .size = le_get32(p + 24),
				   .header = le_get32(p + 42) };
}

static bool is_named(const unsigned char *p, const char *member)
{
	size_t len = strlen(member);

	return le_get16(p + 28) == len && !memcmp(p + ZIP_ENTRY_SIZE, member, len);
}

/*
 * How long a member is with its header stands in the header only, but that is
 * needed before it is read: members do not overlap, so it ends where another begins.
 */
static int find_member_end(const unsigned char *directory, const struct zip_place *place,
			   struct zip_entry *entry, const char *name, struct err *e)
{
	const unsigned char *p = directory;

	entry->end = place->at;
	for (uint32_t i = 0; i < place->n; i++) {
		uint64_t header = le_get32(p + 42);

		if (header > entry->header && header < entry->end)
			entry->end = header;
		p += entry_size(p, ZIP_DIRECTORY_MAX);
	}
	if (entry->header + ZIP_HEADER_SIZE + entry->packed <= entry->end)
		return 0;
	return err_set(e, ERR_INVALID, "%s: damaged zip archive: has no room for it", name);
}

int zip_find_entry(const unsigned char *directory, const struct zip_place *place,
		   const char *member, struct zip_entry *entry, const char *name, struct err *e)
{
	const unsigned char *p = directory, *end = directory + place->size;
	bool found = false;
	size_t size;

	for (uint32_t i = 0; i < place->n; i++, p += size) {
		size = entry_size(p, (size_t)(end - p));
		if (!size)
			return err_set(e, ERR_INVALID, "%s: damaged zip archive: its directory",
				       name);
		if (!found && is_named(p, member)) {
			*entry = read_entry(p);
			found = true;
		}
	}
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "%s: is not in the archive", name);
	return find_member_end(directory, place, entry, name, e);
}
