// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots and their stacks. Callers hold sw; those who change a directory hold
 * its i_rwsem too, unless they hold sw for writing.
 */
#include "internal.h"

/* Keeps the counts of a directory right when what is seen under a name changes. */
static void count_top(struct visorfs_dir *dir, const struct visorfs_entry *e, int by)
{
	if (!e || e->type == DT_WHT)
		return;
	dir->visible += by;
	if (e->type == DT_DIR)
		dir->subdirs += by;
}

/*
 * Places. The entries of the tardisk that made a directory lie side by side
 * in memory: their places need no index. Names that others add come behind
 * them, in the xarray; so do those of the first tardisk that are still names
 * when it goes, in their old places.
 */

bool visorfs_is_kid(const struct visorfs_entry *e)
{
	const struct visorfs_obj *obj = visorfs_own_obj(e), *kids = e->dir->kids;

	return e->td && kids && e->td == kids->e.td && obj >= kids &&
	       obj < kids + e->dir->kid_count;
}

/* The kid whose place this is, unless it has gone already (cookie 0). */
static struct visorfs_entry *kid_at(const struct visorfs_dir *dir, u32 cookie)
{
	struct visorfs_entry *kid;

	if (cookie - VISORFS_FIRST_COOKIE >= dir->kid_count)
		return NULL;
	kid = &dir->kids[cookie - VISORFS_FIRST_COOKIE].e;
	return kid->cookie ? kid : NULL;
}

/* A directory that holds no name yet gets the entries of its tardisk. */
void visorfs_take_kids(struct visorfs_dir *dir, struct visorfs_obj *kids, u32 count)
{
	if (dir->slots || dir->next_cookie || !count)
		return;
	dir->kids = kids;
	dir->kid_count = count;
	dir->covered = 0;
	dir->next_cookie = VISORFS_FIRST_COOKIE + count;
}

/* They have all been pulled. */
void visorfs_forget_kids(struct visorfs_dir *dir, const struct visorfs_tardisk *td)
{
	if (!dir->kids || dir->kids->e.td != td)
		return;
	dir->kids = NULL;
	dir->kid_count = 0;
	dir->covered = 0;
}

/* visorfs_next_name() where it is not simple. */
struct visorfs_entry *visorfs_next_place(struct visorfs_sb *sbi, struct visorfs_dir *dir,
					 u32 *cookie)
{
	unsigned long index = max_t(u32, *cookie, VISORFS_FIRST_COOKIE);
	struct visorfs_entry *e;

	if (index - VISORFS_FIRST_COOKIE < dir->kid_count) {
		*cookie = index;
		return visorfs_top(sbi, &dir->kids[index - VISORFS_FIRST_COOKIE].e);
	}
	if (xa_empty(&dir->names))
		return NULL;
	e = xa_find(&dir->names, &index, ULONG_MAX, XA_PRESENT);
	*cookie = index;
	return e;
}

/* What is seen under a name that stays; new has the place from now on. */
static void replace_top(struct visorfs_sb *sbi, struct visorfs_entry *old,
			struct visorfs_entry *new)
{
	struct visorfs_dir *dir = new->dir;
	u32 cookie = old->cookie;
	struct visorfs_entry *kid;

	new->cookie = cookie;
	/* First the new one: whoever looks finds one of the two. */
	visorfs_hash(sbi, new);
	visorfs_unhash(sbi, old);
	kid = kid_at(dir, cookie);
	if (kid)
		dir->covered += (kid == old) - (kid == new);
	else /* where a name is already, or was a kid's: only the latter may allocate */
		xa_store(&dir->names, cookie, new, GFP_KERNEL | __GFP_NOFAIL);
	count_top(dir, old, -1);
	count_top(dir, new, 1);
}

static int new_slot(struct visorfs_sb *sbi, struct visorfs_entry *e, gfp_t gfp)
{
	struct visorfs_dir *dir = e->dir;

	if (visorfs_is_kid(e)) {
		e->cookie = VISORFS_FIRST_COOKIE + (visorfs_own_obj(e) - dir->kids);
	} else {
		struct xa_limit limit = XA_LIMIT(VISORFS_FIRST_COOKIE + dir->kid_count, S32_MAX);
		int ret = xa_alloc_cyclic(&dir->names, &e->cookie, e, limit, &dir->next_cookie,
					  gfp);

		if (ret < 0)
			return ret == -EBUSY ? -ENOSPC : ret;
	}
	visorfs_hash(sbi, e);
	atomic_inc(&sbi->slots);
	dir->slots++;
	count_top(dir, e, 1);
	return 0;
}

/*
 * Puts an entry on the stack of its name: an upper one on top, a tardisk's
 * below the upper one, if there is one, and above all others. With
 * __GFP_NOFAIL in gfp it cannot fail.
 */
int visorfs_push(struct visorfs_sb *sbi, struct visorfs_entry *e, gfp_t gfp)
{
	struct visorfs_entry *top = visorfs_is_kid(e) ? NULL : visorfs_top(sbi, e);

	e->below = NULL;
	if (!top)
		return new_slot(sbi, e, gfp);
	if (e->td && !top->td) {
		e->below = top->below;
		top->below = e;
		return 0;
	}
	e->below = top;
	replace_top(sbi, top, e);
	return 0;
}

static void remove_slot(struct visorfs_sb *sbi, struct visorfs_entry *e, bool kid)
{
	struct visorfs_dir *dir = e->dir;

	visorfs_unhash(sbi, e);
	if (!kid)
		xa_erase(&dir->names, e->cookie);
	atomic_dec(&sbi->slots);
	dir->slots--;
	count_top(dir, e, -1);
}

/*
 * Takes an entry off the stack of its name, wherever it is in it. A kid goes
 * only with all of its tardisk: its place, if it stays, moves to the xarray.
 */
void visorfs_pull(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_entry *top = visorfs_top(sbi, e), **at;
	bool kid = visorfs_is_kid(e);

	if (top == e && !e->below) {
		remove_slot(sbi, e, kid);
		if (kid)
			e->cookie = 0;
		return;
	}
	if (top == e) {
		top = e->below;
		replace_top(sbi, e, top);
	} else {
		for (at = &top->below; *at != e; at = &(*at)->below)
			;
		*at = e->below;
	}
	if (kid) {
		e->dir->covered--;
		e->cookie = 0;
		xa_store(&e->dir->names, top->cookie, top, GFP_KERNEL | __GFP_NOFAIL);
	}
}
