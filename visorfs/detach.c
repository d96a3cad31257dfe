// SPDX-License-Identifier: GPL-2.0-only
/*
 * Detaching: what stays as the ramdisk's, and taking out the rest. What can
 * fail is done before anything changes (plan.c, and paying for branches).
 */
#include <linux/slab.h>

#include "switch.h"

static struct inode *inode_of(const struct visorfs_entry *e)
{
	return visorfs_pinned(visorfs_obj(e));
}

static bool branched(const struct visorfs_entry *e)
{
	return inode_of(e) && VI(inode_of(e))->rd;
}

/* A visible branch stays unless it is to be discarded; a moved or linked one always does. */
bool visorfs_is_kept(struct visorfs_sb *sbi, const struct visorfs_entry *e, u32 flags)
{
	return e->type != DT_DIR && branched(e) && !(flags & VISORFS_DETACH_DISCARD) &&
	       visorfs_is_top(sbi, e);
}

static bool has_upper_name(const struct visorfs_entry *e)
{
	return inode_of(e) && atomic_read(&VI(inode_of(e))->uppers);
}

/* Branches that stay pay for the pages they share with the tardisk. */
int visorfs_pay_branches(struct visorfs_sb *sbi, const struct visorfs_change *change,
			 struct visorfs_msg *msg)
{
	struct visorfs_tardisk *td = change->td;
	char buf[VISORFS_MSG_PATH];
	u32 i;
	int ret;

	for (i = 0; i < td->count; i++) {
		struct visorfs_entry *e = &td->objs[i].e;

		if (e->type == DT_DIR || !branched(e) ||
		    !(visorfs_is_kept(sbi, e, change->flags) || has_upper_name(e)))
			continue;
		ret = visorfs_pay(inode_of(e));
		if (ret == -ENOSPC)
			return visorfs_fail(msg, ret,
					    "%s: %s was changed and does not fit ramdisk %s",
					    td->name, visorfs_msg_path(e, buf),
					    VI(inode_of(e))->rd->name);
		if (ret)
			return visorfs_fail(msg, ret,
					    "%s: %s was changed and cannot be unpacked, error %d",
					    td->name, visorfs_msg_path(e, buf), ret);
	}
	return 0;
}

/* A file of the ramdisk takes the name of the branch. */
static void keep_branch(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct inode *inode = inode_of(e);
	struct visorfs_entry *upper;

	upper = visorfs_new_upper(e->dir, visorfs_name(e), e->len, VISORFS_SURE);
	upper->type = e->type;
	upper->inode = inode;
	visorfs_push(sbi, upper, VISORFS_NOFAIL);
	visorfs_force_name(VI(inode), upper->len);
	visorfs_named(inode, upper);
}

/* A directory that others' files keep alive becomes one of the ramdisk. */
static void keep_dir(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_dir *dir = e->subdir;
	struct visorfs_entry *upper;

	upper = visorfs_new_upper(e->dir, visorfs_name(e), e->len, VISORFS_SURE);
	upper->type = DT_DIR;
	upper->subdir = dir;
	visorfs_push(sbi, upper, VISORFS_NOFAIL);
	visorfs_dir_provide(dir, upper);
	visorfs_force_dir(dir, e->dir->rd, e->len);
	dir->own = true;
}

/*
 * The inode of an object leaves the tardisk; what is open goes on with it.
 * Pages that nobody can read any more are given back at once.
 */
static void release_object(struct visorfs_obj *obj)
{
	struct inode *inode = visorfs_grab(obj);

	if (!inode) {
		/* One that is being evicted has put back what it had, or will not any more. */
		if (!READ_ONCE(obj->e.inode) && visorfs_is_file(obj))
			visorfs_free_pages(obj->e.td, obj);
		return;
	}
	visorfs_become_own(inode);
	if (visorfs_is_file(obj) && READ_ONCE(VI(inode)->populated))
		visorfs_free_pages(obj->e.td, obj);
	VI(inode)->entry = NULL;
	if (!atomic_read(&VI(inode)->uppers)) {
		visorfs_state_drop(inode);
		clear_nlink(inode);
	}
	visorfs_unpin(inode);
	iput(inode);
}

void visorfs_unlink_tardisk(struct visorfs_sb *sbi, const struct visorfs_change *change)
{
	struct visorfs_tardisk *td = change->td;
	u32 i = td->count;

	while (i--) {
		struct visorfs_entry *e = &td->objs[i].e;
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (visorfs_is_kept(sbi, e, change->flags))
			keep_branch(sbi, e);
		else if (!dir && inode_of(e) && visorfs_is_top(sbi, e))
			drop_nlink(inode_of(e));
		if (dir && visorfs_is_top(sbi, e) && dir->providers == 1 &&
		    (dir->slots || dir->rd_top))
			keep_dir(sbi, e);
		visorfs_unlink_obj(sbi, &td->objs[i]);
	}
	visorfs_forget_kids(sbi->root, td);
	for (i = 0; i < td->count; i++)
		if (td->objs[i].e.type != DT_DIR && td->objs[i].e.nlink)
			release_object(&td->objs[i]);
	list_del_init(&td->list);
	sbi->tardisk_count--;
	if (td->compressed)
		visorfs_cache_resize(sbi, -visorfs_cache_share(td));
}
