// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pages of regular files: how a tardisk's come into the page cache, how
 * new ones are made and charged, and what happens before one changes.
 */
#include <linux/memcontrol.h>
#include <linux/migrate.h>
#include <linux/sched/mm.h>

#include "internal.h"
#include "trace.h"

/* A page that was in a cache before may still be on the LRU: its successor is a copy. */
static struct folio *take_slot(u32 *slot)
{
	struct page *page = visorfs_slot_page(*slot);
	struct folio *folio;

	if (!(*slot & VISORFS_SLOT_USED))
		return page_folio(page);
	folio = folio_alloc(GFP_KERNEL, 0);
	if (!folio)
		return NULL;
	copy_highpage(folio_page(folio, 0), page);
	put_page(page);
	*slot = visorfs_slot(folio_page(folio, 0));
	return folio;
}

static int insert_pages(struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;
	struct visorfs_inode *vi = VI(inode);
	u32 pages = visorfs_obj_pages(vi->obj);
	u32 i = 0;

	while (i < pages) {
		u32 *slot = &vi->td->slots[vi->obj->page + i];
		struct folio *folio;
		long nr;
		int ret;

		if (!*slot) { /* an attempt before this one came so far */
			i++;
			continue;
		}
		folio = take_slot(slot);
		if (!folio)
			return -ENOMEM;
		nr = folio_nr_pages(folio);
		ret = filemap_add_folio(mapping, folio, i, GFP_KERNEL);
		if (ret)
			return ret;
		spin_lock(&vi->lock);
		memset(slot, 0, nr * sizeof(*slot));
		vi->shared += nr;
		spin_unlock(&vi->lock);
		folio_mark_uptodate(folio);
		folio_mark_dirty(folio);
		folio_unlock(folio);
		folio_put(folio); /* the cache's references suffice */
		i += nr;
	}
	return 0;
}

/*
 * Moves a tardisk file's pages into its page cache, before the first mapping
 * or change. They are the host's, not of the control group that happens to
 * come first. What the cache has until then are copies.
 */
int visorfs_populate(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	struct mem_cgroup *root, *old;
	int ret = 0;

	/* Pairs with the release below: the pages are there. */
	if (smp_load_acquire(&vi->populated))
		return 0;
	rcu_read_lock();
	root = mem_cgroup_from_task(&init_task); /* never freed */
	rcu_read_unlock();
	filemap_invalidate_lock(inode->i_mapping);
	if (!vi->populated) {
		invalidate_inode_pages2(inode->i_mapping); /* leaves what is dirty */
		old = set_active_memcg(root);
		ret = insert_pages(inode);
		set_active_memcg(old);
		visorfs_pin(inode);
	}
	if (!ret) /* pairs with the acquire above */
		smp_store_release(&vi->populated, true);
	filemap_invalidate_unlock(inode->i_mapping);
	return ret;
}

/*
 * New, locked folio at index, charged unless paid for already; as large as len
 * allows and the ramdisk has room for.
 */
struct folio *visorfs_new_folio(struct inode *inode, pgoff_t index, size_t len, bool paid)
{
	struct address_space *mapping = inode->i_mapping;
	struct visorfs_inode *vi = VI(inode);
	unsigned int order = ilog2(max_t(size_t, len >> PAGE_SHIFT, 1));
	gfp_t gfp = mapping_gfp_mask(mapping);
	struct folio *folio;
	int ret;

	order = min_t(unsigned int, order, HPAGE_PMD_ORDER);
	if (index)
		order = min_t(unsigned int, order, __ffs(index));
	for (;; order--) {
		if (order == 1)
			order = 0;
		ret = paid ? 0 : visorfs_charge_file(vi, 1L << order);
		if (!ret) {
			folio = filemap_alloc_folio(order ? gfp | __GFP_NORETRY | __GFP_NOWARN :
							    gfp, order);
			ret = folio ? filemap_add_folio(mapping, folio, index, gfp) : -ENOMEM;
			if (!ret)
				break;
			if (folio)
				folio_put(folio);
			if (!paid)
				visorfs_uncharge_file(vi, 1L << order);
		}
		if (!order)
			return ERR_PTR(ret);
	}
	visorfs_hole_filled(inode, index, 1L << order);
	return folio;
}

