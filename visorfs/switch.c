// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaching and detaching as one switch of the namespace.
 *
 * While sw is held for writing no look-up that misses the dentry cache
 * proceeds, and every dentry whose answer changes is dropped before sw is
 * released. So a process that has seen one new name cannot see an old one
 * afterwards: old answers end before the first new one is given.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/file.h>
#include <linux/mount.h>
#include <linux/slab.h>

#include "internal.h"

#define NOFAIL (GFP_KERNEL | __GFP_NOFAIL)

/* Drops cached names; remembers the last directory, as names come in order. */
struct dropper {
	struct visorfs_sb *sbi;
	struct visorfs_dir *dir;
	struct dentry *dentry; /* of dir, NULL: nothing below it is cached */
};

static void dropper_leave(struct dropper *d)
{
	dput(d->dentry);
	d->dentry = NULL;
	d->dir = NULL;
}

static void dropper_enter(struct dropper *d, struct visorfs_dir *dir)
{
	struct inode *inode;

	if (d->dir == dir)
		return;
	dropper_leave(d);
	d->dir = dir;
	inode = ilookup(d->sbi->sb, dir->ino);
	if (inode) {
		d->dentry = d_find_any_alias(inode);
		iput(inode);
	}
}

static struct dentry *dropper_find(struct dropper *d, const struct visorfs_entry *e)
{
	struct qstr name = QSTR_INIT(e->name, e->len);
	struct dentry *child;

	dropper_enter(d, e->dir);
	if (!d->dentry)
		return NULL;
	child = d_hash_and_lookup(d->dentry, &name);
	return IS_ERR(child) ? NULL : child;
}

static void drop_name(struct dropper *d, const struct visorfs_entry *e)
{
	struct dentry *child = dropper_find(d, e);

	if (child) {
		d_invalidate(child);
		dput(child);
	}
}

static bool is_top(struct visorfs_sb *sbi, const struct visorfs_entry *e)
{
	return visorfs_find(sbi, e->dir, e->name, e->len) == e;
}

static const char *path_of(const struct visorfs_entry *e, char *buf)
{
	return visorfs_entry_path(e, buf, VISORFS_MSG_MAX / 2) ?: "(a long path)";
}

static bool leaving(const struct visorfs_tardisk *td)
{
	return td->detached;
}

/* A directory must not hide another tardisk's file, nor a file a directory. */
static int check_conflict(struct visorfs_entry *e, const struct visorfs_entry *top,
			  struct visorfs_msg *msg)
{
	char buf[VISORFS_MSG_MAX / 2];

	for (; top; top = top->below) {
		bool top_is_dir = top->type == DT_DIR, is_dir = e->type == DT_DIR;

		if (!top->td || leaving(top->td) || top_is_dir == is_dir)
			continue;
		return visorfs_fail(msg, -EXDEV, "%s: %s: a %s would hide a %s of %s", e->td->name,
				    path_of(e, buf), is_dir ? "directory" : "file",
				    is_dir ? "file" : "directory", top->td->name);
	}
	return 0;
}

static void unlink_entry(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_entry *top;

	visorfs_pull(sbi, e);
	top = visorfs_find(sbi, e->dir, e->name, e->len);
	/* A whiteout with nothing to hide any more. */
	if (top && top->type == DT_WHT && !top->below) {
		visorfs_pull(sbi, top);
		visorfs_state_forget(sbi, visorfs_upper(top));
		visorfs_free_upper(top);
	}
}

static int link_entry(struct visorfs_sb *sbi, struct visorfs_entry *e, struct visorfs_msg *msg)
{
	struct visorfs_tardisk *td = e->td;
	struct visorfs_entry *top;
	struct visorfs_dir *dir;
	int ret;

	e->dir = e->cookie == U32_MAX ? sbi->root : td->entries[e->cookie].obj->dir;
	top = visorfs_find(sbi, e->dir, e->name, e->len);
	ret = check_conflict(e, top, msg);
	if (ret)
		return ret;
	if (e->type != DT_DIR)
		return visorfs_push(sbi, e, NOFAIL);
	dir = visorfs_stack_dir(top);
	if (!dir) {
		dir = visorfs_new_dir(sbi, e->dir);
		if (!dir)
			return visorfs_fail(msg, -ENOMEM, "%s: no memory to attach it", td->name);
	}
	e->obj->dir = dir;
	visorfs_push(sbi, e, NOFAIL);
	visorfs_dir_provide(dir, e);
	visorfs_dir_refresh(sbi, dir);
	return 0;
}

