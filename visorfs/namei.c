// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations on names. The VFS holds the directory's i_rwsem; sw is taken
 * for reading around each, so that a switch comes before or after it.
 */
#include <linux/namei.h>
#include <linux/slab.h>

#include "internal.h"

static struct visorfs_dir *dir_of(const struct inode *inode)
{
	return VI(inode)->dir;
}

/* It went with its tardisk, after the VFS has looked: nothing can be made there any more. */
bool visorfs_is_dead(const struct inode *dir)
{
	return !dir_of(dir)->providers;
}

static struct visorfs_entry *find(struct inode *dir, const struct dentry *dentry)
{
	return visorfs_find(VSB(dir->i_sb), dir_of(dir), dentry->d_name.name, dentry->d_name.len);
}

static struct dentry *lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct visorfs_sb *sbi = VSB(dir->i_sb);
	struct dentry *result;

	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	down_read(&sbi->sw);
	/* Misses are cached too; a switch drops them where they become wrong. */
	result = d_splice_alias(visorfs_inode_of(sbi, find(dir, dentry)), dentry);
	up_read(&sbi->sw);
	return result;
}

/* A name was made or taken away in this directory. */
void visorfs_dir_touched(struct inode *dir)
{
	inode_set_mtime_to_ts(dir, inode_set_ctime_current(dir));
	set_nlink(dir, dir_of(dir)->subdirs + 2);
	dir_of(dir)->own = true;
}

/*
 * A visible name of a file, or NULL if there is none: an upper one if it has
 * one, else one of its tardisk's. sw is held.
 */
struct visorfs_entry *visorfs_name_of(struct visorfs_sb *sbi, struct visorfs_inode *vi)
{
	struct visorfs_entry *e = NULL;
	struct visorfs_tardisk *td;
	u32 i;

	spin_lock(&vi->lock);
	if (!hlist_empty(&vi->named))
		e = &hlist_entry(vi->named.first, struct visorfs_upper, named)->e;
	spin_unlock(&vi->lock);
	if (e || !vi->entry || visorfs_top(sbi, vi->entry) == vi->entry)
		return e ?: vi->entry;
	/* That name was deleted or hidden; it may have others, behind what they link to. */
	td = vi->obj->e.td;
	for (i = vi->obj - td->objs; vi->obj->e.nlink > 1 && i < td->count; i++) {
		e = &td->objs[i].e;
		if (e->type == vi->obj->e.type && visorfs_obj(e) == vi->obj &&
		    visorfs_top(sbi, e) == e)
			return e;
	}
	return NULL;
}

/* An upper entry shows the inode and keeps it. */
void visorfs_named(struct inode *inode, struct visorfs_entry *upper)
{
	struct visorfs_inode *vi = VI(inode);

	spin_lock(&vi->lock);
	hlist_add_head(&visorfs_upper(upper)->named, &vi->named);
	spin_unlock(&vi->lock);
	atomic_inc(&vi->uppers);
	ihold(inode);
}

/* It no longer does. */
void visorfs_unnamed(struct inode *inode, struct visorfs_entry *upper)
{
	struct visorfs_inode *vi = VI(inode);

	spin_lock(&vi->lock);
	hlist_del(&visorfs_upper(upper)->named);
	spin_unlock(&vi->lock);
	atomic_dec(&vi->uppers);
	visorfs_uncharge_name(vi, upper->len);
	iput(inode);
}

static int create_failed(struct inode *dir, struct dentry *dentry, struct inode *inode, int err)
{
	if (err == -ENOSPC)
		visorfs_say_full(dir_of(dir)->rd, dentry, !inode);
	if (inode) {
		clear_nlink(inode);
		iput(inode);
	}
	return err;
}

static int make(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode,
		dev_t dev, const char *link)
{
	struct visorfs_sb *sbi = VSB(dir->i_sb);
	struct visorfs_entry *e = NULL, *old = NULL;
	struct inode *inode;
	int ret;

	visorfs_names_grow(sbi);
	down_read(&sbi->sw);
	inode = visorfs_is_dead(dir) ? ERR_PTR(-ENOENT) :
				       visorfs_new_inode(sbi, idmap, dir, mode, dev);
	if (IS_ERR(inode)) {
		ret = create_failed(dir, dentry, NULL, PTR_ERR(inode));
		goto out;
	}
	ret = link ? visorfs_set_link(inode, link) : 0;
	if (!ret)
		ret = visorfs_charge_name(VI(inode), dentry->d_name.len, false);
	if (!ret) {
		e = visorfs_new_upper(dir_of(dir), dentry->d_name.name, dentry->d_name.len,
				      VISORFS_USER);
		ret = e ? 0 : -ENOMEM;
	}
	if (!ret) {
		e->type = fs_umode_to_dtype(mode);
		e->inode = inode;
		visorfs_state_inherit(find(dir, dentry), inode);
		ret = visorfs_show(sbi, e, &old);
	}
	if (ret) {
		visorfs_free_upper(e);
		create_failed(dir, dentry, inode, ret);
		goto out;
	}
	visorfs_free_upper(old);
	visorfs_named(inode, e);
	d_instantiate(dentry, inode);
	visorfs_dir_touched(dir);
	visorfs_state_changed(inode);
out:
	up_read(&sbi->sw);
	return ret;
}

static int create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode,
		  bool excl)
{
	return make(idmap, dir, dentry, mode | S_IFREG, 0, NULL);
}

static int mknod(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode,
		 dev_t dev)
{
	return make(idmap, dir, dentry, mode, dev, NULL);
}

static int symlink(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry,
		   const char *target)
{
	return make(idmap, dir, dentry, S_IFLNK | 0777, 0, target);
}

