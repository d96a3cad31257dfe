// SPDX-License-Identifier: GPL-2.0-only
/*
 * Branches: how a tardisk's file changes.
 *
 * The file keeps its inode, pages and mappings, so whoever has it open sees
 * the change. Only the pristine version moves: before a page changes, a copy
 * goes to the tardisk's slot of that page and the ramdisk is charged one
 * page. A page that is cut off goes to its slot as it is, at no cost.
 *
 * For every page below the end of the tardisk's version: the slot is empty
 * as long as the page in the cache is the pristine one ("shared"). All other
 * pages in the cache are the ramdisk's, so that always
 *
 *	charged == nrpages - shared
 *
 * once the operation at hand is over.
 */
#include <linux/slab.h>

#include "internal.h"
#include "trace.h"

/* The ramdisk that pays for a file, or will when it changes; the caller holds sw. */
struct visorfs_ramdisk *visorfs_home(struct inode *inode)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);
	struct visorfs_entry *name;

	if (vi->rd)
		return vi->rd;
	name = visorfs_name_of(sbi, vi);
	return (name ? name->dir : sbi->root)->rd;
}

/*
 * Makes the inode the ramdisk's, in whose directory it is, before its first
 * change. -ETXTBSY if it is code that has to stay as it is (exec.c).
 */
int visorfs_branch(struct inode *inode, struct dentry *dentry)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);
	struct visorfs_ramdisk *rd;
	unsigned long *cut = NULL;
	int ret;

	if (READ_ONCE(vi->rd))
		return 0;
	if (vi->compressed) {
		cut = kvcalloc(BITS_TO_LONGS(visorfs_obj_pages(vi->obj)), sizeof(*cut),
			       VISORFS_USER);
		if (!cut)
			return -ENOMEM;
	}
	down_read(&sbi->sw);
	rd = visorfs_home(inode);
	ret = visorfs_charge_inodes(rd, 1);
	if (!ret) {
		spin_lock(&vi->lock);
		if (!vi->rd && visorfs_exec_in_use(vi))
			ret = -ETXTBSY;
		if (ret || vi->rd) {
			visorfs_uncharge_inodes(rd, 1);
		} else {
			swap(vi->cut, cut);
			visorfs_open_bill(vi, rd);
			atomic_inc(&vi->td->branches);
			trace_visorfs_branch(inode);
		}
		spin_unlock(&vi->lock);
		if (!ret)
			visorfs_pin(inode);
	}
	up_read(&sbi->sw);
	kvfree(cut);
	if (ret == -ENOSPC)
		visorfs_say_full(rd, dentry, true);
	return ret;
}

static u32 *slot_of(const struct visorfs_inode *vi, pgoff_t index)
{
	if (!vi->obj || vi->own || vi->compressed || index >= visorfs_obj_pages(vi->obj))
		return NULL;
	return &vi->td->slots[vi->obj->page + index];
}

/* Whether a page is the tardisk's own, unchanged. */
bool visorfs_is_pristine(const struct visorfs_inode *vi, pgoff_t index)
{
	u32 *slot = slot_of(vi, index);

	if (vi->compressed)
		return !vi->own && index < visorfs_obj_pages(vi->obj) &&
		       !(vi->cut && test_bit(index, vi->cut));
	return slot && !READ_ONCE(*slot);
}

/* Fills an empty slot; false if the file has become independent meanwhile. */
static bool fill_slot(struct visorfs_inode *vi, u32 *slot, u32 value)
{
	bool ok;

	spin_lock(&vi->lock);
	ok = !vi->own && !*slot;
	if (ok) {
		*slot = value;
		vi->shared--;
	}
	spin_unlock(&vi->lock);
	return ok;
}

static struct page *copy_of(struct folio *folio, pgoff_t index)
{
	struct page *copy = alloc_page(VISORFS_USER);

	if (copy)
		copy_highpage(copy, folio_file_page(folio, index));
	return copy;
}

/*
 * Puts the pristine version of a page aside before it changes. The folio is
 * locked. -ENOSPC if the ramdisk is full.
 */
int visorfs_save_page(struct inode *inode, struct folio *folio, pgoff_t index)
{
	struct visorfs_inode *vi = VI(inode);
	u32 *slot = slot_of(vi, index);
	struct page *copy;
	int ret;

	if (vi->compressed)
		return visorfs_take_page(inode, folio, index);
	if (!slot || READ_ONCE(*slot))
		return 0;
	ret = visorfs_charge_file(vi, 1);
	if (ret)
		return ret;
	copy = copy_of(folio, index);
	if (!copy || !fill_slot(vi, slot, visorfs_slot(copy))) {
		visorfs_uncharge_file(vi, 1);
		if (!copy)
			return -ENOMEM;
		__free_page(copy);
	}
	return 0;
}

