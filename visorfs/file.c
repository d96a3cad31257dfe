// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contents of regular files. All pages live in the page cache of their inode
 * and nowhere else; they are dirty and have no backing store, so the generic
 * code reads, maps, splices and migrates them, and nothing drops them.
 */
#include <linux/memcontrol.h>
#include <linux/migrate.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "internal.h"

/* A page that was in a cache before may still be on the LRU: its successor is a copy. */
static struct folio *take_slot(unsigned long *slot)
{
	struct page *page = (struct page *)(*slot & ~VISORFS_SLOT_USED);
	struct folio *folio;

	if (!(*slot & VISORFS_SLOT_USED))
		return page_folio(page);
	folio = folio_alloc(GFP_KERNEL, 0);
	if (!folio)
		return NULL;
	copy_highpage(folio_page(folio, 0), page);
	put_page(page);
	*slot = (unsigned long)folio_page(folio, 0);
	return folio;
}

static int insert_pages(struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;
	struct visorfs_inode *vi = VI(inode);
	u32 pages = visorfs_obj_pages(vi->obj);
	u32 i = 0;

	while (i < pages) {
		unsigned long *slot = &vi->td->slots[vi->obj->page + i];
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
 * Moves a tardisk file's pages into its page cache, at the first open. They
 * are the host's, not of the control group that happens to come first.
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
	if (!vi->populated && !vi->own) {
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

static int open_file(struct inode *inode, struct file *file)
{
	int ret = visorfs_populate(inode);

	if (!ret && file->f_mode & FMODE_WRITE)
		ret = visorfs_branch(inode, file_dentry(file));
	if (!ret)
		atomic_inc(&VI(inode)->opens);
	return ret;
}

static int release_file(struct inode *inode, struct file *file)
{
	atomic_dec(&VI(inode)->opens);
	return 0;
}

static bool has_holes(struct inode *inode)
{
	return READ_ONCE(inode->i_mapping->nrpages) <
	       DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
}

/* A page that is missing may be on its way from one folio to another: look again. */
static struct folio *find_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(mapping, index);

	if (IS_ERR(folio)) {
		filemap_invalidate_lock_shared(mapping);
		folio = filemap_get_folio(mapping, index);
		filemap_invalidate_unlock_shared(mapping);
	}
	return folio;
}

/* Reading a hole must not make a page: nobody would be charged for it. */
static ssize_t read_page(struct inode *inode, loff_t pos, size_t len, struct iov_iter *to)
{
	struct folio *folio = find_folio(inode->i_mapping, pos >> PAGE_SHIFT);
	size_t n;

	if (IS_ERR(folio))
		return iov_iter_zero(len, to);
	if (folio_test_uptodate(folio))
		n = copy_page_to_iter(folio_file_page(folio, pos >> PAGE_SHIFT),
				      offset_in_page(pos), len, to);
	else
		n = iov_iter_zero(len, to);
	folio_put(folio);
	return n;
}

static ssize_t read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done = 0;

	if (!has_holes(inode))
		return generic_file_read_iter(iocb, to);
	while (iov_iter_count(to)) {
		loff_t pos = iocb->ki_pos, size = i_size_read(inode);
		size_t len, n;

		if (pos >= size)
			break;
		len = min_t(u64, PAGE_SIZE - offset_in_page(pos), size - pos);
		len = min(len, iov_iter_count(to));
		n = read_page(inode, pos, len, to);
		iocb->ki_pos += n;
		done += n;
		if (n < len)
			return done ?: -EFAULT;
		if (fatal_signal_pending(current))
			return done ?: -EINTR;
		cond_resched();
	}
	return done;
}

static ssize_t splice_read(struct file *in, loff_t *pos, struct pipe_inode_info *pipe, size_t len,
			   unsigned int flags)
{
	if (has_holes(file_inode(in)))
		return copy_splice_read(in, pos, pipe, len, flags);
	return filemap_splice_read(in, pos, pipe, len, flags);
}

/* New, locked folio at index, charged; as large as len allows and the ramdisk has room for. */
static struct folio *new_folio(struct inode *inode, pgoff_t index, size_t len)
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
		ret = visorfs_charge(vi->rd, 1L << order);
		if (!ret) {
			folio = filemap_alloc_folio(order ? gfp | __GFP_NORETRY | __GFP_NOWARN :
							    gfp, order);
			ret = folio ? filemap_add_folio(mapping, folio, index, gfp) : -ENOMEM;
			if (!ret)
				break;
			if (folio)
				folio_put(folio);
			visorfs_uncharge(vi->rd, 1L << order);
		}
		if (!order)
			return ERR_PTR(ret);
	}
	spin_lock(&vi->lock);
	vi->charged += 1L << order;
	spin_unlock(&vi->lock);
	return folio;
}

