// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps the unpacked pages of compressed tardisks within their bounds. Files
 * are in the order in which pages were last made for them; the first in the
 * list lose what is neither mapped nor changed. Counts are of pages made, as
 * nobody tells when memory reclaim takes one: a file that is trimmed counts
 * anew, so an error does not grow.
 */
#include <linux/pagemap.h>
#include <linux/workqueue.h>

#include "internal.h"

static struct visorfs_inode *first_of(struct visorfs_sb *sbi)
{
	return list_first_entry_or_null(&sbi->cached, struct visorfs_inode, cached);
}

/* Takes a file off the list and its pages off the count; cache_lock is held. */
static void forget(struct visorfs_sb *sbi, struct visorfs_inode *vi)
{
	list_del_init(&vi->cached);
	sbi->cached_pages -= vi->cached_pages;
	vi->cached_pages = 0;
}

static void trim(struct work_struct *work)
{
	struct visorfs_sb *sbi = container_of(work, struct visorfs_sb, trim_work);

	for (;;) {
		struct inode *inode = NULL;
		struct visorfs_inode *vi;

		spin_lock(&sbi->cache_lock);
		if (sbi->cached_pages > sbi->cache_max) {
			vi = first_of(sbi);
			forget(sbi, vi);
			inode = igrab(&vi->vfs);
		}
		spin_unlock(&sbi->cache_lock);
		/* One on its way out takes its pages along. */
		if (inode) {
			invalidate_mapping_pages(inode->i_mapping, 0, -1);
			iput(inode);
		}
		if (READ_ONCE(sbi->cached_pages) <= READ_ONCE(sbi->cache_max))
			return;
		cond_resched();
	}
}

/* Pages were made for a file. */
void visorfs_cache_added(struct inode *inode, u32 pages)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);

	spin_lock(&sbi->cache_lock);
	list_move_tail(&vi->cached, &sbi->cached);
	vi->cached_pages += pages;
	sbi->cached_pages += pages;
	spin_unlock(&sbi->cache_lock);
	if (READ_ONCE(sbi->cached_pages) > READ_ONCE(sbi->cache_max))
		queue_work(system_unbound_wq, &sbi->trim_work);
}

/* A file goes. */
void visorfs_cache_drop(struct inode *inode)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);

	if (list_empty(&VI(inode)->cached))
		return;
	spin_lock(&sbi->cache_lock);
	forget(sbi, VI(inode));
	spin_unlock(&sbi->cache_lock);
}

/* A tardisk comes or goes. */
void visorfs_cache_resize(struct visorfs_sb *sbi, s64 pages)
{
	spin_lock(&sbi->cache_lock);
	sbi->cache_max += pages;
	spin_unlock(&sbi->cache_lock);
	queue_work(system_unbound_wq, &sbi->trim_work);
}

void visorfs_cache_init(struct visorfs_sb *sbi)
{
	spin_lock_init(&sbi->cache_lock);
	INIT_LIST_HEAD(&sbi->cached);
	INIT_WORK(&sbi->trim_work, trim);
}

/* Before the super block goes: no inode may be held. */
void visorfs_cache_stop(struct visorfs_sb *sbi)
{
	cancel_work_sync(&sbi->trim_work);
}
