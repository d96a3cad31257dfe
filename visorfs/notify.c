// SPDX-License-Identifier: GPL-2.0-only
/*
 * What watchers (inotify, fanotify) are told of a switch: names that come are
 * created, names that go are deleted, names that show another file are both.
 * It is noted while names change, where somebody watches, and told afterwards.
 */
#include <linux/fsnotify.h>
#include <linux/slab.h>

#include "switch.h"

struct visorfs_news {
	struct list_head list; /* in a dropper */
	struct inode *dir;
	struct inode *was; /* what the name showed, if it was cached, or NULL */
	bool visible; /* the name showed something */
	bool is_dir;
	u8 len;
	char name[];
};

static bool is_watched(const struct inode *dir, const struct inode *was)
{
	return (READ_ONCE(dir->i_fsnotify_mask) | READ_ONCE(dir->i_sb->s_fsnotify_mask)) &
		       (FS_CREATE | FS_DELETE) ||
	       (was && READ_ONCE(was->i_fsnotify_mask));
}

/* A name is about to show something else. dir is its directory's dentry, child its own or NULL. */
void visorfs_note(struct visorfs_dropper *d, const struct visorfs_entry *e, struct dentry *dir,
		  struct dentry *child)
{
	struct inode *was = child ? d_inode(child) : NULL;
	struct visorfs_news *news;

	if (!fsnotify_sb_has_watchers(d->sbi->sb) || !is_watched(d_inode(dir), was))
		return;
	news = kzalloc(struct_size(news, name, e->len + 1), VISORFS_NOFAIL);
	news->dir = igrab(d_inode(dir));
	news->was = was ? igrab(was) : NULL;
	news->visible = visorfs_was_visible(d, e);
	news->is_dir = e->type == DT_DIR;
	news->len = e->len;
	memcpy(news->name, visorfs_name(e), e->len);
	list_add_tail(&news->list, &d->news);
}

static void tell(struct visorfs_sb *sbi, struct visorfs_news *news)
{
	struct qstr name = QSTR_INIT(news->name, news->len);
	u32 dir = news->is_dir ? FS_ISDIR : 0;
	const struct visorfs_entry *e;
	bool visible;

	down_read(&sbi->sw);
	e = visorfs_find(sbi, VI(news->dir)->dir, news->name, news->len);
	visible = e && e->type != DT_WHT;
	up_read(&sbi->sw);
	if (news->visible)
		fsnotify_name(FS_DELETE | dir, news->was ?: news->dir, FSNOTIFY_EVENT_INODE,
			      news->dir, &name, 0);
	if (visible)
		fsnotify_name(FS_CREATE | dir, news->dir, FSNOTIFY_EVENT_INODE, news->dir, &name,
			      0);
	/* It went for good: its own watchers are told, and let go. */
	if (news->was && !news->was->i_nlink)
		fsnotify_inoderemove(news->was);
}

/* Nobody holds sw. */
void visorfs_tell_news(struct visorfs_dropper *d)
{
	struct visorfs_news *news, *next;

	list_for_each_entry_safe(news, next, &d->news, list) {
		if (news->dir)
			tell(d->sbi, news);
		iput(news->was);
		iput(news->dir);
		kfree(news);
	}
}