/* The slot takes the page itself over, of a folio that is about to leave the cache. */
static bool move_aside(struct visorfs_inode *vi, u32 *slot, struct folio *folio,
		       pgoff_t index)
{
	struct page *page = folio_file_page(folio, index);

	get_page(page);
	if (fill_slot(vi, slot, visorfs_slot(page) | VISORFS_SLOT_USED))
		return true;
	put_page(page);
	return false;
}

/*
 * Whole pages are about to leave the cache, [first, end): the pristine ones
 * go to their slots. Holds the inode and its invalidate_lock; no folio stands
 * across an end of the range (visorfs_split_at()).
 */
void visorfs_save_range(struct inode *inode, pgoff_t first, pgoff_t end)
{
	struct visorfs_inode *vi = VI(inode);
	u32 *slot;
	pgoff_t index;

	if (vi->compressed) {
		visorfs_cut_range(vi, first, end);
		return;
	}
	for (index = first; index < end && (slot = slot_of(vi, index)); index++) {
		struct folio *folio;

		if (READ_ONCE(*slot))
			continue;
		folio = filemap_lock_folio(inode->i_mapping, index);
		if (IS_ERR(folio))
			continue;
		move_aside(vi, slot, folio, index);
		folio_unlock(folio);
		folio_put(folio);
		cond_resched();
	}
}

/*
 * Before the file is cut at size: puts aside what will be lost. Only the page
 * that stays in part costs a page. Holds the inode and its invalidate_lock;
 * no folio stands across the cut (visorfs_split_at()).
 */
int visorfs_save_tail(struct inode *inode, loff_t size)
{
	pgoff_t index = size >> PAGE_SHIFT;
	struct folio *folio;
	int ret = 0;

	if (offset_in_page(size)) {
		folio = visorfs_lock_folio(inode, index);
		if (!IS_ERR(folio)) {
			ret = visorfs_save_page(inode, folio, index);
			folio_unlock(folio);
			folio_put(folio);
		} else if (folio != ERR_PTR(-ENOENT)) {
			ret = PTR_ERR(folio);
		}
		index++;
	}
	if (!ret)
		visorfs_save_range(inode, index, ULONG_MAX);
	return ret;
}

/*
 * A large folio is about to leave the cache, and copies of its first keep
 * pages take its place: its pristine pages go to their slots. The ramdisk is
 * charged for the copies of those; -ENOSPC if it has no room.
 */
int visorfs_replace_shared(struct inode *inode, struct folio *folio, pgoff_t keep)
{
	struct visorfs_inode *vi = VI(inode);
	long nr = folio_nr_pages(folio), i;
	s64 copies = 0, moved = 0;

	if (vi->compressed)
		return 0; /* they can be made again */

	for (i = 0; i < keep; i++) {
		u32 *slot = slot_of(vi, folio->index + i);

		copies += slot && !READ_ONCE(*slot);
	}
	if (copies && visorfs_charge_file(vi, copies))
		return -ENOSPC;
	for (i = 0; i < nr; i++) {
		u32 *slot = slot_of(vi, folio->index + i);

		if (slot && !READ_ONCE(*slot))
			moved += move_aside(vi, slot, folio, folio->index + i) && i < keep;
	}
	if (moved < copies)
		visorfs_uncharge_file(vi, copies - moved);
	return 0;
}

/* The inode goes for good, its tardisk stays: the shared pages return to their slots. */
void visorfs_give_back(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	u32 *slot;
	pgoff_t index;

	for (index = 0; (slot = slot_of(vi, index)); index++) {
		struct folio *folio;

		if (*slot)
			continue;
		folio = filemap_get_folio(inode->i_mapping, index);
		if (IS_ERR(folio))
			continue;
		move_aside(vi, slot, folio, index);
		folio_put(folio);
	}
}

/*
 * Cuts the tie to the tardisk. What was paid for is the ramdisk's from now on.
 * A compressed file that does not stay needs the tardisk to its last close.
 */
void visorfs_become_own(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	s64 unused = 0;

	if (vi->compressed && !vi->stays)
		return;
	spin_lock(&vi->lock);
	vi->own = true;
	if (vi->compressed) {
		s64 pages = inode->i_mapping->nrpages;

		unused = max(vi->charged + vi->paid - pages, 0LL);
		vi->charged += vi->paid - unused;
		visorfs_owner_add(vi->owner, (vi->paid - unused) << PAGE_SHIFT, 0);
		vi->paid = 0;
		vi->stays = false;
	} else if (vi->paid) {
		unused = vi->paid - vi->shared;
		vi->charged += vi->shared;
		visorfs_owner_add(vi->owner, vi->shared << PAGE_SHIFT, 0);
		vi->shared = 0;
		vi->paid = 0;
	}
	spin_unlock(&vi->lock);
	if (unused)
		visorfs_uncharge(vi->rd, unused);
}
