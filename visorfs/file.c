// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contents of regular files. All pages live in the page cache of their inode
 * and nowhere else; they are dirty and have no backing store, so the generic
 * code reads, maps, splices and migrates them, and nothing drops them.
 */
#include <linux/fs.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "internal.h"

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
	return VI(inode)->ahead || READ_ONCE(inode->i_mapping->nrpages) <
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
		ret = kiocb_modified(iocb);
		if (!ret) {
			if (iocb->ki_pos > i_size_read(inode))
				visorfs_zero_tail(inode);
			ret = generic_perform_write(iocb, from);
		}
		/* A write that ended early may have left pages beyond the end. */
		if (ret < want)
			drop_beyond_end(inode);
	}
	inode_unlock(inode);
	if (ret > 0)
		visorfs_state_changed(inode);
	return ret;
}

static int mmap_file(struct file *file, struct vm_area_struct *vma)
{
	/* Pages are put aside one by one; a huge mapping would put aside 512. */
	if (vma->vm_flags & VM_SHARED && vma->vm_flags & VM_MAYWRITE)
		vm_flags_set(vma, VM_NOHUGEPAGE);
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
		visorfs_recharge(inode);
		vi->ahead = false;
	}
	filemap_invalidate_unlock(mapping);
	if (ret == -ENOSPC)
		visorfs_say_full(vi->rd, dentry, false);
	return ret;
}

const struct file_operations visorfs_file_ops = {
	.open = open_file,
	.release = release_file,
	.llseek = visorfs_llseek,
	.read_iter = read_iter,
	.write_iter = write_iter,
	.mmap = mmap_file,
	.get_unmapped_area = thp_get_unmapped_area,
	.splice_read = splice_read,
	.splice_write = iter_file_splice_write,
	.fallocate = visorfs_fallocate,
	.fsync = noop_fsync,
	.unlocked_ioctl = visorfs_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
