// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dropping names from the dentry cache while sw is held for writing. Only
 * directories that are cached themselves can have cached names.
 */
#include "switch.h"

void visorfs_dropper_leave(struct visorfs_dropper *d)
{
	dput(d->dentry);
	d->dentry = NULL;
	d->dir = NULL;
}

static void dropper_enter(struct visorfs_dropper *d, struct visorfs_dir *dir)
{
	struct inode *inode;

	if (d->dir == dir)
		return;
	visorfs_dropper_leave(d);
	d->dir = dir;
	inode = ilookup(d->sbi->sb, dir->ino);
	if (inode) {
		d->dentry = d_find_any_alias(inode);
		iput(inode);
	}
}

static struct dentry *dropper_find(struct visorfs_dropper *d, const struct visorfs_entry *e)
{
	struct qstr name = QSTR_INIT(visorfs_name(e), e->len);
	struct dentry *child;

	dropper_enter(d, e->dir);
	if (!d->dentry)
		return NULL;
	child = d_hash_and_lookup(d->dentry, &name);
	return IS_ERR(child) ? NULL : child;
}

/* Whether the name of a top entry showed something before those that come were linked. */
bool visorfs_was_visible(const struct visorfs_dropper *d, const struct visorfs_entry *e)
{
	while (e && e->td && e->td->order >= d->first_new)
		e = e->below;
	return e && e->type != DT_WHT;
}

void visorfs_drop_name(struct visorfs_dropper *d, const struct visorfs_entry *e)
{
	struct dentry *child = dropper_find(d, e);

	if (d->dentry)
		visorfs_note(d, e, d->dentry, child);
	if (child) {
		d_invalidate(child);
		dput(child);
	}
}

bool visorfs_is_mounted_on(struct visorfs_dropper *d, const struct visorfs_entry *e)
{
	struct dentry *dentry = dropper_find(d, e);
	bool mounted = dentry && d_mountpoint(dentry);

	dput(dentry);
	return mounted;
}