/*
 * A page that somebody wants without having mapped or changed the file: a
 * copy, to be thrown away at will.
 */
static int read_copy(struct inode *inode, struct folio *folio)
{
	struct visorfs_inode *vi = VI(inode);
	long nr = folio_nr_pages(folio), i;

	for (i = 0; i < nr && folio->index + i < visorfs_obj_pages(vi->obj); i++) {
		u32 slot = READ_ONCE(vi->td->slots[vi->obj->page + folio->index + i]);

		if (!slot)
			return -EIO;
		copy_highpage(folio_page(folio, i), visorfs_slot_page(slot));
	}
	for (; i < nr; i++)
		clear_highpage(folio_page(folio, i));
	return 0;
}

/*
 * Somebody in the kernel wants a page where a hole is, and has put one into the
 * cache already: it is charged like any other, or goes again.
 */
static int fill_hole(struct inode *inode, struct folio *folio, struct file *file)
{
	struct visorfs_inode *vi = VI(inode);
	int ret = vi->rd ? visorfs_charge_file(vi, folio_nr_pages(folio)) : -EIO;

	if (!ret) {
		visorfs_hole_filled(inode, folio->index, folio_nr_pages(folio));
		folio_zero_range(folio, 0, folio_size(folio));
		folio_mark_dirty(folio);
		return 0;
	}
	if (file && vi->rd)
		visorfs_say_full(vi->rd, file_dentry(file), false);
	generic_error_remove_folio(inode->i_mapping, folio);
	return ret;
}

static int read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int ret;

	if (READ_ONCE(VI(inode)->populated))
		ret = fill_hole(inode, folio, file);
	else
		ret = read_copy(inode, folio);
	if (!ret)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return ret;
}

static int save_range(struct inode *inode, struct folio *folio, loff_t pos, size_t len)
{
	pgoff_t index = pos >> PAGE_SHIFT;
	pgoff_t last = min_t(pgoff_t, (pos + len - 1) >> PAGE_SHIFT, folio_next_index(folio) - 1);
	int ret = 0;

	for (; index <= last && !ret; index++)
		ret = visorfs_save_page(inode, folio, index);
	return ret;
}

/* How much of a write a new folio may hold: not pages that a compressed tardisk has. */
static size_t new_len(const struct visorfs_inode *vi, loff_t pos, size_t len)
{
	pgoff_t index = pos >> PAGE_SHIFT, i;

	len += offset_in_page(pos);
	for (i = 1; vi->compressed && i < len >> PAGE_SHIFT; i++)
		if (visorfs_is_pristine(vi, index + i))
			return i << PAGE_SHIFT;
	return len;
}

int visorfs_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			unsigned int len, struct folio **foliop, void **fsdata)
{
	struct inode *inode = mapping->host;
	struct folio *folio;
	int ret = 0;

	do {
		folio = visorfs_lock_folio(inode, pos >> PAGE_SHIFT);
		if (folio == ERR_PTR(-ENOENT))
			folio = visorfs_new_folio(inode, pos >> PAGE_SHIFT,
						  new_len(VI(inode), pos, len), false);
		else if (!IS_ERR(folio))
			ret = save_range(inode, folio, pos, len);
		if (IS_ERR(folio))
			ret = PTR_ERR(folio);
	} while (ret == -EEXIST);
	if (ret) {
		if (ret == -ENOSPC)
			visorfs_say_full(VI(inode)->rd, file_dentry(file), false);
		if (!IS_ERR(folio)) {
			folio_unlock(folio);
			folio_put(folio);
		}
		return ret;
	}
	if (!folio_test_uptodate(folio)) {
		size_t from = offset_in_folio(folio, pos);
		size_t to = min_t(size_t, from + len, folio_size(folio));

		folio_zero_segments(folio, 0, from, to, folio_size(folio));
	}
	*foliop = folio;
	return 0;
}

