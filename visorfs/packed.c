// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of tardisks that stay compressed: their pages are made when they are
 * wanted, and are clean until they are changed, so memory that is short takes
 * them back. How many are kept is bounded as well: in a host that lives in
 * memory they are second copies.
 *
 * A branch keeps a map of the pages that are its own ("cut"); all others can
 * be made again. Own pages are dirty and charged.
 */
#include <linux/mm.h>
#include <linux/migrate.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "internal.h"

#define CACHE_SHARE 8 /* of its content, one part may be cached unpacked */

void visorfs_packed_free(struct visorfs_packed *p)
{
	if (p) {
		kvfree(p->data);
		kvfree(p->ends);
		kfree(p);
	}
}

/* How many pages of the file, from index on, are the tardisk's or are not; up to count. */
static u32 run_length(const struct visorfs_inode *vi, pgoff_t index, u32 count, bool *pristine)
{
	u32 n = 1;

	*pristine = visorfs_is_pristine(vi, index);
	while (n < count && visorfs_is_pristine(vi, index + n) == *pristine)
		n++;
	return n;
}

/*
 * Fills a locked folio that is not up to date. Pages that are not the
 * tardisk's are holes of a branch: its ramdisk is charged for them.
 */
static int fill(struct inode *inode, struct folio *folio)
{
	struct visorfs_inode *vi = VI(inode);
	u32 nr = folio_nr_pages(folio), i = 0, n;
	loff_t end = vi->obj->size;
	s64 holes = 0;
	bool pristine;
	int ret = 0;

	for (i = 0; i < nr && !ret; i += n) {
		void *to = folio_address(folio) + ((size_t)i << PAGE_SHIFT);

		n = run_length(vi, folio->index + i, nr - i, &pristine);
		if (pristine)
			ret = visorfs_inflate(vi->td, vi->obj->page + folio->index + i, n, to);
		else
			memset(to, 0, (size_t)n << PAGE_SHIFT);
		if (!pristine && folio->index + i < DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE))
			holes += n;
	}
	/* What lies behind the end in its frame is padding: checked here, as nobody did before. */
	if (!ret && end < folio_pos(folio) + folio_size(folio) && end > folio_pos(folio))
		folio_zero_segment(folio, end - folio_pos(folio),
				   round_up(end, PAGE_SIZE) - folio_pos(folio));
	if (!ret && holes && vi->rd)
		ret = visorfs_charge_file(vi, holes);
	if (ret)
		return ret;
	if (holes)
		folio_mark_dirty(folio);
	else
		visorfs_cache_added(inode, nr);
	folio_mark_uptodate(folio);
	return 0;
}

static int read_folio(struct file *file, struct folio *folio)
{
	struct address_space *mapping = folio->mapping;
	int ret = fill(mapping->host, folio);

	/* A hole that nobody pays for is none of the branch's pages. */
	if (ret)
		generic_error_remove_folio(mapping, folio);
	folio_unlock(folio);
	return ret;
}

/* Ahead of what is wanted. Holes stay holes: nobody asked for a page there. */
static void readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	struct visorfs_inode *vi = VI(inode);
	struct folio *folio;

	while ((folio = readahead_folio(rac))) {
		bool pristine;
		u32 nr = folio_nr_pages(folio);

		folio_get(folio); /* the cache's reference may go */
		if (run_length(vi, folio->index, nr, &pristine) == nr && pristine)
			fill(inode, folio);
		else
			generic_error_remove_folio(rac->mapping, folio);
		folio_unlock(folio);
		folio_put(folio);
	}
}

/*
 * The page of a file for a change, in a locked folio that is up to date if
 * the page has ever been one: ERR_PTR(-ENOENT) is a hole.
 */
struct folio *visorfs_lock_folio(struct inode *inode, pgoff_t index)
{
	struct address_space *mapping = inode->i_mapping;
	struct visorfs_inode *vi = VI(inode);
	struct folio *folio;
	int ret;

	for (;;) {
		folio = filemap_lock_folio(mapping, index);
		if (!vi->compressed || !visorfs_is_pristine(vi, index))
			return folio;
		if (!IS_ERR(folio)) {
			ret = folio_test_uptodate(folio) ? 0 : fill(inode, folio);
			if (!ret)
				return folio;
			folio_unlock(folio);
			folio_put(folio);
			return ERR_PTR(ret);
		}
		/* Made, and perhaps gone again before it is locked. */
		folio = read_mapping_folio(mapping, index, NULL);
		if (IS_ERR(folio))
			return folio;
		folio_put(folio);
	}
}