/* A hole that is mapped for reading gets a page, charged like any other. */
static int read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct visorfs_inode *vi = VI(inode);
	long nr = folio_nr_pages(folio);
	int ret = vi->rd ? visorfs_charge(vi->rd, nr) : -EIO;

	if (ret) {
		if (file && vi->rd)
			visorfs_say_full(vi->rd, file_dentry(file), false);
		folio_unlock(folio);
		return ret;
	}
	spin_lock(&vi->lock);
	vi->charged += nr;
	spin_unlock(&vi->lock);
	folio_zero_range(folio, 0, folio_size(folio));
	folio_mark_uptodate(folio);
	folio_mark_dirty(folio);
	folio_unlock(folio);
	return 0;
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

static int write_begin(struct file *file, struct address_space *mapping, loff_t pos,
		       unsigned int len, struct folio **foliop, void **fsdata)
{
	struct inode *inode = mapping->host;
	struct folio *folio;
	int ret = 0;

	do {
		folio = filemap_lock_folio(mapping, pos >> PAGE_SHIFT);
		if (!IS_ERR(folio)) {
			ret = save_range(inode, folio, pos, len);
		} else {
			folio = new_folio(inode, pos >> PAGE_SHIFT, offset_in_page(pos) + len);
			if (IS_ERR(folio))
				ret = PTR_ERR(folio);
		}
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

static int write_end(struct file *file, struct address_space *mapping, loff_t pos,
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

static void drop_beyond_end(struct inode *inode)
{
	loff_t size = i_size_read(inode);

	filemap_invalidate_lock(inode->i_mapping);
	/* If memory is too short for that, the pages stay charged until the file is cut. */
	if (!visorfs_split_at(inode, DIV_ROUND_UP(size, PAGE_SIZE))) {
		truncate_pagecache(inode, size);
		visorfs_recharge(inode);
	}
	filemap_invalidate_unlock(inode->i_mapping);
}

static ssize_t write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t ret, want;

	inode_lock(inode);
	ret = generic_write_checks(iocb, from);
	if (ret > 0) {
		want = ret;
		ret = kiocb_modified(iocb);
		if (!ret)
			ret = generic_perform_write(iocb, from);
		/* A write that ended early may have left pages beyond the end. */
		if (ret < want)
			drop_beyond_end(inode);
	}
	inode_unlock(inode);
	if (ret > 0)
		visorfs_state_changed(inode);
	return ret;
}

/*
 * A shared mapping is about to write to a page. If madvise() has allowed huge
 * mappings again, a folio of 2 MiB becomes writable as a whole, without
 * another call: then all of it is put aside.
 */
static vm_fault_t page_mkwrite(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct inode *inode = file_inode(file);
	struct folio *folio = page_folio(vmf->page);
	vm_fault_t result = VM_FAULT_LOCKED;
	int ret;

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
		result = ret == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
		goto out;
	}
	folio_mark_dirty(folio);
out:
	filemap_invalidate_unlock_shared(inode->i_mapping);
	sb_end_pagefault(inode->i_sb);
	if (result == VM_FAULT_LOCKED)
		visorfs_state_changed(inode);
	return result;
}

static const struct vm_operations_struct vm_ops = {
	.fault = filemap_fault,
	.map_pages = filemap_map_pages,
	.page_mkwrite = page_mkwrite,
};

static int mmap_file(struct file *file, struct vm_area_struct *vma)
{
	/* Pages are put aside one by one; a huge mapping would put aside 512. */
	if (vma->vm_flags & VM_SHARED && vma->vm_flags & VM_MAYWRITE)
		vm_flags_set(vma, VM_NOHUGEPAGE);
	file_accessed(file);
	vma->vm_ops = &vm_ops;
	return 0;
}

/* Sets the size of a file, whose inode is locked and a branch already. */
int visorfs_truncate(struct dentry *dentry, loff_t size)
{
	struct inode *inode = d_inode(dentry);
	struct address_space *mapping = inode->i_mapping;
	struct visorfs_inode *vi = VI(inode);
	int ret = inode_newsize_ok(inode, size);

	/* To make it empty, nothing needs to be there. */
	if (!ret && size)
		ret = visorfs_populate(inode);
	if (ret)
		return ret;
	filemap_invalidate_lock(mapping);
	vi->populated = true;
	ret = visorfs_split_at(inode, DIV_ROUND_UP(size, PAGE_SIZE));
	if (!ret && size < inode->i_size)
		ret = visorfs_save_tail(inode, size);
	if (!ret) {
		truncate_setsize(inode, size);
		visorfs_recharge(inode);
	}
	filemap_invalidate_unlock(mapping);
	if (ret == -ENOSPC)
		visorfs_say_full(vi->rd, dentry, false);
	return ret;
}

const struct address_space_operations visorfs_aops = {
	.read_folio = read_folio,
	.write_begin = write_begin,
	.write_end = write_end,
	.dirty_folio = noop_dirty_folio,
	.migrate_folio = migrate_folio,
};

const struct file_operations visorfs_file_ops = {
	.open = open_file,
	.release = release_file,
	.llseek = generic_file_llseek,
	.read_iter = read_iter,
	.write_iter = write_iter,
	.mmap = mmap_file,
	.get_unmapped_area = thp_get_unmapped_area,
	.splice_read = splice_read,
	.splice_write = iter_file_splice_write,
	.fsync = noop_fsync,
	.unlocked_ioctl = visorfs_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