int visorfs_write_end(struct file *file, struct address_space *mapping, loff_t pos,
		      unsigned int len, unsigned int copied, struct folio *folio, void *fsdata)
{
	struct inode *inode = mapping->host;

	if (!folio_test_uptodate(folio)) {
		size_t from = offset_in_folio(folio, pos) + copied;

		if (copied < len)
			folio_zero_range(folio, from, len - copied);
		folio_mark_uptodate(folio);
	}
	folio_mark_dirty(folio);
	if (pos + copied > i_size_read(inode))
		i_size_write(inode, pos + copied);
	folio_unlock(folio);
	folio_put(folio);
	return copied;
}

/*
 * A shared mapping is about to write to a page. If madvise() has allowed huge
 * mappings again, a folio of 2 MiB becomes writable as a whole, without
 * another call: then all of it is put aside.
 */
vm_fault_t visorfs_page_mkwrite(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct inode *inode = file_inode(file);
	struct folio *folio = page_folio(vmf->page);
	vm_fault_t result = VM_FAULT_LOCKED;
	int ret = visorfs_branch(inode, file_dentry(file));

	if (ret)
		return ret == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	sb_start_pagefault(inode->i_sb);
	file_update_time(file);
	filemap_invalidate_lock_shared(inode->i_mapping);
	folio_lock(folio);
	if (folio->mapping != inode->i_mapping ||
	    folio_pos(folio) >= i_size_read(inode)) {
		folio_unlock(folio);
		result = VM_FAULT_NOPAGE;
		goto out;
	}
	if (folio_test_pmd_mappable(folio) && !(vmf->vma->vm_flags & VM_NOHUGEPAGE))
		ret = save_range(inode, folio, folio_pos(folio), folio_size(folio));
	else
		ret = visorfs_save_page(inode, folio, vmf->pgoff);
	if (ret) {
		if (ret == -ENOSPC)
			visorfs_say_full(VI(inode)->rd, file_dentry(file), false);
		folio_unlock(folio);
		result = VM_FAULT_SIGBUS;
		goto out;
	}
	folio_mark_dirty(folio);
	trace_visorfs_fault(inode, vmf->pgoff, "write");
out:
	filemap_invalidate_unlock_shared(inode->i_mapping);
	sb_end_pagefault(inode->i_sb);
	if (result == VM_FAULT_LOCKED)
		visorfs_state_changed(inode);
	return result;
}

/*
 * What a huge mapping leaves over, at the ends of a large file, is mapped at
 * one go as well: it is all there, and the page table is there. Smaller files
 * keep to what the kernel maps around a fault, so that the resident size of a
 * process still tells what it uses.
 */
static bool maps_huge(const struct vm_area_struct *vma)
{
	return vma->vm_end - vma->vm_start >= HPAGE_PMD_SIZE && !(vma->vm_flags & VM_NOHUGEPAGE) &&
	       IS_ALIGNED((vma->vm_start >> PAGE_SHIFT) - vma->vm_pgoff, HPAGE_PMD_NR);
}

vm_fault_t visorfs_map_pages(struct vm_fault *vmf, pgoff_t start, pgoff_t end)
{
	struct vm_area_struct *vma = vmf->vma;
	pgoff_t in_table = pte_index(vmf->address), in_vma = vmf->pgoff - vma->vm_pgoff;

	if (maps_huge(vma) && !VI(file_inode(vma->vm_file))->compressed) {
		start = vmf->pgoff - min_t(pgoff_t, in_table, in_vma);
		end = vmf->pgoff - 1 +
		      min_t(pgoff_t, PTRS_PER_PTE - in_table, vma_pages(vma) - in_vma);
	}
	return filemap_map_pages(vmf, start, end);
}

const struct address_space_operations visorfs_aops = {
	.read_folio = read_folio,
	.write_begin = visorfs_write_begin,
	.write_end = visorfs_write_end,
	.dirty_folio = noop_dirty_folio,
	.migrate_folio = migrate_folio,
	/* O_DIRECT is accepted; there is nothing but memory to be direct with. */
	.direct_IO = noop_direct_IO,
};