/* Takes the first count entries of a tardisk out again, the last one first. */
static void unlink_entries(struct visorfs_sb *sbi, struct visorfs_tardisk *td, u32 count)
{
	while (count--) {
		struct visorfs_entry *e = &td->entries[count];
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		unlink_entry(sbi, e);
		if (dir) {
			visorfs_dir_unprovide(sbi, dir, e);
			if (dir->self)
				visorfs_dir_refresh(sbi, dir);
		}
	}
}

static int link_tardisk(struct visorfs_sb *sbi, struct visorfs_tardisk *td,
			struct visorfs_msg *msg)
{
	u32 i;
	int ret;

	td->order = sbi->next_order++;
	td->first_ino = atomic64_fetch_add(td->count, &sbi->next_ino) + 1;
	for (i = 0; i < td->count; i++) {
		ret = link_entry(sbi, &td->entries[i], msg);
		if (ret) {
			unlink_entries(sbi, td, i);
			return ret;
		}
	}
	return 0;
}

/* Names that show something else now; a directory that was there before stays as it is. */
static void drop_attached(struct dropper *d, struct visorfs_tardisk *td)
{
	u32 i;

	for (i = 0; i < td->count; i++) {
		struct visorfs_entry *e = &td->entries[i];
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (is_top(d->sbi, e) && (!dir || dir->providers == 1))
			drop_name(d, e);
	}
}

static bool branched(const struct visorfs_obj *obj)
{
	return obj->inode && VI(obj->inode)->rd;
}

/* A visible branch stays unless it is to be discarded; a moved or linked one always does. */
static bool kept(struct visorfs_sb *sbi, const struct visorfs_entry *e, u32 flags)
{
	return e->type != DT_DIR && branched(e->obj) && !(flags & VISORFS_DETACH_DISCARD) &&
	       is_top(sbi, e);
}

static bool has_upper_name(const struct visorfs_obj *obj)
{
	return obj->inode && atomic_read(&VI(obj->inode)->uppers);
}

/* Whether a directory goes with its tardisk: nobody else has it, nothing else is in it. */
static bool vanishes(const struct visorfs_dir *dir)
{
	return dir->providers == 1 && dir->visible == dir->going && !dir->rd_top;
}

static bool is_mounted_on(struct dropper *d, const struct visorfs_entry *e)
{
	struct dentry *dentry = dropper_find(d, e);
	bool mounted = dentry && d_mountpoint(dentry);

	dput(dentry);
	return mounted;
}

/*
 * From the deepest entries up: what becomes of each name, kept in the counts
 * of the directories; and whether anything forbids it.
 */
static int plan_detach(struct dropper *d, const struct visorfs_change *change,
		       struct visorfs_msg *msg)
{
	struct visorfs_tardisk *td = change->td;
	char buf[VISORFS_MSG_MAX / 2];
	u32 i = td->count;

	while (i--) {
		struct visorfs_entry *e = &td->entries[i];
		struct visorfs_dir *dir = visorfs_entry_dir(e);
		struct inode *inode = dir ? NULL : e->obj->inode;

		if (inode && atomic_read(&VI(inode)->opens) &&
		    !(change->flags & VISORFS_DETACH_FORCE))
			return visorfs_fail(msg, -EBUSY, "%s: %s is open or running", td->name,
					    path_of(e, buf));
		if (!is_top(d->sbi, e) || kept(d->sbi, e, change->flags))
			continue;
		if (dir && !vanishes(dir))
			continue;
		if (is_mounted_on(d, e))
			return visorfs_fail(msg, -EBUSY, "%s: %s holds a mount", td->name,
					    path_of(e, buf));
		if (!e->below)
			e->dir->going++;
	}
	return 0;
}

static void forget_plan(struct visorfs_tardisk *td)
{
	u32 i;

	for (i = 0; i < td->count; i++)
		td->entries[i].dir->going = 0;
}

static void drop_detached(struct dropper *d, const struct visorfs_change *change)
{
	u32 i = change->td->count;

	while (i--) {
		struct visorfs_entry *e = &change->td->entries[i];
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (is_top(d->sbi, e) && !kept(d->sbi, e, change->flags) &&
		    (!dir || vanishes(dir)))
			drop_name(d, e);
	}
}

/* Branches that stay pay for the pages they share with the tardisk. */
static int pay_branches(struct visorfs_sb *sbi, const struct visorfs_change *change,
			struct visorfs_msg *msg)
{
	struct visorfs_tardisk *td = change->td;
	char buf[VISORFS_MSG_MAX / 2];
	u32 i;

	for (i = 0; i < td->count; i++) {
		struct visorfs_entry *e = &td->entries[i];

		if (e->type == DT_DIR || !branched(e->obj) ||
		    !(kept(sbi, e, change->flags) || has_upper_name(e->obj)))
			continue;
		if (!visorfs_pay(e->obj->inode))
			continue;
		return visorfs_fail(msg, -ENOSPC, "%s: %s was changed and does not fit ramdisk %s",
				    td->name, path_of(e, buf), VI(e->obj->inode)->rd->name);
	}
	return 0;
}

