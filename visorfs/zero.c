// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holes in mappings. Reading one costs nothing: all holes of all files show
 * the same page of zeroes, which is in no file's page cache. Writing to one
 * makes a page, and takes the zeroes out of all mappings.
 *
 * That no zeroes stay mapped over a page that exists is kept by the lock of
 * the page of zeroes: a fault holds it from its look into the cache until the
 * page is mapped, and who has put a new page into the cache takes it before
 * unmapping.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>

#include "internal.h"
#include "trace.h"

static struct page *zeroes;

int visorfs_zero_init(void)
{
	zeroes = alloc_page(GFP_KERNEL | __GFP_ZERO);
	return zeroes ? 0 : -ENOMEM;
}

void visorfs_zero_exit(void)
{
	put_page(zeroes);
}

/*
 * Pages have come into the cache, or the file ends before them: no zeroes are
 * mapped there from here on. With count 0 to the end of all mappings.
 */
void visorfs_hole_filled(struct inode *inode, pgoff_t index, pgoff_t count)
{
	smp_mb(); /* the pages are there; pairs with map_zeroes() */
	if (likely(!READ_ONCE(VI(inode)->zeroed)) || !mapping_mapped(inode->i_mapping))
		return;
	lock_page(zeroes);
	unmap_mapping_pages(inode->i_mapping, index, count, false);
	unlock_page(zeroes);
}

/* A page of the file that does not exist; its invalidate_lock is held. */
static bool is_hole(struct inode *inode, pgoff_t index)
{
	struct folio *folio;

	if (index >= DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE) ||
	    visorfs_can_be_made(inode, index))
		return false;
	folio = filemap_get_folio(inode->i_mapping, index);
	if (IS_ERR(folio))
		return true;
	folio_put(folio);
	return false;
}

/* The page of zeroes, locked, unless a page has come meanwhile: then 0. */
static vm_fault_t map_zeroes(struct vm_fault *vmf, struct inode *inode)
{
	WRITE_ONCE(VI(inode)->zeroed, true);
	smp_mb(); /* pairs with visorfs_hole_filled() */
	lock_page(zeroes);
	if (!is_hole(inode, vmf->pgoff)) {
		unlock_page(zeroes);
		return 0;
	}
	get_page(zeroes);
	vmf->page = zeroes;
	trace_visorfs_fault(inode, vmf->pgoff, "hole");
	return VM_FAULT_LOCKED;
}

/* A page where a hole was; 0 if there is one now. */
static vm_fault_t fill_hole(struct vm_fault *vmf, struct inode *inode)
{
	struct folio *folio;

	folio = visorfs_new_folio(inode, vmf->pgoff, PAGE_SIZE, false);
	if (IS_ERR(folio)) {
		if (folio == ERR_PTR(-EEXIST))
			return 0;
		if (folio == ERR_PTR(-ENOSPC))
			visorfs_say_full(VI(inode)->rd, file_dentry(vmf->vma->vm_file), false);
		return VM_FAULT_SIGBUS;
	}
	folio_zero_range(folio, 0, folio_size(folio));
	folio_mark_uptodate(folio);
	folio_mark_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
	trace_visorfs_fault(inode, vmf->pgoff, "filled");
	return 0;
}

static vm_fault_t fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	bool writes = vmf->flags & FAULT_FLAG_WRITE && vmf->vma->vm_flags & VM_SHARED;
	vm_fault_t result = 0;

	if (likely(!visorfs_has_holes(inode)) || visorfs_can_be_made(inode, vmf->pgoff))
		return filemap_fault(vmf);
	/* A page that is missing may be on its way from one folio to another. */
	filemap_invalidate_lock_shared(inode->i_mapping);
	if (is_hole(inode, vmf->pgoff))
		result = writes ? fill_hole(vmf, inode) : map_zeroes(vmf, inode);
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return result ?: filemap_fault(vmf);
}

/* The first store to a page that is mapped for reading. */
static vm_fault_t page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	vm_fault_t result = 0;

	if (likely(vmf->page != zeroes))
		return visorfs_page_mkwrite(vmf);
	sb_start_pagefault(inode->i_sb);
	filemap_invalidate_lock_shared(inode->i_mapping);
	if (is_hole(inode, vmf->pgoff))
		result = fill_hole(vmf, inode);
	filemap_invalidate_unlock_shared(inode->i_mapping);
	sb_end_pagefault(inode->i_sb);
	/* The zeroes are mapped no more: the store is tried again. */
	return result ?: VM_FAULT_NOPAGE;
}

const struct vm_operations_struct visorfs_vm_ops = {
	.fault = fault,
	.map_pages = visorfs_map_pages,
	.page_mkwrite = page_mkwrite,
	.open = visorfs_exec_vma_open,
	.close = visorfs_exec_vma_close,
	.mprotect = visorfs_exec_mprotect,
};
