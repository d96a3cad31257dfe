// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before tardisks are detached: which names vanish with them, all of them
 * together, and whether anything forbids it. Kept in the directories until
 * the switch is over.
 */
#include "switch.h"

/* With a reference, or NULL. */
static struct inode *open_inode(const struct visorfs_entry *e)
{
	struct inode *inode;

	/* One that is not pinned may be on its way out. */
	rcu_read_lock();
	inode = READ_ONCE(visorfs_obj(e)->e.inode);
	inode = inode && visorfs_is_open(inode) ? igrab(inode) : NULL;
	rcu_read_unlock();
	return inode;
}

/* It is open: remembers which, for visorfs_switch() to name who holds it. */
static int is_busy(struct visorfs_dropper *d, const struct visorfs_entry *e)
{
	char buf[VISORFS_MSG_PATH];

	d->busy = open_inode(e);
	if (!d->busy)
		return 0;
	snprintf(d->why.text, sizeof(d->why.text), "%s: %s", e->td->name, visorfs_msg_path(e, buf));
	return -EBUSY;
}

/* Whether nobody gives the name any more. */
static bool all_leave(const struct visorfs_entry *top)
{
	for (; top; top = top->below)
		if (!top->td || !top->td->detached)
			return false;
	return true;
}

/* Whether a directory goes: nobody else has it, nothing else is in it. */
static bool vanishes(const struct visorfs_dir *dir)
{
	return dir->providers == dir->leaving && dir->visible == dir->going && !dir->rd_top;
}

static int check_mount(struct visorfs_dropper *d, const struct visorfs_entry *e,
		       struct visorfs_msg *msg)
{
	char buf[VISORFS_MSG_PATH];

	if (!visorfs_is_mounted_on(d, e))
		return 0;
	return visorfs_fail(msg, -EBUSY, "%s: %s holds a mount", e->td->name,
			    visorfs_msg_path(e, buf));
}

/* All names but those of directories, and who leaves those. */
static int plan_names(struct visorfs_dropper *d, const struct visorfs_change *change,
		      struct visorfs_msg *msg)
{
	struct visorfs_tardisk *td = change->td;
	u32 i = td->count;

	while (i--) {
		struct visorfs_entry *e = &td->objs[i].e;
		int ret;

		if (e->type == DT_DIR) {
			e->subdir->leaving++;
			continue;
		}
		if (!(change->flags & VISORFS_DETACH_FORCE) && is_busy(d, e))
			return -EBUSY;
		if (!visorfs_is_top(d->sbi, e) || visorfs_is_kept(d->sbi, e, change->flags))
			continue;
		ret = check_mount(d, e, msg);
		if (ret)
			return ret;
		if (all_leave(e))
			e->dir->going++;
	}
	return 0;
}

/* Directories of one tardisk, the deepest first; *more: others may vanish now. */
static int plan_dirs(struct visorfs_dropper *d, const struct visorfs_tardisk *td, bool *more,
		     struct visorfs_msg *msg)
{
	u32 i = td->count;

	while (i--) {
		struct visorfs_entry *e = &td->objs[i].e;
		struct visorfs_dir *dir = visorfs_entry_dir(e);
		int ret;

		if (!dir || dir->gone || !vanishes(dir) || !visorfs_is_top(d->sbi, e) ||
		    !all_leave(e))
			continue;
		ret = check_mount(d, e, msg);
		if (ret)
			return ret;
		dir->gone = true;
		e->dir->going++;
		*more = true;
	}
	return 0;
}

/* A file must not take the place of a directory that users have something in. */
static int check_hidden(struct visorfs_sb *sbi, const struct visorfs_tardisk *td,
			struct visorfs_msg *msg)
{
	char buf[VISORFS_MSG_PATH];
	u32 i;

	for (i = 0; i < td->count; i++) {
		const struct visorfs_entry *e = &td->objs[i].e, *top;
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (!dir || dir->providers != dir->leaving || vanishes(dir))
			continue;
		top = visorfs_top(sbi, e);
		if (top->td && top->type != DT_DIR)
			return visorfs_fail(msg, -EXDEV,
					    "%s: %s: a file would hide a directory with others' files",
					    top->td->name, visorfs_msg_path(e, buf));
	}
	return 0;
}

int visorfs_plan_detach(struct visorfs_dropper *d, const struct visorfs_change *changes, u32 count,
			struct visorfs_msg *msg)
{
	bool more = true;
	int ret = 0;
	u32 i;

	for (i = 0; i < count && !ret; i++)
		ret = plan_names(d, &changes[i], msg);
	while (!ret && more) {
		more = false;
		for (i = 0; i < count && !ret; i++)
			ret = plan_dirs(d, changes[i].td, &more, msg);
	}
	for (i = 0; i < count && !ret; i++)
		ret = check_hidden(d->sbi, changes[i].td, msg);
	return ret;
}

/* Also what was paid, if it comes to nothing. */
void visorfs_forget_plan(struct visorfs_tardisk *td, bool refused)
{
	u32 i;

	for (i = 0; i < td->count; i++) {
		struct visorfs_entry *e = &td->objs[i].e;
		struct visorfs_dir *dir = visorfs_entry_dir(e);
		struct inode *inode = dir ? NULL : visorfs_pinned(visorfs_obj(e));

		e->dir->going = 0;
		if (dir) {
			dir->leaving = 0;
			dir->gone = false;
		}
		if (refused && inode)
			visorfs_unpay(inode);
	}
}

void visorfs_drop_detached(struct visorfs_dropper *d, const struct visorfs_change *change)
{
	u32 i = change->td->count;

	while (i--) {
		struct visorfs_entry *e = &change->td->objs[i].e;
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (visorfs_is_top(d->sbi, e) && !visorfs_is_kept(d->sbi, e, change->flags) &&
		    (!dir || dir->gone))
			visorfs_drop_name(d, e);
	}
}