/* A file of the ramdisk takes the name of the branch. */
static void keep_branch(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct inode *inode = e->obj->inode;
	struct visorfs_entry *upper;

	do {
		upper = visorfs_new_upper(e->dir, e->name, e->len);
	} while (!upper);
	upper->type = e->type;
	upper->inode = inode;
	visorfs_push(sbi, upper, NOFAIL);
	visorfs_named(inode, upper);
}

/* A directory that others' files keep alive becomes one of the ramdisk. */
static void keep_dir(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_dir *dir = e->obj->dir;
	struct visorfs_entry *upper;

	do {
		upper = visorfs_new_upper(e->dir, e->name, e->len);
	} while (!upper);
	upper->type = DT_DIR;
	upper->subdir = dir;
	visorfs_push(sbi, upper, NOFAIL);
	visorfs_dir_provide(dir, upper);
	visorfs_force_inode(e->dir->rd);
	dir->charged = e->dir->rd;
	dir->own = true;
}

/* The inode of an object leaves the tardisk; what is open goes on with it. */
static void release_object(struct visorfs_sb *sbi, struct visorfs_obj *obj)
{
	struct visorfs_tardisk *td = obj->td;
	struct inode *pinned = obj->inode;
	struct inode *inode = pinned;

	if (!inode)
		inode = ilookup(sbi->sb, td->first_ino + (obj - td->objs));
	if (!inode)
		return;
	obj->inode = NULL;
	visorfs_become_own(inode);
	if (VI(inode)->entry && VI(inode)->entry->td)
		VI(inode)->entry = NULL;
	if (!atomic_read(&VI(inode)->uppers)) {
		visorfs_state_drop(inode);
		clear_nlink(inode);
	}
	iput(inode);
}

static void unlink_tardisk(struct visorfs_sb *sbi, const struct visorfs_change *change)
{
	struct visorfs_tardisk *td = change->td;
	u32 i = td->count;

	while (i--) {
		struct visorfs_entry *e = &td->entries[i];
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (kept(sbi, e, change->flags))
			keep_branch(sbi, e);
		else if (!dir && e->obj->inode && is_top(sbi, e))
			drop_nlink(e->obj->inode);
		if (dir && is_top(sbi, e) && dir->providers == 1 &&
		    (!xa_empty(&dir->names) || dir->rd_top))
			keep_dir(sbi, e);
		unlink_entry(sbi, e);
		if (dir) {
			visorfs_dir_unprovide(sbi, dir, e);
			if (dir->self)
				visorfs_dir_refresh(sbi, dir);
		}
	}
	for (i = 0; i < td->count; i++) {
		struct visorfs_obj *obj = &td->objs[i];

		if (obj->td && !S_ISDIR(obj->mode))
			release_object(sbi, obj);
	}
	list_del_init(&td->list);
	sbi->tardisk_count--;
}

/* A switch on its way. */
struct change_set {
	struct visorfs_sb *sbi;
	struct visorfs_tardisk **attach;
	const struct visorfs_change *detach;
	u32 attach_count;
	u32 detach_count;
	u32 linked; /* of attach, so far */
	struct dropper dropper;
	struct visorfs_msg *msg;
};

/* Everything that can fail; undo() takes it back. */
static int prepare(struct change_set *c)
{
	int ret = 0;
	u32 i;

	for (; c->linked < c->attach_count; c->linked++) {
		ret = link_tardisk(c->sbi, c->attach[c->linked], c->msg);
		if (ret)
			return ret;
	}
	for (i = 0; i < c->detach_count && !ret; i++)
		ret = plan_detach(&c->dropper, &c->detach[i], c->msg);
	for (i = 0; i < c->detach_count && !ret; i++)
		ret = pay_branches(c->sbi, &c->detach[i], c->msg);
	return ret;
}

static void undo(struct change_set *c)
{
	u32 i, j;

	for (i = 0; i < c->detach_count; i++) {
		struct visorfs_tardisk *td = c->detach[i].td;

		for (j = 0; j < td->count; j++)
			if (td->entries[j].type != DT_DIR && td->entries[j].obj->inode)
				visorfs_unpay(td->entries[j].obj->inode);
		forget_plan(td);
	}
	while (c->linked--)
		unlink_entries(c->sbi, c->attach[c->linked], c->attach[c->linked]->count);
}

