// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories of the namespace. One visorfs_dir serves all providers of a
 * path; its attributes are those of the newest provider until they are
 * changed here. The inode is a cache of it: attributes travel back when the
 * inode goes.
 */
#include <linux/slab.h>

#include "internal.h"

struct visorfs_dir *visorfs_new_dir(struct visorfs_sb *sbi, struct visorfs_dir *parent)
{
	struct visorfs_dir *dir = kzalloc(sizeof(*dir), VISORFS_USER);

	if (!dir)
		return NULL;
	kref_init(&dir->ref);
	xa_init_flags(&dir->names, XA_FLAGS_ALLOC);
	dir->ino = atomic64_inc_return(&sbi->next_ino);
	dir->parent = parent;
	dir->rd = parent ? parent->rd : NULL;
	spin_lock(&sbi->dirs_lock);
	list_add_tail(&dir->list, &sbi->dirs);
	spin_unlock(&sbi->dirs_lock);
	return dir;
}

static void release_dir(struct kref *ref)
{
	struct visorfs_dir *dir = container_of(ref, struct visorfs_dir, ref);

	xa_destroy(&dir->names);
	visorfs_free_xattrs(&dir->xattrs);
	kfree(dir);
}

static void unlist(struct visorfs_sb *sbi, struct visorfs_dir *dir)
{
	spin_lock(&sbi->dirs_lock);
	list_del_init(&dir->list);
	spin_unlock(&sbi->dirs_lock);
}

void visorfs_put_dir(struct visorfs_sb *sbi, struct visorfs_dir *dir)
{
	/* A directory that was never provided is still in the list. */
	if (kref_read(&dir->ref) == 1 && !list_empty(&dir->list))
		unlist(sbi, dir);
	kref_put(&dir->ref, release_dir);
}

/* Counts an entry as provider; the first one takes over the reference of visorfs_new_dir(). */
void visorfs_dir_provide(struct visorfs_dir *dir, struct visorfs_entry *e)
{
	if (dir->providers++)
		kref_get(&dir->ref);
	if (!dir->self)
		dir->self = e;
}

/*
 * The opposite; the entry is off its stack already. False if it was the last
 * provider: the directory may be gone then.
 */
bool visorfs_dir_unprovide(struct visorfs_sb *sbi, struct visorfs_dir *dir,
			   struct visorfs_entry *e)
{
	bool stays;

	if (dir->self == e) {
		struct visorfs_entry *other = visorfs_top(sbi, e);

		while (other && visorfs_entry_dir(other) != dir)
			other = other->below;
		dir->self = other;
	}
	stays = --dir->providers;
	if (!stays) {
		visorfs_uncharge_dir(dir);
		unlist(sbi, dir);
	}
	kref_put(&dir->ref, release_dir);
	return stays;
}

/* Takes the attributes of the newest tardisk that has it, unless they were changed here. */
void visorfs_dir_refresh(struct visorfs_sb *sbi, struct visorfs_dir *dir)
{
	struct visorfs_entry *e = NULL;
	struct inode *inode;

	if (!dir->own && dir->self)
		e = visorfs_top(sbi, dir->self);
	for (; e; e = e->below) {
		const struct visorfs_obj *obj = visorfs_own_obj(e);

		if (!e->td || e->type != DT_DIR)
			continue;
		dir->mode = obj->mode;
		dir->uid = make_kuid(&init_user_ns, obj->uid);
		dir->gid = make_kgid(&init_user_ns, obj->gid);
		dir->mtime = visorfs_obj_mtime(obj);
		dir->ctime = dir->mtime;
		dir->atime = e->td->attached;
		dir->born = e->td->attached;
		break;
	}
	inode = ilookup(sbi->sb, dir->ino);
	if (inode) {
		if (dir->own)
			set_nlink(inode, dir->subdirs + 2);
		else
			visorfs_dir_load(dir, inode);
		iput(inode);
	}
}

/*
 * Before attributes of a directory change: tardisks no longer set them, and
 * one that is only theirs counts as an inode of its ramdisk from now on.
 */
int visorfs_own_dir(struct inode *inode, struct dentry *dentry)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_dir *dir = VI(inode)->dir;
	struct visorfs_ramdisk *rd = NULL;
	int ret = 0;

	down_read(&sbi->sw);
	if (!dir->owner && dir != sbi->root && inode->i_nlink) {
		rd = dir->rd_top ? dir->parent->rd : dir->rd;
		ret = visorfs_charge_dir(dir, rd, 0);
	}
	if (!ret)
		dir->own = true;
	up_read(&sbi->sw);
	if (ret)
		visorfs_say_full(rd, dentry, true);
	return ret;
}

void visorfs_dir_load(const struct visorfs_dir *dir, struct inode *inode)
{
	inode->i_mode = S_IFDIR | (dir->mode & 07777);
	inode->i_uid = dir->uid;
	inode->i_gid = dir->gid;
	inode_set_mtime_to_ts(inode, dir->mtime);
	inode_set_atime_to_ts(inode, dir->atime);
	inode_set_ctime_to_ts(inode, dir->ctime);
	set_nlink(inode, dir->subdirs + 2);
	visorfs_apply_flags(inode, dir->fsflags);
}

void visorfs_dir_save(struct visorfs_dir *dir, const struct inode *inode)
{
	dir->mode = inode->i_mode & 07777;
	dir->uid = inode->i_uid;
	dir->gid = inode->i_gid;
	dir->atime = inode_get_atime(inode);
	dir->mtime = inode_get_mtime(inode);
	dir->ctime = inode_get_ctime(inode);
}

/* Unmount: everything that is still in the namespace. */
void visorfs_free_dirs(struct visorfs_sb *sbi)
{
	struct visorfs_dir *dir, *next;

	list_for_each_entry_safe(dir, next, &sbi->dirs, list)
		release_dir(&dir->ref);
}
