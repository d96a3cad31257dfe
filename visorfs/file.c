// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contents of regular files. A page lives in one place: in its tardisk's slot
 * until the file is mapped or changed for the first time, in the page cache
 * of its inode from then on. There it is dirty and has no backing store, so
 * the generic code maps, splices and migrates it, and nothing drops it.
 */
#include <linux/fadvise.h>
#include <linux/fs.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "internal.h"

#ifdef CONFIG_IMA
/* Whether anybody has it open or mapped, or runs it. */
bool visorfs_is_open(const struct inode *inode)
{
	return atomic_read(&inode->i_readcount) || inode_is_open_for_write(inode);
}

#define open_file NULL
#define release_file NULL
#else
bool visorfs_is_open(const struct inode *inode)
{
	return S_ISREG(inode->i_mode) && atomic_read(&VI(inode)->opens);
}

static int open_file(struct inode *inode, struct file *file)
{
	atomic_inc(&VI(inode)->opens);
	return 0;
}

static int release_file(struct inode *inode, struct file *file)
{
	atomic_dec(&VI(inode)->opens);
	return 0;
}
#endif

static bool is_populated(struct inode *inode)
{
	/* Pairs with the release in visorfs_populate(). */
	return smp_load_acquire(&VI(inode)->populated);
}

/* Before a change: the pages are in the cache, the inode is a ramdisk's. */
int visorfs_prepare_write(struct file *file)
{
	struct inode *inode = file_inode(file);

	return visorfs_populate(inode) ?: visorfs_branch(inode, file_dentry(file));
}

/* A run of bytes that lie side by side in memory. */
struct piece {
	struct folio *folio; /* with a reference; NULL: zeroes */
	size_t offset; /* in it */
	size_t len;
};

static void find_cached(struct address_space *mapping, pgoff_t index, struct piece *p)
{
	struct folio *folio = filemap_get_folio(mapping, index);

	p->len = PAGE_SIZE;
	if (IS_ERR(folio))
		return;
	if (!folio_test_uptodate(folio)) {
		/* It is being written for the first time. */
		folio_put(folio);
	} else {
		p->folio = folio;
		p->offset = folio_page_idx(folio, folio_file_page(folio, index)) << PAGE_SHIFT;
		p->len = folio_size(folio) - p->offset;
	}
}

/* A page in a slot; the pages behind it belong to the file too unless it was used before. */
static void find_slot(u32 slot, struct piece *p)
{
	struct page *page = visorfs_slot_page(slot);

	p->folio = page_folio(page);
	p->offset = folio_page_idx(p->folio, page) << PAGE_SHIFT;
	p->len = slot & VISORFS_SLOT_USED ? PAGE_SIZE : folio_size(p->folio) - p->offset;
	folio_get(p->folio);
}

/* In a slot, as long as the file was not mapped or changed. */
static void find_packed(struct inode *inode, pgoff_t index, struct piece *p)
{
	struct visorfs_inode *vi = VI(inode);
	u32 slot = 0;

	/* What is missing may be on its way to another place: who moves it holds this lock. */
	filemap_invalidate_lock_shared(inode->i_mapping);
	if (!vi->populated && index < visorfs_obj_pages(vi->obj))
		slot = READ_ONCE(vi->td->slots[vi->obj->page + index]);
	if (slot)
		find_slot(slot, p);
	else
		find_cached(inode->i_mapping, index, p);
	filemap_invalidate_unlock_shared(inode->i_mapping);
}

/* A branch of a compressed tardisk: this page can be made. */
static int make_page(struct inode *inode, pgoff_t index, struct piece *p)
{
	struct folio *folio = read_mapping_folio(inode->i_mapping, index, NULL);

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	p->folio = folio;
	p->offset = folio_page_idx(folio, folio_file_page(folio, index)) << PAGE_SHIFT;
	p->len = folio_size(folio) - p->offset;
	return 0;
}

/* What the file has at pos. */
static int find_piece(struct inode *inode, loff_t pos, struct piece *p)
{
	pgoff_t index = pos >> PAGE_SHIFT;
	int ret = 0;

	*p = (struct piece){};
	if (is_populated(inode))
		find_cached(inode->i_mapping, index, p);
	if (!p->folio && VI(inode)->compressed && visorfs_is_pristine(VI(inode), index))
		ret = make_page(inode, index, p);
	else if (!p->folio)
		find_packed(inode, index, p);
	p->offset += offset_in_page(pos);
	p->len -= offset_in_page(pos);
	return ret;
}

static size_t copy_piece(const struct piece *p, size_t len, struct iov_iter *to)
{
	size_t n;

	/* Reading a hole must not make a page: nobody would be charged for it. */
	if (!p->folio)
		return iov_iter_zero(len, to);
	n = copy_folio_to_iter(p->folio, p->offset, len, to);
	folio_put(p->folio);
	return n;
}

