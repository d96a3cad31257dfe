// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inodes. Those of ramdisk files are pinned by their names. Those of tardisk
 * files are made when they are looked up and may go again, until the first
 * mapping or change pins them. Those of directories are a cache of visorfs_dir.
 */
#include <linux/slab.h>

#include "internal.h"

#define COMPRESSED_ORDER 4

static struct kmem_cache *inode_cache;

struct inode *visorfs_alloc_inode(struct super_block *sb)
{
	struct visorfs_inode *vi = alloc_inode_sb(sb, inode_cache, GFP_KERNEL);

	if (!vi)
		return NULL;
	memset(vi, 0, offsetof(struct visorfs_inode, vfs));
	spin_lock_init(&vi->lock);
	INIT_LIST_HEAD(&vi->changed);
	INIT_LIST_HEAD(&vi->cached);
	return &vi->vfs;
}

/* After a grace period: path walks may have been reading the link. */
void visorfs_free_inode(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);

	kfree(vi->link);
	kmem_cache_free(inode_cache, vi);
}

static void init_once(void *p)
{
	struct visorfs_inode *vi = p;

	inode_init_once(&vi->vfs);
}

int visorfs_inode_cache_init(void)
{
	/*
	 * Not accounted to control groups: those of tardisks are the host's, and
	 * those of ramdisks are bounded by their caps.
	 */
	inode_cache = kmem_cache_create("visorfs_inode", sizeof(struct visorfs_inode), 0,
					SLAB_RECLAIM_ACCOUNT, init_once);
	return inode_cache ? 0 : -ENOMEM;
}

void visorfs_inode_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(inode_cache);
}

static int set_link(struct inode *inode, const char *target)
{
	struct visorfs_inode *vi = VI(inode);

	vi->link = kstrdup(target, VISORFS_USER);
	inode->i_link = vi->link;
	inode->i_op = &visorfs_symlink_ops;
	return vi->link ? 0 : -ENOMEM;
}

static void init_file(struct inode *inode)
{
	inode->i_op = &visorfs_file_inode_ops;
	inode->i_fop = &visorfs_file_ops;
	inode->i_mapping->a_ops = &visorfs_aops;
	mapping_set_large_folios(inode->i_mapping);
	mapping_set_unevictable(inode->i_mapping);
	/* Whoever writes to a ramdisk learns that memory is short; nobody is killed for it. */
	mapping_set_gfp_mask(inode->i_mapping,
			     GFP_HIGHUSER_MOVABLE | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
}

/* Its pages are made on demand; folios stay small, as a change makes a whole one stay. */
static void init_compressed(struct inode *inode)
{
	inode->i_op = &visorfs_file_inode_ops;
	inode->i_fop = &visorfs_file_ops;
	inode->i_mapping->a_ops = &visorfs_packed_aops;
	mapping_set_folio_order_range(inode->i_mapping, 0, COMPRESSED_ORDER);
	VI(inode)->compressed = true;
	VI(inode)->populated = true;
}

static int init_from_object(struct inode *inode, struct visorfs_entry *e)
{
	struct visorfs_obj *obj = visorfs_obj(e);
	struct timespec64 ts = visorfs_obj_mtime(obj);
	struct visorfs_inode *vi = VI(inode);

	inode->i_ino = visorfs_obj_ino(obj);
	inode->i_mode = obj->mode;
	i_uid_write(inode, obj->uid);
	i_gid_write(inode, obj->gid);
	set_nlink(inode, obj->e.nlink);
	inode->i_size = obj->size;
	inode_set_mtime_to_ts(inode, ts);
	/* Nobody here has read it before; relatime need not say so at the first time. */
	inode_set_atime_to_ts(inode, e->td->attached);
	inode_set_ctime_to_ts(inode, ts);
	vi->born = e->td->attached;
	vi->entry = e;
	vi->obj = obj;
	vi->td = e->td;
	kref_get(&e->td->ref);
	switch (obj->mode & S_IFMT) {
	case S_IFREG:
		if (e->td->compressed)
			init_compressed(inode);
		else
			init_file(inode);
		return 0;
	case S_IFLNK:
		return set_link(inode, e->td->strings + obj->link);
	default:
		inode->i_op = &visorfs_special_ops;
		init_special_inode(inode, obj->mode, obj->rdev);
		return 0;
	}
}

/* The inode an object has at the moment, with a reference; one on its way out is waited for. */
static struct inode *grab_inode(struct visorfs_obj *obj)
{
	struct inode *inode, *grabbed;

	for (;;) {
		rcu_read_lock();
		inode = READ_ONCE(obj->e.inode);
		grabbed = inode ? igrab(inode) : NULL;
		rcu_read_unlock();
		if (grabbed || !inode)
			return grabbed;
		schedule_timeout_uninterruptible(1);
	}
}

/*
 * Inodes of objects are in no hash table: the object has a pointer to its
 * one, which is taken back when the inode has been evicted.
 */
static struct inode *object_inode(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_obj *obj = visorfs_obj(e);
	struct inode *inode, *old;
	int ret;

	for (;;) {
		old = grab_inode(obj);
		if (old)
			return old;
		inode = new_inode(sbi->sb);
		if (!inode)
			return ERR_PTR(-ENOMEM);
		ret = init_from_object(inode, e);
		if (ret) {
			iput(inode);
			return ERR_PTR(ret);
		}
		if (!cmpxchg(&obj->e.inode, NULL, inode))
			return inode;
		/* A hard link's other name was looked up at the same time. */
		iput(inode);
	}
}

struct inode *visorfs_dir_inode(struct visorfs_sb *sbi, struct visorfs_dir *dir)
{
	struct inode *inode = iget_locked(sbi->sb, dir->ino);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!(inode->i_state & I_NEW))
		return inode;
	kref_get(&dir->ref);
	VI(inode)->dir = dir;
	visorfs_dir_load(dir, inode);
	inode->i_op = &visorfs_dir_inode_ops;
	inode->i_fop = &visorfs_dir_ops;
	unlock_new_inode(inode);
	return inode;
}