/* The page is the branch's from now on. Its folio is locked. -ENOSPC if its ramdisk is full. */
int visorfs_take_page(struct inode *inode, struct folio *folio, pgoff_t index)
{
	struct visorfs_inode *vi = VI(inode);
	int ret;

	if (!visorfs_is_pristine(vi, index))
		return 0;
	ret = visorfs_charge_file(vi, 1);
	if (ret)
		return ret;
	folio_mark_dirty(folio);
	if (test_and_set_bit(index, vi->cut))
		visorfs_uncharge_file(vi, 1);
	return 0;
}

/* These pages are not the tardisk's any more: they are about to be cut off, or to be own. */
void visorfs_cut_range(struct visorfs_inode *vi, pgoff_t first, pgoff_t end)
{
	end = min_t(pgoff_t, end, visorfs_obj_pages(vi->obj));
	for (; first < end; first++)
		set_bit(first, vi->cut);
}

/* Pages in the cache that are the branch's own. */
s64 visorfs_own_pages(struct inode *inode)
{
	struct folio_batch batch;
	pgoff_t index = 0;
	s64 own = 0;
	u32 i, k;

	folio_batch_init(&batch);
	while (filemap_get_folios(inode->i_mapping, &index, ULONG_MAX, &batch)) {
		for (i = 0; i < folio_batch_count(&batch); i++) {
			struct folio *folio = batch.folios[i];

			for (k = 0; k < folio_nr_pages(folio); k++)
				own += !visorfs_is_pristine(VI(inode), folio->index + k);
		}
		folio_batch_release(&batch);
		cond_resched();
	}
	return own;
}

/* Pages below the end that the tardisk would have to give. */
s64 visorfs_pristine_pages(const struct inode *inode)
{
	const struct visorfs_inode *vi = VI(inode);
	u32 pages = min_t(u64, DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE),
			  visorfs_obj_pages(vi->obj));

	if (vi->own)
		return 0;
	return pages - (vi->cut ? bitmap_weight(vi->cut, pages) : 0);
}

/*
 * Before the tardisk of a branch goes and it stays: all of its pages are made
 * and stay, paid for. -ENOSPC if its ramdisk is full.
 */
int visorfs_unpack_branch(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	pgoff_t end = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE), index;
	s64 pages = visorfs_pristine_pages(inode);

	if (visorfs_charge(vi->rd, pages))
		return -ENOSPC;
	vi->paid = pages;
	vi->stays = true;
	for (index = 0; index < end; index++) {
		struct folio *folio;

		if (!visorfs_is_pristine(vi, index))
			continue;
		folio = visorfs_lock_folio(inode, index);
		if (folio == ERR_PTR(-ENOENT))
			continue; /* cut off meanwhile */
		if (IS_ERR(folio))
			return PTR_ERR(folio);
		folio_mark_dirty(folio);
		folio_unlock(folio);
		folio_put(folio);
		cond_resched();
	}
	return 0;
}

/* The tardisk stays after all: what can be made again need not stay. */
void visorfs_repack_branch(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	struct folio_batch batch;
	pgoff_t index = 0;
	u32 i;

	folio_batch_init(&batch);
	while (filemap_get_folios(inode->i_mapping, &index, ULONG_MAX, &batch)) {
		for (i = 0; i < folio_batch_count(&batch); i++) {
			struct folio *folio = batch.folios[i];
			u32 nr = folio_nr_pages(folio);
			bool pristine;

			folio_lock(folio);
			if (run_length(vi, folio->index, nr, &pristine) == nr && pristine)
				folio_clear_dirty(folio);
			folio_unlock(folio);
		}
		folio_batch_release(&batch);
		cond_resched();
	}
}

/* Pages that a tardisk allows to be cached. */
u64 visorfs_cache_share(const struct visorfs_tardisk *td)
{
	return max_t(u64, td->pages / CACHE_SHARE, td->compressed->frame >> PAGE_SHIFT);
}

const struct address_space_operations visorfs_packed_aops = {
	.read_folio = read_folio,
	.readahead = readahead,
	.write_begin = visorfs_write_begin,
	.write_end = visorfs_write_end,
	.dirty_folio = noop_dirty_folio,
	.migrate_folio = migrate_folio,
	.direct_IO = noop_direct_IO,
};
