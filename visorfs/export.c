// SPDX-License-Identifier: GPL-2.0-only
/*
 * File handles, for name_to_handle_at(2), fanotify and NFS servers. A handle is
 * the inode number: numbers are never used again, so no generation is needed.
 */
#include <linux/exportfs.h>

#include "internal.h"

#define HANDLE_WORDS 2	/* of 32 bits, for one number */
#define HANDLE_TYPE 0xe6 /* any that the kernel does not know */

static void put_ino(u32 *words, u64 ino)
{
	words[0] = lower_32_bits(ino);
	words[1] = upper_32_bits(ino);
}

static u64 get_ino(const __u32 *words)
{
	return (u64)words[1] << 32 | words[0];
}

/* A ramdisk's file is found by its number only if somebody may ask for it. */
static void remember(struct inode *inode)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	if (inode_unhashed(inode))
		insert_inode_hash(inode);
	spin_unlock(&lock);
}

static int encode(struct inode *inode, u32 *words, int *len, struct inode *parent)
{
	int need = parent ? 2 * HANDLE_WORDS : HANDLE_WORDS;

	if (*len < need) {
		*len = need;
		return FILEID_INVALID;
	}
	remember(inode);
	put_ino(words, inode->i_ino);
	if (parent)
		put_ino(words + HANDLE_WORDS, parent->i_ino);
	*len = need;
	return HANDLE_TYPE;
}

static struct inode *find_dir(struct visorfs_sb *sbi, u64 ino)
{
	struct visorfs_dir *dir, *found = NULL;
	struct inode *inode;

	spin_lock(&sbi->dirs_lock);
	list_for_each_entry(dir, &sbi->dirs, list) {
		if (dir->ino == ino) {
			kref_get(&dir->ref);
			found = dir;
			break;
		}
	}
	spin_unlock(&sbi->dirs_lock);
	if (!found)
		return NULL;
	inode = found->providers || found == sbi->root ? visorfs_dir_inode(sbi, found) : NULL;
	visorfs_put_dir(sbi, found);
	return inode;
}

/* The object's inode if it has one, else a new one if one of its names is visible. */
static struct inode *object_inode(struct visorfs_sb *sbi, struct visorfs_obj *obj)
{
	struct visorfs_tardisk *td = obj->e.td;
	struct inode *inode;
	u32 i;

	if (obj->e.type == DT_DIR || !obj->e.nlink)
		return NULL;
	rcu_read_lock();
	inode = READ_ONCE(obj->e.inode);
	inode = inode ? igrab(inode) : NULL;
	rcu_read_unlock();
	/* Hard links stand behind what they name. */
	for (i = obj - td->objs; !inode && i < td->count; i++) {
		struct visorfs_entry *e = &td->objs[i].e;

		if (e->type == obj->e.type && visorfs_obj(e) == obj && visorfs_top(sbi, e) == e)
			inode = visorfs_inode_of(sbi, e);
		if (obj->e.nlink == 1)
			break;
	}
	return inode;
}

static struct inode *find_object(struct visorfs_sb *sbi, u64 ino)
{
	struct visorfs_tardisk *td;

	list_for_each_entry(td, &sbi->tardisks, list)
		if (ino >= td->first_ino && ino - td->first_ino < td->count)
			return object_inode(sbi, &td->objs[ino - td->first_ino]);
	return NULL;
}

static struct dentry *decode(struct super_block *sb, u64 ino)
{
	struct visorfs_sb *sbi = VSB(sb);
	struct inode *inode;

	down_read(&sbi->sw);
	inode = ilookup(sb, ino) ?: find_object(sbi, ino) ?: find_dir(sbi, ino);
	up_read(&sbi->sw);
	if (IS_ERR_OR_NULL(inode))
		return ERR_PTR(inode ? PTR_ERR(inode) : -ESTALE);
	/* Not without a name, nor the old life of a directory that was made again. */
	if (!inode->i_nlink || (VI(inode)->dir && VI(inode)->dir->ino != ino)) {
		iput(inode);
		return ERR_PTR(-ESTALE);
	}
	return d_obtain_alias(inode);
}

static struct dentry *to_dentry(struct super_block *sb, struct fid *fid, int len, int type)
{
	if (type != HANDLE_TYPE || len < HANDLE_WORDS)
		return NULL;
	return decode(sb, get_ino(fid->raw));
}

static struct dentry *to_parent(struct super_block *sb, struct fid *fid, int len, int type)
{
	if (type != HANDLE_TYPE || len < 2 * HANDLE_WORDS)
		return NULL;
	return decode(sb, get_ino(fid->raw + HANDLE_WORDS));
}

static struct dentry *get_parent(struct dentry *child)
{
	struct visorfs_sb *sbi = VSB(child->d_sb);
	struct inode *inode = NULL;
	struct visorfs_dir *parent;

	down_read(&sbi->sw);
	parent = VI(d_inode(child))->dir->parent;
	if (parent)
		inode = visorfs_dir_inode(sbi, parent);
	up_read(&sbi->sw);
	return inode ? d_obtain_alias(inode) : ERR_PTR(-ESTALE);
}

const struct export_operations visorfs_export_ops = {
	.encode_fh = encode,
	.fh_to_dentry = to_dentry,
	.fh_to_parent = to_parent,
	.get_parent = get_parent,
};
