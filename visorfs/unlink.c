// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking names away. Below a name that tardisks have a whiteout is left, which
 * counts an inode of the ramdisk.
 */
#include "internal.h"

static struct visorfs_dir *dir_of(const struct inode *inode)
{
	return VI(inode)->dir;
}

static struct visorfs_entry *find(struct inode *dir, const struct dentry *dentry)
{
	return visorfs_find(VSB(dir->i_sb), dir_of(dir), dentry->d_name.name, dentry->d_name.len);
}

/* The inode lost a name, which was the upper entry, or a tardisk's if there is none. */
void visorfs_name_gone(struct inode *inode, struct visorfs_entry *upper)
{
	inode_set_ctime_current(inode);
	drop_nlink(inode);
	visorfs_unlinked(inode);
	if (upper)
		visorfs_unnamed(inode, upper);
}

/* Whether the ramdisk gets an inode back when the file loses this name. */
static bool gives_back(const struct inode *inode, const struct visorfs_entry *e)
{
	return VI(inode)->rd == e->dir->rd &&
	       (inode->i_nlink == 1 || (!e->td && atomic_read(&VI(inode)->uppers) > 1));
}

int visorfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct visorfs_sb *sbi = VSB(dir->i_sb);
	struct visorfs_entry *e, *upper, *wht;
	int ret = 0;

	down_read(&sbi->sw);
	e = find(dir, dentry);
	wht = visorfs_new_upper(dir_of(dir), dentry->d_name.name, dentry->d_name.len,
				VISORFS_SURE);
	if (!e || e->type == DT_WHT) {
		visorfs_free_upper(wht);
		ret = -ENOENT;
		goto out;
	}
	if (!visorfs_needs_whiteout(e)) {
		visorfs_free_upper(wht);
		wht = NULL;
	} else {
		ret = visorfs_charge_whiteout(wht, !gives_back(d_inode(dentry), e));
		if (ret) {
			visorfs_free_upper(wht);
			visorfs_say_full(dir_of(dir)->rd, dentry, true);
			goto out;
		}
	}
	upper = visorfs_hide(sbi, e, wht);
	visorfs_state_changed(d_inode(dentry));
	visorfs_name_gone(d_inode(dentry), upper);
	visorfs_free_upper(upper);
	visorfs_dir_touched(dir);
out:
	up_read(&sbi->sw);
	return ret;
}

/* A directory lost its name, which was the upper entry, or a tardisk's if there is none. */
void visorfs_dir_gone(struct visorfs_sb *sbi, struct inode *inode, struct visorfs_entry *upper)
{
	struct visorfs_dir *dir = dir_of(inode);

	visorfs_drop_dir_xattrs(inode);
	visorfs_uncharge_dir(dir);
	if (upper)
		visorfs_dir_unprovide(sbi, dir, upper);
}

static bool pays(const struct visorfs_dir *dir, const struct visorfs_ramdisk *rd)
{
	return dir->owner && dir->owner->rd == rd;
}

int visorfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct visorfs_sb *sbi = VSB(dir->i_sb);
	struct inode *inode = d_inode(dentry);
	struct visorfs_dir *gone = dir_of(inode);
	struct visorfs_entry *e, *upper, *wht;
	int ret = 0;

	down_read(&sbi->sw);
	e = find(dir, dentry);
	wht = visorfs_new_upper(dir_of(dir), dentry->d_name.name, dentry->d_name.len,
				VISORFS_SURE);
	if (gone->visible)
		ret = -ENOTEMPTY;
	else if (gone->rd_top)
		ret = -EBUSY;
	else if (visorfs_needs_whiteout(e))
		ret = visorfs_charge_whiteout(wht, !pays(gone, dir_of(dir)->rd));
	if (ret || !visorfs_needs_whiteout(e)) {
		visorfs_free_upper(wht);
		wht = NULL;
	}
	if (ret)
		goto out;
	upper = visorfs_hide(sbi, e, wht);
	visorfs_dir_gone(sbi, inode, upper);
	visorfs_free_upper(upper);
	clear_nlink(inode);
	inode_set_ctime_current(inode);
	visorfs_dir_touched(dir);
out:
	up_read(&sbi->sw);
	if (ret == -ENOSPC)
		visorfs_say_full(dir_of(dir)->rd, dentry, true);
	return ret;
}
