// SPDX-License-Identifier: GPL-2.0-only
/*
 * Versions of a name: what the ramdisk and each tardisk have under it, newest
 * first, whether it is seen, hidden or deleted; and what a tardisk shipped, for
 * reading, also of a file that was changed since.
 */
#include <linux/file.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "internal.h"

/* The stack of a path below dir; deleted directories are walked through. */
static struct visorfs_entry *walk(struct visorfs_sb *sbi, struct visorfs_dir *dir, char *path)
{
	struct visorfs_entry *e = NULL;
	char *name;

	while ((name = strsep(&path, "/"))) {
		if (!*name || !strcmp(name, "."))
			continue;
		if (e)
			dir = visorfs_stack_dir(e);
		e = dir ? visorfs_find(sbi, dir, name, strlen(name)) : NULL;
		if (!e)
			return NULL;
	}
	return e;
}

static void describe_time(struct visorfs_version *v, struct timespec64 ts)
{
	v->mtime = ts.tv_sec;
	v->mtime_nsec = ts.tv_nsec;
}

static void describe_upper(struct visorfs_version *v, const struct visorfs_entry *e)
{
	const struct inode *inode = e->inode;

	v->flags |= VISORFS_VERSION_RAMDISK;
	if (e->type == DT_WHT) {
		v->flags |= VISORFS_VERSION_DELETED;
	} else if (e->type == DT_DIR) {
		v->mode = S_IFDIR | e->subdir->mode;
		v->uid = from_kuid_munged(current_user_ns(), e->subdir->uid);
		v->gid = from_kgid_munged(current_user_ns(), e->subdir->gid);
		describe_time(v, e->subdir->mtime);
	} else {
		v->mode = inode->i_mode;
		v->uid = from_kuid_munged(current_user_ns(), inode->i_uid);
		v->gid = from_kgid_munged(current_user_ns(), inode->i_gid);
		v->bytes = i_size_read(inode);
		describe_time(v, inode_get_mtime(inode));
	}
}

static void describe_tardisk(struct visorfs_version *v, const struct visorfs_entry *e)
{
	const struct visorfs_obj *obj = visorfs_obj(e);
	const struct inode *pinned = e->type == DT_DIR ? NULL : visorfs_pinned(obj);

	strscpy(v->tardisk, e->td->name, sizeof(v->tardisk));
	if (pinned && VI(pinned)->rd)
		v->flags |= VISORFS_VERSION_CHANGED;
	v->mode = obj->mode;
	v->uid = obj->uid;
	v->gid = obj->gid;
	v->bytes = e->type == DT_DIR ? 0 : obj->size;
	describe_time(v, visorfs_obj_mtime(obj));
}

/*
 * A page as the tardisk has it, into buf: put aside, or still in the cache,
 * where it changes only after it was put aside, while its folio is locked.
 */
static int read_slot(struct inode *inode, pgoff_t index, void *buf)
{
	struct visorfs_inode *vi = VI(inode);
	struct folio *folio;
	struct page *page;
	u32 slot;

	filemap_invalidate_lock_shared(inode->i_mapping);
	folio = filemap_lock_folio(inode->i_mapping, index);
	slot = READ_ONCE(vi->td->slots[vi->obj->page + index]);
	page = slot ? visorfs_slot_page(slot) :
		      IS_ERR(folio) ? NULL : folio_file_page(folio, index);
	if (page)
		memcpy_from_page(buf, page, 0, PAGE_SIZE);
	if (!IS_ERR(folio)) {
		folio_unlock(folio);
		folio_put(folio);
	}
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return page ? 0 : -EIO;
}

static int read_page(struct inode *inode, pgoff_t index, void *buf)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);
	int ret = -ESTALE;

	/* The compressed form is there as long as the inode. */
	if (vi->compressed)
		return visorfs_inflate(vi->td, vi->obj->page + index, 1, buf);
	down_read(&sbi->sw);
	if (!READ_ONCE(vi->own))
		ret = read_slot(inode, index, buf);
	up_read(&sbi->sw);
	return ret;
}

/* Up to the end of a page; through buf. */
static ssize_t read_some(struct inode *shipped, loff_t pos, size_t len, void *buf,
			 struct iov_iter *to)
{
	size_t n;
	int ret;

