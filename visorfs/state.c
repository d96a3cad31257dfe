// SPDX-License-Identifier: GPL-2.0-only
/*
 * State: regular files with the sticky bit. The module keeps those that were
 * changed, in the order of their last change, and those of tardisks that were
 * removed; so to save state costs as much as was changed.
 *
 * The mark belongs to the name: a file that is made or moved where a state
 * file is or was becomes one. Editors that write anew and rename keep state
 * that way. Those outside the directories for state (state_dirs.c) are in the
 * lists as well, and left out when somebody asks.
 */
#include <linux/kernfs.h>

#include "internal.h"

bool visorfs_is_state(const struct inode *inode)
{
	return S_ISREG(inode->i_mode) && inode->i_mode & S_ISVTX;
}

static u64 next_generation(struct visorfs_sb *sbi)
{
	if (sbi->generation_kn)
		kernfs_notify(sbi->generation_kn);
	return ++sbi->generation;
}

/* A state file was written, made or given other attributes. */
void visorfs_state_changed(struct inode *inode)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);

	if (!visorfs_is_state(inode))
		return;
	spin_lock(&sbi->state_lock);
	vi->seq = next_generation(sbi);
	list_move_tail(&vi->changed, &sbi->changed);
	spin_unlock(&sbi->state_lock);
}

void visorfs_state_drop(struct inode *inode)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);

	if (list_empty(&vi->changed))
		return;
	spin_lock(&sbi->state_lock);
	list_del_init(&vi->changed);
	spin_unlock(&sbi->state_lock);
}

static bool hides_state(const struct visorfs_entry *e)
{
	for (; e; e = e->below)
		if (e->td && e->type == DT_REG && visorfs_obj(e)->mode & S_ISVTX)
			return true;
	return false;
}

/* A whiteout was made; it counts if it hides a state file. */
void visorfs_state_removed(struct visorfs_sb *sbi, struct visorfs_upper *wht)
{
	if (!hides_state(wht->e.below))
		return;
	spin_lock(&sbi->state_lock);
	wht->seq = next_generation(sbi);
	list_add_tail(&wht->removed, &sbi->removed);
	spin_unlock(&sbi->state_lock);
}

void visorfs_state_forget(struct visorfs_sb *sbi, struct visorfs_upper *wht)
{
	spin_lock(&sbi->state_lock);
	list_del_init(&wht->removed);
	spin_unlock(&sbi->state_lock);
}

/* The file is about to take a name; top is what has been there. */
void visorfs_state_inherit(struct visorfs_entry *top, struct inode *inode)
{
	bool state = hides_state(top);

	if (top && !top->td && top->type == DT_REG)
		state |= visorfs_is_state(top->inode);
	if (state && S_ISREG(inode->i_mode))
		inode->i_mode |= S_ISVTX;
}

/*
 * The first of a list after cursor, as the lists are in order of their numbers;
 * with one of its names.
 */
static struct visorfs_inode *changed_after(struct visorfs_sb *sbi, u64 cursor,
					   const struct visorfs_entry **name)
{
	struct visorfs_inode *vi;

	list_for_each_entry(vi, &sbi->changed, changed) {
		if (vi->seq <= cursor || !vi->vfs.i_nlink || !visorfs_is_state(&vi->vfs))
			continue;
		*name = visorfs_name_of(sbi, vi);
		if (*name && visorfs_holds_state(sbi, (*name)->dir))
			return vi;
	}
	return NULL;
}

static struct visorfs_upper *removed_after(struct visorfs_sb *sbi, u64 cursor)
{
	struct visorfs_upper *wht;

	list_for_each_entry(wht, &sbi->removed, removed)
		if (wht->seq > cursor && visorfs_holds_state(sbi, wht->e.dir))
			return wht;
	return NULL;
}

static int give_path(struct visorfs_state *st, const struct visorfs_entry *e)
{
	char *path = visorfs_entry_path(e, st->path, sizeof(st->path));

	if (!path)
		return -ENAMETOOLONG;
	memmove(st->path, path, st->path + sizeof(st->path) - path);
	return 0;
}

/*
 * The next changed or removed state file after st->cursor; -ENOENT at the end.
 * sw is held for writing, so that paths stand still.
 */
int visorfs_state_next(struct visorfs_sb *sbi, struct visorfs_state *st)
{
	const struct visorfs_entry *e = NULL, *name = NULL;
	struct visorfs_inode *vi;
	struct visorfs_upper *wht;

	spin_lock(&sbi->state_lock);
	st->generation = sbi->generation;
	vi = changed_after(sbi, st->cursor, &name);
	wht = removed_after(sbi, st->cursor);
	if (vi && (!wht || vi->seq < wht->seq)) {
		e = name;
		st->cursor = vi->seq;
		st->flags = 0;
	} else if (wht) {
		e = &wht->e;
		st->cursor = wht->seq;
		st->flags = VISORFS_STATE_DELETED;
	}
	spin_unlock(&sbi->state_lock);
	return e ? give_path(st, e) : -ENOENT;
}
