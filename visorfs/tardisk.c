// SPDX-License-Identifier: GPL-2.0-only
/* A tardisk in memory, from its attachment to the last close of its files. */
#include <linux/slab.h>

#include "internal.h"

/* Bytes of memory that it takes, beside the pages of its files that are in use. */
u64 visorfs_tardisk_memory(const struct visorfs_tardisk *td)
{
	u64 bytes = (u64)td->count * sizeof(struct visorfs_obj) + td->strings_size;

	if (td->compressed)
		return bytes + td->compressed->count * sizeof(u64) +
		       (td->compressed->count ?
				td->compressed->ends[td->compressed->count - 1] : 0);
	return bytes + td->pages * (PAGE_SIZE + sizeof(*td->slots));
}

struct visorfs_tardisk *visorfs_tardisk_find(struct visorfs_sb *sbi, const char *name)
{
	struct visorfs_tardisk *td;

	list_for_each_entry(td, &sbi->tardisks, list)
		if (!strcmp(td->name, name))
			return td;
	return NULL;
}

/*
 * Frees what the slots of a file hold; nobody may be reading them. A folio
 * that was never in a page cache has one reference for all of its slots;
 * others have one for each slot.
 */
void visorfs_free_pages(struct visorfs_tardisk *td, const struct visorfs_obj *obj)
{
	u32 pages = td->slots ? visorfs_obj_pages(obj) : 0;
	u32 i = 0;

	while (i < pages) {
		u32 *slot = &td->slots[obj->page + i];
		struct page *page = visorfs_slot_page(*slot);
		u32 n = 1;

		if (page && !(*slot & VISORFS_SLOT_USED))
			n = folio_nr_pages(page_folio(page));
		memset(slot, 0, n * sizeof(*slot));
		if (page)
			put_page(page);
		i += n;
	}
}

static void release(struct kref *ref)
{
	struct visorfs_tardisk *td = container_of(ref, struct visorfs_tardisk, ref);
	u32 i;

	for (i = 0; td->slots && i < td->count; i++)
		if (visorfs_is_file(&td->objs[i]))
			visorfs_free_pages(td, &td->objs[i]);
	if (td->compressed)
		visorfs_inflaters_forget(td->sbi, td);
	visorfs_packed_free(td->compressed);
	kvfree(td->slots);
	kvfree(td->strings);
	kvfree(td->objs);
	visorfs_digests_free(&td->digests);
	if (td->kobj.state_initialized)
		kobject_put(&td->kobj);
	else
		kfree(td);
}

void visorfs_tardisk_put(struct visorfs_tardisk *td)
{
	kref_put(&td->ref, release);
}
