// SPDX-License-Identifier: GPL-2.0-only
/* Attributes of files and directories: chmod(2) and its like, stat(2), chattr(1). */
#include "internal.h"

#include <linux/fileattr.h> /* does not include what it needs */

#define KNOWN_FLAGS (FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL | FS_NOATIME_FL)

int visorfs_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	bool resized = attr->ia_valid & ATTR_SIZE && attr->ia_size != inode->i_size;
	int ret = setattr_prepare(idmap, dentry, attr);

	if (ret)
		return ret;
	if (S_ISDIR(inode->i_mode))
		ret = visorfs_own_dir(inode, dentry);
	else
		ret = visorfs_branch(inode, dentry);
	if (!ret && attr->ia_valid & ATTR_SIZE)
		ret = visorfs_truncate(dentry, attr->ia_size);
	if (ret)
		return ret;
	setattr_copy(idmap, inode, attr);
	/* truncate(2) leaves it to us, as it does not know whether the size changes. */
	if (resized)
		inode_set_mtime_to_ts(inode, inode_set_ctime_current(inode));
	visorfs_state_changed(inode);
	return 0;
}

/* Where the flags of chattr(1) are kept. */
static u32 *flags_of(struct inode *inode)
{
	return S_ISDIR(inode->i_mode) ? &VI(inode)->dir->fsflags : &VI(inode)->fsflags;
}

static void statx_attributes(u32 flags, struct kstat *stat)
{
	if (flags & FS_IMMUTABLE_FL)
		stat->attributes |= STATX_ATTR_IMMUTABLE;
	if (flags & FS_APPEND_FL)
		stat->attributes |= STATX_ATTR_APPEND;
	if (flags & FS_NODUMP_FL)
		stat->attributes |= STATX_ATTR_NODUMP;
}

static u64 pages_of(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);

	if (vi->compressed)
		return visorfs_pristine_pages(inode) + READ_ONCE(vi->charged);
	if (READ_ONCE(vi->populated))
		return READ_ONCE(inode->i_mapping->nrpages);
	return DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
}

int visorfs_getattr(struct mnt_idmap *idmap, const struct path *path, struct kstat *stat, u32 mask,
		    unsigned int flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct visorfs_inode *vi = VI(inode);
	u32 fsflags = *flags_of(inode);

	stat->attributes_mask |= STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND | STATX_ATTR_NODUMP;
	if (fsflags)
		statx_attributes(fsflags, stat);
	if (mask & STATX_BTIME) {
		stat->btime = vi->dir ? vi->dir->born : vi->born;
		stat->result_mask |= STATX_BTIME;
	}
	generic_fillattr(idmap, mask, inode, stat);
	if (S_ISREG(inode->i_mode))
		stat->blocks = pages_of(inode) << (PAGE_SHIFT - 9);
	/* A switch changes how many there are without asking for the inode. */
	else if (vi->dir && inode->i_nlink)
		stat->nlink = READ_ONCE(vi->dir->subdirs) + 2;
	return 0;
}

/* What the VFS obeys of the flags. */
void visorfs_apply_flags(struct inode *inode, u32 flags)
{
	inode_set_flags(inode,
			(flags & FS_IMMUTABLE_FL ? S_IMMUTABLE : 0) |
				(flags & FS_APPEND_FL ? S_APPEND : 0) |
				(flags & FS_NOATIME_FL ? S_NOATIME : 0),
			S_IMMUTABLE | S_APPEND | S_NOATIME);
}

int visorfs_fileattr_get(struct dentry *dentry, struct fileattr *fa)
{
	fileattr_fill_flags(fa, *flags_of(d_inode(dentry)));
	return 0;
}

int visorfs_fileattr_set(struct mnt_idmap *idmap, struct dentry *dentry, struct fileattr *fa)
{
	struct inode *inode = d_inode(dentry);
	int ret = 0;

	if (fileattr_has_fsx(fa) || fa->flags & ~KNOWN_FLAGS)
		return -EOPNOTSUPP;
	if (S_ISDIR(inode->i_mode))
		ret = visorfs_own_dir(inode, dentry);
	else
		ret = visorfs_branch(inode, dentry);
	if (ret)
		return ret;
	*flags_of(inode) = fa->flags;
	visorfs_apply_flags(inode, fa->flags);
	inode_set_ctime_current(inode);
	return 0;
}
