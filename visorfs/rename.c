// SPDX-License-Identifier: GPL-2.0-only
/*
 * Renaming. A tardisk's file becomes a branch and takes an upper name; below
 * its old name the pristine one stays, hidden. A directory that tardisks have
 * a part in cannot move: EXDEV, and mv(1) copies it.
 *
 * RENAME_WHITEOUT leaves a character device 0,0 behind, as overlayfs wants it:
 * an ordinary node, which has nothing to do with our own whiteouts.
 */
#include <linux/slab.h>

#include "internal.h"

/* One end of a rename: a name and what it shows. */
struct end {
	struct inode *dir;
	struct dentry *dentry;
	struct inode *inode; /* NULL: the name is free */
	struct visorfs_entry *e; /* visible entry, NULL or a whiteout if the name is free */
	struct visorfs_entry *new; /* upper entry that the name gets */
	struct visorfs_entry *old; /* upper entry that it replaced */
};

static struct visorfs_dir *dir_of(const struct inode *inode)
{
	return VI(inode)->dir;
}

static void find_end(struct end *end)
{
	end->inode = d_inode(end->dentry);
	end->e = visorfs_find(VSB(end->dir->i_sb), dir_of(end->dir), end->dentry->d_name.name,
			      end->dentry->d_name.len);
}

/* An upper entry for end's name, that will show what from shows. */
static int new_name(struct end *end, const struct end *from)
{
	end->new = visorfs_new_upper(dir_of(end->dir), end->dentry->d_name.name,
				     end->dentry->d_name.len, VISORFS_USER);
	if (!end->new)
		return -ENOMEM;
	end->new->type = from->e->type;
	if (end->new->type == DT_DIR)
		end->new->subdir = dir_of(from->inode);
	else
		end->new->inode = from->inode;
	return 0;
}

/* What moves must fit the ramdisk it goes to. */
static int check_move(const struct end *from, const struct end *to)
{
	struct visorfs_ramdisk *rd = dir_of(to->dir)->rd;
	struct visorfs_dir *dir;

	if (!S_ISDIR(from->inode->i_mode))
		return 0;
	dir = dir_of(from->inode);
	if (dir->rd_top)
		return -EBUSY;
	if (from->e->td || dir->providers != 1 || dir->rd != rd)
		return -EXDEV;
	return 0;
}

static int check_target(const struct end *to)
{
	struct visorfs_dir *dir;

	if (!to->inode || !S_ISDIR(to->inode->i_mode))
		return 0;
	dir = dir_of(to->inode);
	if (dir->visible)
		return -ENOTEMPTY;
	return dir->rd_top ? -EBUSY : 0;
}

/* The thing of from gets to's name, and loses its own if that is an upper one. */
static int charge_name(const struct end *from, const struct end *to)
{
	u32 len = to->dentry->d_name.len;

	if (S_ISDIR(from->inode->i_mode))
		return visorfs_rename_dir(dir_of(from->inode), from->e->len, len);
	return visorfs_charge_name(VI(from->inode), len, !from->e->td);
}

static void uncharge_name(const struct end *from, const struct end *to)
{
	u32 len = to->dentry->d_name.len;

	if (S_ISDIR(from->inode->i_mode))
		visorfs_rename_dir(dir_of(from->inode), len, from->e->len);
	else
		visorfs_uncharge_name(VI(from->inode), len);
}

/* The thing of from is now known by to's new entry. */
static void moved(const struct end *from, const struct end *to)
{
	struct inode *inode = from->inode;

	if (to->new->type == DT_DIR) {
		visorfs_dir_provide(dir_of(inode), to->new);
		dir_of(inode)->self = to->new;
		dir_of(inode)->parent = dir_of(to->dir);
	} else {
		visorfs_named(inode, to->new);
	}
	inode_set_ctime_current(inode);
}

/* The upper entry that showed the thing is off its stack. */
static void left(struct visorfs_sb *sbi, struct inode *inode, struct visorfs_entry *upper)
{
	if (upper && upper->type == DT_DIR)
		visorfs_dir_unprovide(sbi, dir_of(inode), upper);
	else if (upper && upper->type != DT_WHT)
		visorfs_unnamed(inode, upper);
	visorfs_free_upper(upper);
}

static void target_gone(struct visorfs_sb *sbi, struct end *to)
{
	if (!to->inode) {
		visorfs_free_upper(to->old); /* a whiteout */
	} else if (S_ISDIR(to->inode->i_mode)) {
		visorfs_dir_gone(sbi, to->inode, to->old);
		visorfs_free_upper(to->old);
		clear_nlink(to->inode);
		inode_set_ctime_current(to->inode);
	} else {
		visorfs_name_gone(to->inode, to->old);
		visorfs_free_upper(to->old);
	}
}

