// SPDX-License-Identifier: GPL-2.0-only
/* Upper entries, how they show and hide names, and what an entry says of itself. */
#include <linux/slab.h>

#include "internal.h"

struct visorfs_entry *visorfs_new_upper(struct visorfs_dir *dir, const char *name, u32 len,
					gfp_t gfp)
{
	struct visorfs_upper *u;

	u = kzalloc(struct_size(u, name, len), gfp);
	if (!u)
		return NULL;
	memcpy(u->name, name, len);
	INIT_LIST_HEAD(&u->removed);
	u->e.dir = dir;
	u->e.len = len;
	return &u->e;
}

void visorfs_free_upper(struct visorfs_entry *e)
{
	if (!e)
		return;
	if (e->type == DT_WHT)
		visorfs_uncharge_whiteout(e);
	kfree_rcu(visorfs_upper(e), rcu);
}

/*
 * Puts an upper entry under its name, in place of the upper one that is there,
 * if any: a whiteout, or what a rename replaces. That one comes back in *old,
 * for the caller to free. Fails only where there was no such name at all.
 */
int visorfs_show(struct visorfs_sb *sbi, struct visorfs_entry *e, struct visorfs_entry **old)
{
	struct visorfs_entry *top = visorfs_top(sbi, e);

	*old = NULL;
	if (!top || top->td)
		return visorfs_push(sbi, e, GFP_KERNEL);
	visorfs_pull(sbi, top);
	visorfs_push(sbi, e, GFP_KERNEL | __GFP_NOFAIL);
	if (top->type == DT_WHT)
		visorfs_state_forget(sbi, visorfs_upper(top));
	*old = top;
	return 0;
}

bool visorfs_needs_whiteout(const struct visorfs_entry *e)
{
	return e->td || e->below;
}

/*
 * Takes what a name shows away: an upper entry goes, and what tardisks have
 * under the name is hidden by the whiteout. The upper entry is returned, for
 * the caller to free; wht is used up if visorfs_needs_whiteout().
 */
struct visorfs_entry *visorfs_hide(struct visorfs_sb *sbi, struct visorfs_entry *e,
				   struct visorfs_entry *wht)
{
	bool hide = visorfs_needs_whiteout(e);

	if (!e->td)
		visorfs_pull(sbi, e);
	if (hide) {
		wht->type = DT_WHT;
		visorfs_push(sbi, wht, GFP_KERNEL | __GFP_NOFAIL);
		visorfs_state_removed(sbi, visorfs_upper(wht));
	}
	return e->td ? NULL : e;
}

struct visorfs_dir *visorfs_entry_dir(const struct visorfs_entry *e)
{
	if (e->type != DT_DIR)
		return NULL;
	return e->subdir;
}

/* The directory that a stack holds at any depth: all of its providers share one. */
struct visorfs_dir *visorfs_stack_dir(const struct visorfs_entry *top)
{
	for (; top; top = top->below)
		if (top->type == DT_DIR)
			return visorfs_entry_dir(top);
	return NULL;
}

static char *prepend(char *at, char *buf, const char *name, u32 len)
{
	if (!at || at - buf < len + 1)
		return NULL;
	at -= len;
	memcpy(at, name, len);
	*--at = '/';
	return at;
}

/*
 * Paths for messages and for the list of changed state files, from the root
 * of the file system; sw is held for writing, or the answer may be late.
 */
char *visorfs_dir_path(const struct visorfs_dir *dir, char *buf, int size)
{
	char *at = buf + size - 1;

	*at = '\0';
	for (; at && dir->parent; dir = dir->parent) {
		if (!dir->self)
			return NULL;
		at = prepend(at, buf, visorfs_name(dir->self), dir->self->len);
	}
	if (at && !*at)
		*--at = '/';
	return at;
}

char *visorfs_entry_path(const struct visorfs_entry *e, char *buf, int size)
{
	char *path;

	/* The directory's path ends where the name begins. */
	if (size < e->len + 3)
		return NULL;
	path = visorfs_dir_path(e->dir, buf, size - e->len - 1);
	if (!path)
		return NULL;
	if (!path[1])
		path++; /* the root's slash is the one that follows */
	buf[size - e->len - 2] = '/';
	memcpy(buf + size - e->len - 1, visorfs_name(e), e->len);
	buf[size - 1] = '\0';
	return path;
}
