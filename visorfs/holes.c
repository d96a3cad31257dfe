// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holes: allocating pages ahead, giving pages back from the middle of a file,
 * and finding where data is. Pages that were never written do not exist, so
 * a hole is what the page cache has not.
 */
#include <linux/fs.h>
#include <linux/falloc.h>
#include <linux/pagevec.h>
#include <linux/sched/signal.h>

#include "internal.h"

/* Whether a page can be made from a compressed tardisk, without being there. */
bool visorfs_can_be_made(struct inode *inode, pgoff_t index)
{
	return VI(inode)->compressed && visorfs_is_pristine(VI(inode), index);
}

static bool is_cached(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(mapping, index);

	if (IS_ERR(folio))
		return false;
	folio_put(folio);
	return true;
}

/* Pages of a range that do not exist. */
static s64 missing_pages(struct inode *inode, pgoff_t first, pgoff_t end)
{
	struct address_space *mapping = inode->i_mapping;
	s64 missing = end - first;
	struct folio_batch batch;
	pgoff_t index = first;
	unsigned int i;

	folio_batch_init(&batch);
	while (index < end && filemap_get_folios(mapping, &index, end - 1, &batch)) {
		for (i = 0; i < folio_batch_count(&batch); i++) {
			struct folio *folio = batch.folios[i];

			missing -= min(folio_next_index(folio), end) - max(folio->index, first);
		}
		folio_batch_release(&batch);
		cond_resched();
	}
	for (index = first; VI(inode)->compressed && index < end; index++)
		missing -= visorfs_can_be_made(inode, index) && !is_cached(mapping, index);
	return max(missing, 0LL);
}

/*
 * How much may be made at once. Beyond the end of the file single pages: when
 * the kernel splits a large folio, to move it or because memory is scattered,
 * it throws the pages beyond the end away, and nobody is told.
 */
static size_t room_for_folio(struct inode *inode, pgoff_t index, pgoff_t end)
{
	end = min_t(pgoff_t, end, DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE));
	if (VI(inode)->compressed || index >= end)
		return PAGE_SIZE;
	return (end - index) << PAGE_SHIFT;
}

/* Makes the missing pages, not up to date: they are not seen before all of them are there. */
static int make_pages(struct inode *inode, pgoff_t index, pgoff_t end)
{
	while (index < end) {
		struct folio *folio;

		if (visorfs_can_be_made(inode, index)) {
			index++;
			continue;
		}
		folio = filemap_lock_folio(inode->i_mapping, index);
		if (IS_ERR(folio)) {
			folio = visorfs_new_folio(inode, index, room_for_folio(inode, index, end),
						  true);
			if (IS_ERR(folio))
				return PTR_ERR(folio);
			folio_mark_dirty(folio); /* or drop_caches would take it away */
		}
		index = folio_next_index(folio);
		folio_unlock(folio);
		folio_put(folio);
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	return 0;
}

/* The new ones of the range become pages of zeroes, or go again. */
static void finish_pages(struct inode *inode, pgoff_t index, pgoff_t end, bool keep)
{
	struct address_space *mapping = inode->i_mapping;

	while (index < end) {
		struct folio *folio;

		folio = visorfs_can_be_made(inode, index) ? NULL :
							     filemap_lock_folio(mapping, index);
		if (IS_ERR_OR_NULL(folio)) {
			index++;
			continue;
		}
		index = folio_next_index(folio);
		if (!folio_test_uptodate(folio) && keep) {
			folio_zero_range(folio, 0, folio_size(folio));
			folio_mark_uptodate(folio);
		} else if (!folio_test_uptodate(folio)) {
			generic_error_remove_folio(mapping, folio);
		}
		folio_unlock(folio);
		folio_put(folio);
		cond_resched();
	}
}

/* Takes back that the file was made longer; its new pages are gone again. */
static void restore_size(struct inode *inode, loff_t size)
{
	i_size_write(inode, size);
	unmap_mapping_range(inode->i_mapping, round_up(size, PAGE_SIZE), 0, 1);
}

/*
 * Makes every page of a range exist, or none: all are paid for before the
 * first is made. Faults of missing pages, and of those that are not up to
 * date, wait for the invalidate_lock. The file gets its new size (of at least
 * size bytes) before its pages, so that they can be large.
 */
static int allocate(struct file *file, loff_t offset, loff_t len, loff_t size)
{
	struct inode *inode = file_inode(file);
	struct visorfs_inode *vi = VI(inode);
	pgoff_t index = offset >> PAGE_SHIFT;
	pgoff_t end = DIV_ROUND_UP(offset + len, PAGE_SIZE);
	loff_t old_size = i_size_read(inode);
	s64 missing;
	int ret;

	filemap_invalidate_lock(inode->i_mapping);
	missing = missing_pages(inode, index, end);
	ret = missing ? visorfs_charge_file(vi, missing) : 0;
	if (!ret && size > old_size) {
		visorfs_zero_tail(inode);
		i_size_write(inode, size);
	}
	if (!ret && missing) {
		if (offset + len > i_size_read(inode))
			vi->ahead = true;
		ret = make_pages(inode, index, end);
		finish_pages(inode, index, end, !ret);
		if (ret)
			visorfs_uncharge_file(vi, missing);
		if (ret && size > old_size)
			restore_size(inode, old_size);
	}
	filemap_invalidate_unlock(inode->i_mapping);
	if (ret == -ENOSPC)
		visorfs_say_full(vi->rd, file_dentry(file), false);
	return ret;
}

/* Zeroes a part of one page, if the page exists. */
static int zero_part(struct inode *inode, loff_t from, loff_t to)
{
	struct folio *folio;
	int ret;

	if (from >= to)
		return 0;
	folio = visorfs_lock_folio(inode, from >> PAGE_SHIFT);
	if (IS_ERR(folio))
		return folio == ERR_PTR(-ENOENT) ? 0 : PTR_ERR(folio);
	ret = visorfs_save_page(inode, folio, from >> PAGE_SHIFT);
	if (!ret)
		folio_zero_range(folio, offset_in_folio(folio, from), to - from);
	folio_unlock(folio);
	folio_put(folio);
	return ret;
}

/*
 * Before the file becomes longer: a mapping may have written behind its end,
 * in its last page, and that must not become part of it. In a tardisk's own
 * page there are zeroes.
 */
void visorfs_zero_tail(struct inode *inode)
{
	loff_t size = i_size_read(inode);
	struct folio *folio;

	if (!offset_in_page(size) || visorfs_is_pristine(VI(inode), size >> PAGE_SHIFT))
		return;
	folio = filemap_lock_folio(inode->i_mapping, size >> PAGE_SHIFT);
	if (IS_ERR(folio))
		return;
	folio_zero_range(folio, offset_in_folio(folio, size), PAGE_SIZE - offset_in_page(size));
	folio_unlock(folio);
	folio_put(folio);
}

/* Takes whole pages out of the file; no folio may stand across either end. */
static int remove_pages(struct inode *inode, pgoff_t first, pgoff_t end)
{
	int ret = visorfs_split_at(inode, first, false) ?:
		  visorfs_split_at(inode, end, false);

	if (ret)
		return ret;
	visorfs_save_range(inode, first, end);
	truncate_pagecache_range(inode, (loff_t)first << PAGE_SHIFT,
				 ((loff_t)end << PAGE_SHIFT) - 1);
	visorfs_recharge(inode);
	return 0;
}

static int punch(struct file *file, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	loff_t last = offset + len;
	loff_t first_page = round_up(offset, PAGE_SIZE), last_page = round_down(last, PAGE_SIZE);
	int ret;

	filemap_invalidate_lock(inode->i_mapping);
	if (first_page > last_page) {
		/* Inside one page. */
		ret = zero_part(inode, offset, last);
	} else {
		ret = zero_part(inode, offset, first_page) ?: zero_part(inode, last_page, last);
		if (!ret && first_page < last_page)
			ret = remove_pages(inode, first_page >> PAGE_SHIFT,
					   last_page >> PAGE_SHIFT);
	}
	filemap_invalidate_unlock(inode->i_mapping);
	if (ret == -ENOSPC)
		visorfs_say_full(VI(inode)->rd, file_dentry(file), false);
	return ret;
}

long visorfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	int ret;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	inode_lock(inode);
	ret = visorfs_prepare_write(file);
	if (!ret && mode & FALLOC_FL_PUNCH_HOLE) {
		ret = punch(file, offset, len);
	} else if (!ret) {
		ret = inode_newsize_ok(inode, offset + len);
		if (!ret)
			ret = allocate(file, offset, len,
				       mode & FALLOC_FL_KEEP_SIZE ? 0 : offset + len);
	}
	if (!ret)
		ret = file_modified(file);
	inode_unlock(inode);
	if (!ret)
		visorfs_state_changed(inode);
	return ret;
}