static int tmpfile(struct mnt_idmap *idmap, struct inode *dir, struct file *file, umode_t mode)
{
	struct visorfs_sb *sbi = VSB(dir->i_sb);
	struct inode *inode;

	down_read(&sbi->sw);
	inode = visorfs_new_inode(sbi, idmap, dir, mode, 0);
	up_read(&sbi->sw);
	if (IS_ERR(inode)) {
		if (inode == ERR_PTR(-ENOSPC))
			visorfs_say_full(dir_of(dir)->rd, file->f_path.dentry->d_parent, true);
		return finish_open_simple(file, PTR_ERR(inode));
	}
	d_tmpfile(file, inode);
	return finish_open_simple(file, 0);
}

/* A second name; a tardisk's file becomes a branch by it, so that it outlives its tardisk. */
static int link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	struct visorfs_sb *sbi = VSB(dir->i_sb);
	struct inode *inode = d_inode(old_dentry);
	struct visorfs_entry *e, *old;
	int ret = 0;

	/* Not for somebody who may not: a branch is no longer the tardisk's. */
	down_read(&sbi->sw);
	if (visorfs_home(inode) != dir_of(dir)->rd)
		ret = -EXDEV;
	up_read(&sbi->sw);
	if (!ret)
		ret = visorfs_branch(inode, old_dentry);
	if (ret)
		return ret;
	visorfs_names_grow(sbi);
	down_read(&sbi->sw);
	/* What a file costs is charged to one ramdisk. */
	if (visorfs_is_dead(dir) || VI(inode)->rd != dir_of(dir)->rd) {
		ret = visorfs_is_dead(dir) ? -ENOENT : -EXDEV;
		goto out;
	}
	ret = visorfs_charge_name(VI(inode), dentry->d_name.len, false);
	if (ret) {
		visorfs_say_full(VI(inode)->rd, dentry, true);
		goto out;
	}
	e = visorfs_new_upper(dir_of(dir), dentry->d_name.name, dentry->d_name.len,
			      VISORFS_USER);
	ret = e ? 0 : -ENOMEM;
	if (!ret) {
		e->type = fs_umode_to_dtype(inode->i_mode);
		e->inode = inode;
		ret = visorfs_show(sbi, e, &old);
	}
	if (ret) {
		visorfs_free_upper(e);
		visorfs_uncharge_name(VI(inode), dentry->d_name.len);
		goto out;
	}
	visorfs_free_upper(old);
	visorfs_named(inode, e);
	ihold(inode); /* the dentry's */
	inode_set_ctime_current(inode);
	inc_nlink(inode);
	visorfs_pin(inode); /* it may have had no name, if it came from O_TMPFILE */
	d_instantiate(dentry, inode);
	visorfs_dir_touched(dir);
	visorfs_state_changed(inode);
out:
	up_read(&sbi->sw);
	return ret;
}

static int mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct visorfs_sb *sbi = VSB(dir->i_sb);
	struct visorfs_dir *parent = dir_of(dir), *new;
	struct visorfs_entry *e, *old = NULL;
	struct inode *inode = NULL;
	int ret;

	visorfs_names_grow(sbi);
	down_read(&sbi->sw);
	if (visorfs_is_dead(dir)) {
		ret = -ENOENT;
		goto out;
	}
	e = visorfs_new_upper(parent, dentry->d_name.name, dentry->d_name.len, VISORFS_USER);
	/* Below a whiteout tardisks may have the directory: it is the same one, emptied. */
	new = visorfs_stack_dir(find(dir, dentry)) ?: visorfs_new_dir(sbi, parent);
	ret = e && new ? visorfs_dir_without_xattrs(new) : -ENOMEM;
	if (!ret)
		ret = visorfs_charge_dir(new, parent->rd, dentry->d_name.len);
	if (!ret) {
		new->ino = atomic64_inc_return(&sbi->next_ino);
		inode = visorfs_dir_inode(sbi, new);
		ret = PTR_ERR_OR_ZERO(inode);
	}
	if (!ret) {
		e->type = DT_DIR;
		e->subdir = new;
		ret = visorfs_show(sbi, e, &old);
	}
	if (ret) {
		if (!IS_ERR_OR_NULL(inode)) {
			clear_nlink(inode);
			iput(inode);
		}
		if (new)
			visorfs_uncharge_dir(new);
		if (new && !new->providers)
			visorfs_put_dir(sbi, new);
		visorfs_free_upper(e);
		goto out;
	}
	visorfs_free_upper(old);
	visorfs_dir_provide(new, e);
	new->own = true;
	inode_init_owner(idmap, inode, dir, S_IFDIR | mode);
	new->born = simple_inode_init_ts(inode);
	new->fsflags = 0;
	visorfs_apply_flags(inode, 0);
	set_nlink(inode, 2);
	visorfs_dir_save(new, inode);
	d_instantiate(dentry, inode);
	visorfs_dir_touched(dir);
out:
	up_read(&sbi->sw);
	if (ret == -ENOSPC)
		visorfs_say_full(parent->rd, dentry, true);
	return ret;
}

const struct inode_operations visorfs_dir_inode_ops = {
	.lookup = lookup,
	.create = create,
	.link = link,
	.unlink = visorfs_unlink,
	.symlink = symlink,
	.mkdir = mkdir,
	.rmdir = visorfs_rmdir,
	.mknod = mknod,
	.rename = visorfs_rename,
	.tmpfile = tmpfile,
	.setattr = visorfs_setattr,
	.getattr = visorfs_getattr,
	.fileattr_get = visorfs_fileattr_get,
	.fileattr_set = visorfs_fileattr_set,
	.listxattr = visorfs_listxattr,
};