static ssize_t read_pieces(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done = 0;
	int ret;

	while (iov_iter_count(to)) {
		loff_t pos = iocb->ki_pos, size = i_size_read(inode);
		struct piece piece;
		size_t len, n;

		if (pos >= size)
			break;
		ret = find_piece(inode, pos, &piece);
		if (ret)
			return done ?: ret;
		len = min_t(u64, piece.len, size - pos);
		len = min(len, iov_iter_count(to));
		n = copy_piece(&piece, len, to);
		iocb->ki_pos += n;
		done += n;
		if (n < len || fatal_signal_pending(current)) {
			if (!done)
				done = n < len ? -EFAULT : -EINTR;
			break;
		}
		cond_resched();
	}
	file_accessed(iocb->ki_filp);
	return done;
}

bool visorfs_has_holes(struct inode *inode)
{
	return VI(inode)->ahead || READ_ONCE(inode->i_mapping->nrpages) <
				   DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
}

/* Unchanged, of a compressed tardisk: what the cache has not can be made. */
static bool is_compressed(struct file *file)
{
	struct visorfs_inode *vi = VI(file_inode(file));

	if (!vi->compressed || READ_ONCE(vi->rd))
		return false;
	/* The super block has no device that would say how much to read ahead. */
	file->f_ra.ra_pages = vi->td->compressed->frame >> PAGE_SHIFT;
	return true;
}

static ssize_t read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct inode *inode = file_inode(file);

	if (unlikely(iocb->ki_filp->f_flags & __FMODE_EXEC) && visorfs_exec_forbidden(inode))
		return -EACCES;
	/* For many pages at once the generic code is quicker, but it knows no slots nor holes. */
	if (is_compressed(file) ||
	    (iov_iter_count(to) > PAGE_SIZE && is_populated(inode) && !visorfs_has_holes(inode)))
		return filemap_read(iocb, to, 0);
	return read_pieces(iocb, to);
}

static ssize_t splice_read(struct file *in, loff_t *pos, struct pipe_inode_info *pipe, size_t len,
			   unsigned int flags)
{
	struct inode *inode = file_inode(in);
	int ret = visorfs_populate(inode);

	if (ret)
		return ret;
	if (!is_compressed(in) && visorfs_has_holes(inode))
		return copy_splice_read(in, pos, pipe, len, flags);
	return filemap_splice_read(in, pos, pipe, len, flags);
}

static void drop_beyond_end(struct inode *inode)
{
	loff_t size = i_size_read(inode);

	filemap_invalidate_lock(inode->i_mapping);
	/* If memory is too short for that, the pages stay charged until the file is cut. */
	if (!visorfs_split_at(inode, DIV_ROUND_UP(size, PAGE_SIZE), true)) {
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
		ret = visorfs_prepare_write(iocb->ki_filp) ?: kiocb_modified(iocb);
		if (!ret) {
			if (iocb->ki_pos > i_size_read(inode))
				visorfs_zero_tail(inode);
			ret = generic_perform_write(iocb, from);
		}
		/* A write that ended early may have left pages beyond the end. */
		if (ret < want && VI(inode)->rd)
			drop_beyond_end(inode);
	}
	inode_unlock(inode);
	if (ret > 0)
		visorfs_state_changed(inode);
	return ret;
}

/* MADV_WILLNEED and readahead(2): there is nothing to be read. */
static int fadvise(struct file *file, loff_t offset, loff_t len, int advice)
{
	if (advice == POSIX_FADV_WILLNEED)
		return visorfs_populate(file_inode(file));
	return generic_fadvise(file, offset, len, advice);
}

static int mmap_file(struct file *file, struct vm_area_struct *vma)
{
	int ret = visorfs_populate(file_inode(file)) ?: visorfs_exec_mmap(vma);

	if (ret)
		return ret;
	/* Pages are put aside one by one; a huge mapping would put aside 512. */
	if (vma->vm_flags & VM_SHARED && vma->vm_flags & VM_MAYWRITE)
		vm_flags_set(vma, VM_NOHUGEPAGE);
	is_compressed(file); /* sets how much is made at a time */
	file_accessed(file);
	vma->vm_ops = &visorfs_vm_ops;
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
	if (size > inode->i_size) {
		/* Pages that were allocated ahead stay. */
		visorfs_zero_tail(inode);
		i_size_write(inode, size);
		filemap_invalidate_unlock(mapping);
		return 0;
	}
	ret = visorfs_split_at(inode, DIV_ROUND_UP(size, PAGE_SIZE), true);
	if (!ret)
		ret = visorfs_save_tail(inode, size);
	if (!ret) {
		truncate_setsize(inode, size);
		visorfs_hole_filled(inode, DIV_ROUND_UP(size, PAGE_SIZE), 0);
		visorfs_recharge(inode);
		vi->ahead = false;
	}
	filemap_invalidate_unlock(mapping);
	if (ret == -ENOSPC)
		visorfs_say_full(vi->rd, dentry, false);
	return ret;
}

const struct file_operations visorfs_file_ops = {
	.open = open_file, /* nothing to do: what a file needs is made when it is used */
	.release = release_file,
	.llseek = visorfs_llseek,
	.read_iter = read_iter,
	.write_iter = write_iter,
	.mmap = mmap_file,
	.get_unmapped_area = thp_get_unmapped_area,
	.splice_read = splice_read,
	.splice_write = iter_file_splice_write,
	.fallocate = visorfs_fallocate,
	.fadvise = fadvise,
	.fsync = noop_fsync,
	.unlocked_ioctl = visorfs_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