static void commit(struct change_set *c)
{
	u32 i;

	for (i = 0; i < c->attach_count; i++) {
		drop_attached(&c->dropper, c->attach[i]);
		list_add_tail(&c->attach[i]->list, &c->sbi->tardisks);
		c->sbi->tardisk_count++;
	}
	for (i = 0; i < c->detach_count; i++)
		drop_detached(&c->dropper, &c->detach[i]);
	for (i = 0; i < c->detach_count; i++)
		forget_plan(c->detach[i].td);
	for (i = 0; i < c->detach_count; i++)
		unlink_tardisk(c->sbi, &c->detach[i]);
}

/* The part that nobody sees happen. sw is held for writing. */
static int flip(struct change_set *c)
{
	int ret = prepare(c);

	if (ret)
		undo(c);
	else
		commit(c);
	dropper_leave(&c->dropper);
	return ret;
}

static int check_names(struct visorfs_sb *sbi, struct visorfs_tardisk **attach, u32 count,
		       struct visorfs_msg *msg)
{
	u32 i, j;

	for (i = 0; i < count; i++) {
		struct visorfs_tardisk *other = visorfs_tardisk_find(sbi, attach[i]->name);

		for (j = 0; j < i && (!other || leaving(other)); j++)
			if (!strcmp(attach[j]->name, attach[i]->name))
				other = attach[j];
		if (other && !leaving(other))
			return visorfs_fail(msg, -EEXIST, "%s: a tardisk of this name is attached",
					    attach[i]->name);
	}
	return 0;
}

static void after_switch(struct visorfs_tardisk **attach, u32 count,
			 const struct visorfs_change *detach, u32 detach_count)
{
	u32 i;

	for (i = 0; i < detach_count; i++) {
		struct visorfs_tardisk *td = detach[i].td;

		pr_info("tardisk %s detached\n", td->name);
		kobject_del(&td->kobj);
		visorfs_tardisk_put(td);
	}
	for (i = 0; i < count; i++) {
		/* Its numbers are read-only; not to show them is no reason to fail. */
		if (visorfs_sysfs_add_tardisk(attach[i]))
			pr_warn("tardisk %s: no memory for its sysfs folder\n", attach[i]->name);
		pr_info("tardisk %s attached: %u files, %llu KiB\n", attach[i]->name,
			attach[i]->files, attach[i]->pages << (PAGE_SHIFT - 10));
	}
}

/*
 * Attaches and detaches as one; the caller holds switch_mutex. On success the
 * attached tardisks belong to the namespace, on failure still to the caller,
 * and nothing has changed.
 */
int visorfs_switch(struct visorfs_sb *sbi, struct visorfs_tardisk **attach, u32 attach_count,
		   const struct visorfs_change *detach, u32 detach_count, struct visorfs_msg *msg)
{
	struct change_set c = {
		.sbi = sbi, .attach = attach, .attach_count = attach_count,
		.detach = detach, .detach_count = detach_count,
		.dropper = { .sbi = sbi }, .msg = msg,
	};
	struct hlist_bl_head *buckets;
	u32 more = 0, bits, i;
	int ret;

	for (i = 0; i < detach_count; i++)
		detach[i].td->detached = true;
	ret = check_names(sbi, attach, attach_count, msg);
	if (!ret) {
		for (i = 0; i < attach_count; i++)
			more += attach[i]->count;
		buckets = visorfs_names_room(sbi, more, &bits);
		down_write(&sbi->sw);
		if (buckets)
			visorfs_names_resize(sbi, buckets, bits);
		ret = flip(&c);
		up_write(&sbi->sw);
		/* Walkers of the hash table may still stand on what was taken out. */
		if (detach_count || ret)
			synchronize_rcu();
	}
	if (ret) {
		for (i = 0; i < detach_count; i++)
			detach[i].td->detached = false;
		return ret;
	}
	after_switch(attach, attach_count, detach, detach_count);
	return 0;
}

/* Attaches one tardisk from a path, named like its file: for the mount options. */
int visorfs_attach_path(struct visorfs_sb *sbi, const char *path, struct visorfs_msg *msg)
{
	struct visorfs_tardisk *td;
	struct file *file;
	int ret;

	file = filp_open(path, O_RDONLY | O_LARGEFILE, 0);
	if (IS_ERR(file))
		return visorfs_fail(msg, PTR_ERR(file), "%s: cannot be opened, error %ld", path,
				    PTR_ERR(file));
	mutex_lock(&sbi->switch_mutex);
	td = visorfs_tardisk_load(sbi, file, kbasename(path), msg);
	ret = PTR_ERR_OR_ZERO(td);
	if (!ret) {
		ret = visorfs_switch(sbi, &td, 1, NULL, 0, msg);
		if (ret)
			visorfs_tardisk_put(td);
	}
	mutex_unlock(&sbi->switch_mutex);
	fput(file);
	return ret;
}