	/* A symbolic link is read as a file of its target. */
	if (S_ISLNK(shipped->i_mode)) {
		n = copy_to_iter(shipped->i_link + pos, len, to);
	} else {
		ret = read_page(shipped, pos >> PAGE_SHIFT, buf);
		if (ret)
			return ret;
		n = copy_to_iter(buf + offset_in_page(pos), len, to);
	}
	return n ?: -EFAULT;
}

static ssize_t read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	void *buf = kmalloc(PAGE_SIZE, GFP_KERNEL);
	ssize_t done = 0, n = 0;

	if (!buf)
		return -ENOMEM;
	while (iov_iter_count(to) && iocb->ki_pos < inode->i_size) {
		size_t len = min_t(u64, PAGE_SIZE - offset_in_page(iocb->ki_pos),
				   inode->i_size - iocb->ki_pos);

		n = read_some(inode->i_private, iocb->ki_pos, len, buf, to);
		if (n < 0)
			break;
		iocb->ki_pos += n;
		done += n;
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	kfree(buf);
	return done ?: n;
}

static const struct file_operations shipped_ops = {
	.llseek = generic_file_llseek,
	.read_iter = read_iter,
	.splice_read = copy_splice_read,
};

/* A file that nobody else can find, with the shipped contents. */
static struct file *open_shipped(struct file *file, struct inode *shipped,
				 const struct visorfs_version *v)
{
	struct inode *inode = new_inode(shipped->i_sb);
	struct file *opened;

	if (!inode) {
		iput(shipped);
		return ERR_PTR(-ENOMEM);
	}
	inode->i_private = shipped; /* until visorfs_evict_inode() */
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFREG | (v->mode & 0777);
	inode->i_uid = shipped->i_uid;
	inode->i_gid = shipped->i_gid;
	inode->i_size = v->bytes;
	inode->i_fop = &shipped_ops;
	simple_inode_init_ts(inode);
	inode_set_mtime(inode, v->mtime, v->mtime_nsec);
	clear_nlink(inode);
	opened = alloc_file_pseudo(inode, file->f_path.mnt, "shipped", O_RDONLY, &shipped_ops);
	if (IS_ERR(opened))
		iput(inode);
	else /* which only open(2) sets by itself */
		opened->f_mode |= FMODE_LSEEK | FMODE_PREAD;
	return opened;
}

/* The version number v->index of v->path. The inode to open, if one was asked for. */
static int find_version(struct visorfs_sb *sbi, struct visorfs_dir *dir, struct visorfs_version *v,
			bool open, struct inode **shipped)
{
	struct visorfs_entry *top = walk(sbi, dir, v->path), *e = top;
	u32 index = v->index;

	while (e && index--)
		e = e->below;
	if (!e)
		return -ENOENT;
	v->flags = e == top && e->type != DT_WHT ? VISORFS_VERSION_VISIBLE : 0;
	if (e->td)
		describe_tardisk(v, e);
	else
		describe_upper(v, e);
	if (!open)
		return 0;
	if (!e->td || (e->type != DT_REG && e->type != DT_LNK))
		return -EINVAL;
	*shipped = visorfs_inode_of(sbi, e);
	return PTR_ERR_OR_ZERO(*shipped);
}

/* With VISORFS_VERSION_OPEN v->fd is reserved for *opened: for the caller to install or drop. */
int visorfs_version(struct file *file, struct visorfs_version *v, struct file **opened)
{
	struct inode *inode = file_inode(file), *shipped = NULL;
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	bool open = v->flags & VISORFS_VERSION_OPEN;
	int ret, fd;

	if (!S_ISDIR(inode->i_mode))
		return -ENOTDIR;
	memset(v->tardisk, 0, sizeof(v->tardisk));
	v->fd = -1;
	v->mode = 0;
	v->uid = 0;
	v->gid = 0;
	v->bytes = 0;
	describe_time(v, (struct timespec64){});
	down_read(&sbi->sw);
	ret = find_version(sbi, VI(inode)->dir, v, open, &shipped);
	up_read(&sbi->sw);
	if (ret || !open)
		return ret;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		iput(shipped);
		return fd;
	}
	*opened = open_shipped(file, shipped, v);
	if (IS_ERR(*opened)) {
		put_unused_fd(fd);
		return PTR_ERR(*opened);
	}
	v->fd = fd;
	return 0;
}