/* The first page from index on that exists, or end. */
static pgoff_t next_data(struct inode *inode, pgoff_t index, pgoff_t end)
{
	struct address_space *mapping = inode->i_mapping;
	struct folio_batch batch;
	pgoff_t at = index, made = index;

	while (VI(inode)->compressed && made < end && !visorfs_can_be_made(inode, made))
		made++;
	if (VI(inode)->compressed)
		end = made;
	folio_batch_init(&batch);
	if (index < end && filemap_get_folios(mapping, &at, end - 1, &batch)) {
		end = min(end, max(batch.folios[0]->index, index));
		folio_batch_release(&batch);
	}
	return end;
}

/* The first page from index on that does not exist, or end. */
static pgoff_t next_hole(struct inode *inode, pgoff_t index, pgoff_t end)
{
	while (index < end) {
		struct folio *folio;

		if (visorfs_can_be_made(inode, index)) {
			index++;
			continue;
		}
		folio = filemap_get_folio(inode->i_mapping, index);
		if (IS_ERR(folio))
			return index;
		index = folio_next_index(folio);
		folio_put(folio);
		cond_resched();
	}
	return end;
}

loff_t visorfs_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file_inode(file);
	pgoff_t index = offset >> PAGE_SHIFT, end, found;
	loff_t size;

	/* A tardisk's file has no holes. */
	if ((whence != SEEK_DATA && whence != SEEK_HOLE) || !READ_ONCE(VI(inode)->populated) ||
	    (VI(inode)->compressed && !READ_ONCE(VI(inode)->rd)))
		return generic_file_llseek(file, offset, whence);
	inode_lock_shared(inode);
	size = i_size_read(inode);
	end = DIV_ROUND_UP(size, PAGE_SIZE);
	if (offset < 0 || offset >= size) {
		offset = -ENXIO;
	} else {
		found = whence == SEEK_DATA ? next_data(inode, index, end) :
					      next_hole(inode, index, end);
		if (whence == SEEK_DATA && found == end)
			offset = -ENXIO;
		else
			offset = min(max(offset, (loff_t)found << PAGE_SHIFT), size);
	}
	if (offset >= 0)
		offset = vfs_setpos(file, offset, inode->i_sb->s_maxbytes);
	inode_unlock_shared(inode);
	return offset;
}