/* The inode that a visible entry shows, with a reference; NULL for a whiteout. */
struct inode *visorfs_inode_of(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	if (!e || e->type == DT_WHT)
		return NULL;
	if (e->type == DT_DIR)
		return visorfs_dir_inode(sbi, visorfs_entry_dir(e));
	if (e->td)
		return object_inode(sbi, e);
	ihold(e->inode);
	return e->inode;
}

/* A new file, link target or node of the directory's ramdisk, charged one inode. */
struct inode *visorfs_new_inode(struct visorfs_sb *sbi, struct mnt_idmap *idmap, struct inode *dir,
				umode_t mode, dev_t dev)
{
	struct visorfs_ramdisk *rd = VI(dir)->dir->rd;
	struct inode *inode;

	if (visorfs_charge_inodes(rd, 1))
		return ERR_PTR(-ENOSPC);
	inode = new_inode(sbi->sb);
	if (!inode) {
		visorfs_uncharge_inodes(rd, 1);
		return ERR_PTR(-ENOMEM);
	}
	visorfs_open_bill(VI(inode), rd);
	VI(inode)->populated = true;
	inode->i_ino = atomic64_inc_return(&sbi->next_ino);
	inode_init_owner(idmap, inode, dir, mode);
	VI(inode)->born = simple_inode_init_ts(inode);
	switch (mode & S_IFMT) {
	case S_IFREG:
		init_file(inode);
		break;
	case S_IFLNK:
		break; /* the caller sets its target */
	default:
		inode->i_op = &visorfs_special_ops;
		init_special_inode(inode, mode, dev);
	}
	return inode;
}

int visorfs_set_link(struct inode *inode, const char *target)
{
	size_t len = strlen(target);
	int ret;

	if (len > VISORFS_SHORT_LINK) {
		ret = visorfs_file_records(VI(inode), len - VISORFS_SHORT_LINK);
		if (ret)
			return ret;
	}
	inode->i_size = len;
	return set_link(inode, target);
}

/* Keeps a tardisk's inode: it has pages or changes that exist nowhere else. */
void visorfs_pin(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);

	if (!vi->obj)
		return;
	spin_lock(&vi->lock);
	/* Not once its last name is gone: nobody would let it go again. */
	if (!vi->own && inode->i_nlink && !vi->obj->pinned) {
		ihold(inode);
		vi->obj->pinned = true;
	}
	spin_unlock(&vi->lock);
}

void visorfs_unpin(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	bool pinned;

	spin_lock(&vi->lock);
	pinned = vi->obj->pinned && vi->obj->e.inode == inode;
	if (pinned)
		vi->obj->pinned = false;
	spin_unlock(&vi->lock);
	if (pinned)
		iput(inode);
}

/*
 * After a name of a tardisk's inode was taken away: the last one takes the
 * pin along; until then the inode knows something that the tardisk does not.
 */
void visorfs_unlinked(struct inode *inode)
{
	if (!VI(inode)->obj)
		return;
	if (inode->i_nlink)
		visorfs_pin(inode);
	else
		visorfs_unpin(inode);
}

static void evict_dir(struct visorfs_sb *sbi, struct inode *inode)
{
	struct visorfs_dir *dir = VI(inode)->dir;

	/* A directory made again under the same name has another number. */
	if (inode->i_nlink && dir->ino == inode->i_ino)
		visorfs_dir_save(dir, inode);
	visorfs_put_dir(sbi, dir);
}

/* Runs inside any final iput(), also while sw is held: takes no lock but leaves. */
void visorfs_evict_inode(struct inode *inode)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);

	/* Not "populated": an attempt that failed half-way has moved pages as well. */
	if (S_ISREG(inode->i_mode) && vi->obj && vi->shared && !vi->own && !sbi->dying)
		visorfs_give_back(inode);
	visorfs_cache_drop(inode);
	truncate_inode_pages_final(&inode->i_data);
	kvfree(vi->cut);
	clear_inode(inode);
	visorfs_state_drop(inode);
	iput(inode->i_private); /* what a version's file reads */
	visorfs_free_xattrs(&vi->xattrs);
	visorfs_close_bill(vi);
	if (vi->dir)
		evict_dir(sbi, inode);
	if (vi->td) {
		if (vi->rd)
			atomic_dec(&vi->td->branches);
		/* From here on the object may have another inode. */
		cmpxchg(&vi->obj->e.inode, inode, NULL);
		visorfs_tardisk_put(vi->td);
	}
}

const struct inode_operations visorfs_file_inode_ops = {
	.permission = visorfs_permission,
	.setattr = visorfs_setattr,
	.getattr = visorfs_getattr,
	.fileattr_get = visorfs_fileattr_get,
	.fileattr_set = visorfs_fileattr_set,
	.listxattr = visorfs_listxattr,
};

const struct inode_operations visorfs_symlink_ops = {
	.get_link = simple_get_link,
	.setattr = visorfs_setattr,
	.getattr = visorfs_getattr,
	.listxattr = visorfs_listxattr,
};

const struct inode_operations visorfs_special_ops = {
	.setattr = visorfs_setattr,
	.getattr = visorfs_getattr,
	.listxattr = visorfs_listxattr,
};
