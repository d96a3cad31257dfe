// SPDX-License-Identifier: GPL-2.0-only
/* Linking a tardisk's entries into the namespace, and taking them out again. */
#include "switch.h"

bool visorfs_is_top(struct visorfs_sb *sbi, const struct visorfs_entry *e)
{
	return visorfs_top(sbi, e) == e;
}

const char *visorfs_msg_path(const struct visorfs_entry *e, char *buf)
{
	return visorfs_entry_path(e, buf, VISORFS_MSG_PATH) ?: "(a long path)";
}

/* A directory must not hide another tardisk's file, nor a file a directory. */
static int check_conflict(struct visorfs_entry *e, const struct visorfs_entry *top,
			  struct visorfs_msg *msg)
{
	char buf[VISORFS_MSG_PATH];

	for (; top; top = top->below) {
		bool top_is_dir = top->type == DT_DIR, is_dir = e->type == DT_DIR;

		if (!top->td || top->td->detached || top_is_dir == is_dir)
			continue;
		return visorfs_fail(msg, -EXDEV, "%s: %s: a %s would hide a %s of %s", e->td->name,
				    visorfs_msg_path(e, buf), is_dir ? "directory" : "file",
				    is_dir ? "file" : "directory", top->td->name);
	}
	return 0;
}

static void unlink_entry(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_entry *top;

	visorfs_pull(sbi, e);
	top = visorfs_top(sbi, e);
	/* A whiteout with nothing to hide any more. */
	if (top && top->type == DT_WHT && !top->below) {
		visorfs_pull(sbi, top);
		visorfs_state_forget(sbi, visorfs_upper(top));
		visorfs_free_upper(top);
	}
}

/* The entries of a directory learn which one it is. */
static void adopt(struct visorfs_dir *dir, struct visorfs_obj *kids, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		kids[i].e.dir = dir;
	visorfs_take_kids(dir, kids, count);
}

static int link_entry(struct visorfs_sb *sbi, struct visorfs_obj *obj, struct visorfs_msg *msg)
{
	struct visorfs_entry *e = &obj->e;
	struct visorfs_entry *top = visorfs_is_kid(e) ? NULL : visorfs_top(sbi, e);
	struct visorfs_dir *dir;
	int ret;

	ret = check_conflict(e, top, msg);
	if (ret)
		return ret;
	if (e->type != DT_DIR)
		return visorfs_push(sbi, e, VISORFS_NOFAIL);
	dir = visorfs_stack_dir(top);
	if (!dir) {
		dir = visorfs_new_dir(sbi, e->dir);
		if (!dir)
			return visorfs_fail(msg, -ENOMEM, "%s: no memory to attach it",
					    e->td->name);
	}
	e->subdir = dir;
	adopt(dir, &e->td->objs[obj->kids], obj->size);
	visorfs_push(sbi, e, VISORFS_NOFAIL);
	visorfs_dir_provide(dir, e);
	visorfs_dir_refresh(sbi, dir);
	return 0;
}

/* Whoever is in a directory that has gone finds it as rmdir(2) leaves one. */
static void bury(struct visorfs_sb *sbi, u64 ino)
{
	struct inode *inode = ilookup(sbi->sb, ino);

	if (!inode)
		return;
	inode_set_flags(inode, S_DEAD, S_DEAD);
	clear_nlink(inode);
	inode_set_ctime_current(inode);
	iput(inode);
}

/* One entry off its stack; of a directory, those in it went before. */
void visorfs_unlink_obj(struct visorfs_sb *sbi, struct visorfs_obj *obj)
{
	struct visorfs_dir *dir = visorfs_entry_dir(&obj->e);
	u64 ino = dir ? dir->ino : 0;

	if (dir)
		visorfs_forget_kids(dir, obj->e.td);
	unlink_entry(sbi, &obj->e);
	if (!dir)
		return;
	if (visorfs_dir_unprovide(sbi, dir, &obj->e))
		visorfs_dir_refresh(sbi, dir);
	else
		bury(sbi, ino);
}

/* Takes the first count entries of a tardisk out again, the last one first. */
void visorfs_unlink_entries(struct visorfs_sb *sbi, struct visorfs_tardisk *td, u32 count)
{
	while (count--)
		visorfs_unlink_obj(sbi, &td->objs[count]);
	visorfs_forget_kids(sbi->root, td);
}

int visorfs_link_tardisk(struct visorfs_sb *sbi, struct visorfs_tardisk *td,
			 struct visorfs_msg *msg)
{
	u32 i;
	int ret;

	td->order = sbi->next_order++;
	ktime_get_real_ts64(&td->attached);
	td->first_ino = atomic64_fetch_add(td->count, &sbi->next_ino) + 1;
	adopt(sbi->root, td->objs, td->root_kids);
	for (i = 0; i < td->count; i++) {
		ret = link_entry(sbi, &td->objs[i], msg);
		if (ret) {
			visorfs_unlink_entries(sbi, td, i);
			return ret;
		}
	}
	return 0;
}

/* Names that show something else now; a directory that was there before stays as it is. */
void visorfs_drop_attached(struct visorfs_dropper *d, struct visorfs_tardisk *td)
{
	u32 i;

	for (i = 0; i < td->count; i++) {
		struct visorfs_entry *e = &td->objs[i].e;
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (visorfs_is_top(d->sbi, e) && (!dir || dir->providers == 1))
			visorfs_drop_name(d, e);
	}
}
