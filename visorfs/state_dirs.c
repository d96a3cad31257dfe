// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which directories may hold state: those that were named, with all below
 * them. Until some are named every directory may. A directory keeps its mark
 * when it is renamed; one that vanishes takes it along.
 */
#include <linux/slab.h>

#include "internal.h"

/* The caller holds sw. */
bool visorfs_holds_state(const struct visorfs_sb *sbi, const struct visorfs_dir *dir)
{
	if (!sbi->state_limited)
		return true;
	for (; dir; dir = dir->parent)
		if (dir->state)
			return true;
	return false;
}

/* Finds the directories of a list, and marks them if it is to. */
static int each_named(struct visorfs_sb *sbi, const char *list, bool mark, struct visorfs_msg *msg)
{
	char *copy = kstrdup(list, GFP_KERNEL), *rest = copy, *path;
	int ret = copy ? 0 : -ENOMEM;

	while (!ret && (path = strsep(&rest, ":"))) {
		u32 len = strlen(path);
		struct visorfs_dir *dir = visorfs_walk(sbi, path);

		if (dir && len)
			dir->state |= mark;
		else
			ret = visorfs_fail(msg, -ENOENT,
					   "state=%s: one of them is no directory of this file system",
					   list);
	}
	kfree(copy);
	return ret;
}

static void clear_marks(struct visorfs_sb *sbi)
{
	struct visorfs_dir *dir;

	spin_lock(&sbi->dirs_lock);
	list_for_each_entry(dir, &sbi->dirs, list)
		dir->state = false;
	spin_unlock(&sbi->dirs_lock);
}

/*
 * From now on the directories of list, paths in this file system with colons
 * between them, hold state and no others do. -ENOENT: one of them is missing,
 * and nothing has changed.
 */
int visorfs_state_dirs(struct visorfs_sb *sbi, const char *list, struct visorfs_msg *msg)
{
	int ret;

	down_write(&sbi->sw);
	ret = each_named(sbi, list, false, msg);
	if (!ret) {
		clear_marks(sbi);
		ret = each_named(sbi, list, true, msg);
		sbi->state_limited = true;
	}
	up_write(&sbi->sw);
	return ret;
}