/* The node that RENAME_WHITEOUT leaves behind. */
static int new_node(struct visorfs_sb *sbi, struct mnt_idmap *idmap, struct end *from)
{
	struct inode *inode = visorfs_new_inode(sbi, idmap, from->dir, S_IFCHR | WHITEOUT_MODE,
						WHITEOUT_DEV);

	int ret;

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	ret = visorfs_charge_name(VI(inode), from->dentry->d_name.len, false);
	if (!ret)
		from->new = visorfs_new_upper(dir_of(from->dir), from->dentry->d_name.name,
					      from->dentry->d_name.len, VISORFS_USER);
	if (!from->new) {
		iput(inode);
		return ret ?: -ENOMEM;
	}
	from->new->type = DT_CHR;
	from->new->inode = inode;
	return 0;
}

/* It takes the name; there is one, so this cannot fail. */
static void show_node(struct visorfs_sb *sbi, struct end *from)
{
	struct inode *node = from->new->inode;

	visorfs_show(sbi, from->new, &from->old);
	visorfs_named(node, from->new);
	iput(node);
	left(sbi, from->inode, from->old);
}

static void drop_node(struct end *from)
{
	if (!from->new)
		return;
	clear_nlink(from->new->inode);
	iput(from->new->inode);
	visorfs_free_upper(from->new);
}

static int move(struct visorfs_sb *sbi, struct mnt_idmap *idmap, struct end *from, struct end *to,
		bool leave_node)
{
	struct visorfs_ramdisk *rd = VI(from->inode)->rd;
	struct visorfs_entry *wht = NULL;
	int ret;

	ret = check_move(from, to) ?: check_target(to) ?: new_name(to, from);
	if (!ret && leave_node) {
		ret = new_node(sbi, idmap, from);
	} else if (!ret && visorfs_needs_whiteout(from->e)) {
		wht = visorfs_new_upper(dir_of(from->dir), from->dentry->d_name.name,
					from->dentry->d_name.len, VISORFS_USER);
		ret = wht ? visorfs_charge_whiteout(wht, true) : -ENOMEM;
	}
	if (!ret && to->new->type != DT_DIR)
		ret = visorfs_move_charge(from->inode, dir_of(to->dir)->rd);
	if (!ret) {
		ret = charge_name(from, to);
		if (!ret) {
			visorfs_state_inherit(to->e, from->inode);
			ret = visorfs_show(sbi, to->new, &to->old);
			if (ret)
				uncharge_name(from, to);
		}
		if (ret && to->new->type != DT_DIR) /* it stays where it pays */
			visorfs_move_charge(from->inode, rd);
	}
	if (ret) {
		visorfs_free_upper(to->new);
		visorfs_free_upper(wht);
		drop_node(from);
		return ret;
	}
	moved(from, to);
	if (leave_node)
		show_node(sbi, from);
	else
		left(sbi, from->inode, visorfs_hide(sbi, from->e, wht));
	target_gone(sbi, to);
	return 0;
}

static int exchange(struct visorfs_sb *sbi, struct end *a, struct end *b)
{
	int ret;

	/* Charges would have to cross; those who exchange want an atomic step, not a copy. */
	if (dir_of(a->dir)->rd != dir_of(b->dir)->rd)
		return -EXDEV;
	ret = check_move(a, b) ?: check_move(b, a) ?: new_name(b, a) ?: new_name(a, b);
	if (!ret)
		ret = charge_name(a, b);
	if (!ret) {
		ret = charge_name(b, a);
		if (ret)
			uncharge_name(a, b);
	}
	if (ret) {
		visorfs_free_upper(a->new);
		visorfs_free_upper(b->new);
		return ret;
	}
	/* Both names are there, so neither of these can fail. */
	visorfs_show(sbi, b->new, &b->old);
	visorfs_show(sbi, a->new, &a->old);
	moved(a, b);
	moved(b, a);
	left(sbi, a->inode, a->old);
	left(sbi, b->inode, b->old);
	return 0;
}

int visorfs_rename(struct mnt_idmap *idmap, struct inode *old_dir, struct dentry *old_dentry,
		   struct inode *new_dir, struct dentry *new_dentry, unsigned int flags)
{
	struct end from = { .dir = old_dir, .dentry = old_dentry };
	struct end to = { .dir = new_dir, .dentry = new_dentry };
	struct visorfs_sb *sbi = VSB(old_dir->i_sb);
	int ret = 0;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	if (!d_is_dir(old_dentry))
		ret = visorfs_branch(d_inode(old_dentry), old_dentry);
	if (!ret && flags & RENAME_EXCHANGE && !d_is_dir(new_dentry))
		ret = visorfs_branch(d_inode(new_dentry), new_dentry);
	if (ret)
		return ret;
	visorfs_names_grow(sbi);
	down_read(&sbi->sw);
	find_end(&from);
	find_end(&to);
	if (!from.e || from.e->type == DT_WHT || visorfs_is_dead(new_dir))
		ret = -ENOENT;
	else if (flags & RENAME_EXCHANGE)
		ret = exchange(sbi, &from, &to);
	else
		ret = move(sbi, idmap, &from, &to, flags & RENAME_WHITEOUT);
	if (!ret) {
		visorfs_dir_touched(old_dir);
		visorfs_dir_touched(new_dir);
	}
	up_read(&sbi->sw);
	if (ret == -ENOSPC)
		visorfs_say_full(dir_of(new_dir)->rd, new_dentry, true);
	if (!ret)
		visorfs_state_changed(from.inode);
	return ret;
}
