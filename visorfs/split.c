// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breaking a large folio where a file is cut or punched. The kernel would
 * split it, and in doing so account pages beyond the end as cleaned to a
 * device that is not there (inode_to_wb() of an inode that was never
 * attached to one is NULL). So the folio leaves the cache as a whole, and
 * copies of the pages that stay take its place.
 */
#include <linux/slab.h>

#include "internal.h"

static void put_copies(struct page **copies, pgoff_t count)
{
	while (count--)
		if (copies[count])
			__free_page(copies[count]);
	kvfree(copies);
}

/* Those that a compressed tardisk can make again need no copy. */
static struct page **copy_pages(struct inode *inode, struct folio *folio, pgoff_t count)
{
	struct page **copies = kvcalloc(count, sizeof(*copies), GFP_KERNEL);
	struct visorfs_inode *vi = VI(inode);
	pgoff_t i;

	if (!copies)
		return NULL;
	for (i = 0; i < count; i++) {
		if (vi->compressed && visorfs_is_pristine(vi, folio->index + i))
			continue;
		copies[i] = alloc_page(GFP_HIGHUSER_MOVABLE);
		if (!copies[i]) {
			put_copies(copies, i);
			return NULL;
		}
		copy_highpage(copies[i], folio_page(folio, i));
	}
	return copies;
}

static void insert_copies(struct address_space *mapping, pgoff_t index, struct page **copies,
			  pgoff_t count)
{
	pgoff_t i;

	for (i = 0; i < count; i++) {
		struct folio *folio;

		if (!copies[i])
			continue;
		folio = page_folio(copies[i]);
		/* The place is free and the data exists nowhere else: this must not fail. */
		WARN_ON(filemap_add_folio(mapping, folio, index + i, GFP_KERNEL | __GFP_NOFAIL));
		folio_mark_uptodate(folio);
		folio_mark_dirty(folio);
		folio_unlock(folio);
		folio_put(folio);
	}
	kvfree(copies);
}

/*
 * Sees to it that no folio stands across the border before page first. With
 * cut, what lies behind the border in that folio is about to go and is dropped
 * at once. The inode is locked and its invalidate_lock held for writing:
 * whoever misses a page in between waits there.
 */
int visorfs_split_at(struct inode *inode, pgoff_t first, bool cut)
{
	struct address_space *mapping = inode->i_mapping;
	struct folio *folio = filemap_lock_folio(mapping, first);
	struct page **copies;
	pgoff_t start, keep;
	int ret = 0;

	if (IS_ERR(folio))
		return 0;
	start = folio->index;
	if (start == first)
		goto out;
	keep = cut ? first - start : folio_nr_pages(folio);
	/* Nobody may write to a page after it was copied. */
	unmap_mapping_pages(mapping, start, folio_nr_pages(folio), false);
	copies = copy_pages(inode, folio, keep);
	ret = copies ? visorfs_replace_shared(inode, folio, keep) : -ENOMEM;
	if (ret) {
		if (copies)
			put_copies(copies, keep);
		goto out;
	}
	folio_unlock(folio);
	truncate_inode_pages_range(mapping, folio_pos(folio),
				   folio_pos(folio) + folio_size(folio) - 1);
	folio_put(folio);
	insert_copies(mapping, start, copies, keep);
	return 0;
out:
	folio_unlock(folio);
	folio_put(folio);
	return ret;
}
