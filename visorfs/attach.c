// SPDX-License-Identifier: GPL-2.0-only
/* Linking a tardisk's entries into the namespace, and taking them out again. */
#include "switch.h"

bool visorfs_is_top(struct visorfs_sb *sbi, const struct visorfs_entry *e)
{
	return visorfs_find(sbi, e->dir, e->name, e->len) == e;
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

void visorfs_unlink_entry(struct visorfs_sb *sbi, struct visorfs_entry *e)
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
		return visorfs_push(sbi, e, VISORFS_NOFAIL);
	dir = visorfs_stack_dir(top);
	if (!dir) {
		dir = visorfs_new_dir(sbi, e->dir);
		if (!dir)
			return visorfs_fail(msg, -ENOMEM, "%s: no memory to attach it", td->name);
	}
	e->obj->dir = dir;
	visorfs_push(sbi, e, VISORFS_NOFAIL);
	visorfs_dir_provide(dir, e);
	visorfs_dir_refresh(sbi, dir);
	return 0;
}

/* Takes the first count entries of a tardisk out again, the last one first. */
void visorfs_unlink_entries(struct visorfs_sb *sbi, struct visorfs_tardisk *td, u32 count)
{
	while (count--) {
		struct visorfs_entry *e = &td->entries[count];
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		visorfs_unlink_entry(sbi, e);
		if (dir && visorfs_dir_unprovide(sbi, dir, e))
			visorfs_dir_refresh(sbi, dir);
	}
}

int visorfs_link_tardisk(struct visorfs_sb *sbi, struct visorfs_tardisk *td,
			 struct visorfs_msg *msg)
{
	u32 i;
	int ret;

	td->order = sbi->next_order++;
	td->first_ino = atomic64_fetch_add(td->count, &sbi->next_ino) + 1;
	for (i = 0; i < td->count; i++) {
		ret = link_entry(sbi, &td->entries[i], msg);
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
		struct visorfs_entry *e = &td->entries[i];
		struct visorfs_dir *dir = visorfs_entry_dir(e);

		if (visorfs_is_top(d->sbi, e) && (!dir || dir->providers == 1))
			visorfs_drop_name(d, e);
	}
}
