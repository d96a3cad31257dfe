// SPDX-License-Identifier: GPL-2.0-only
/*
 * The invariants of contents and of accounting, checked on demand: what each
 * file is charged for is what its page cache has, a tardisk's page is in its
 * slot or in the cache, and the charges of all files are what their ramdisks
 * count.
 */
#include <linux/delay.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "check.h"

#define TRIES 5 /* sums are taken again while the counts move */

/* What the files, directories and whiteouts of one ramdisk are charged for. */
struct sum {
	struct visorfs_ramdisk *rd;
	s64 pages;
	s64 inodes;
	s64 owned; /* inodes of all its owners */
};

struct sums {
	u32 count;
	struct sum sum[];
};

static struct sum *sum_of(struct sums *s, const struct visorfs_ramdisk *rd)
{
	u32 i;

	for (i = 0; i < s->count; i++)
		if (s->sum[i].rd == rd)
			return &s->sum[i];
	return NULL;
}

/* The slots of a tardisk's file: those whose page must be in the cache. */
static s64 check_slots(struct visorfs_checker *c, struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	u32 pages = visorfs_obj_pages(vi->obj), i;
	s64 empty = 0;

	for (i = 0; i < pages; i++) {
		if (vi->td->slots[vi->obj->page + i])
			continue;
		empty++;
		if (!xa_load(&inode->i_mapping->i_pages, i))
			visorfs_violation(c, "inode %lu of %s: page %u is nowhere", inode->i_ino,
					  vi->td->name, i);
	}
	return empty;
}

/* With the inode and its invalidate_lock nobody adds pages to the file, nor takes any. */
static void check_file(struct visorfs_checker *c, struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	s64 pages, shared = 0;

	inode_lock(inode);
	filemap_invalidate_lock(inode->i_mapping);
	/* Of a compressed tardisk's file the cache has pages that can be made again as well. */
	pages = vi->compressed && !vi->own ? visorfs_own_pages(inode) : inode->i_mapping->nrpages;
	if (vi->populated && vi->obj && !vi->own && !vi->compressed)
		shared = check_slots(c, inode);
	if (vi->populated && vi->shared != shared)
		visorfs_violation(c, "inode %lu: %lld pages are its tardisk's, it says %lld",
				  inode->i_ino, shared, vi->shared);
	if (vi->populated && vi->charged != pages - vi->shared)
		visorfs_violation(c, "inode %lu: charged for %lld pages, has %lld of its own",
				  inode->i_ino, vi->charged, pages - vi->shared);
	if (vi->charged && !vi->rd)
		visorfs_violation(c, "inode %lu: charged for %lld pages to no ramdisk",
				  inode->i_ino, vi->charged);
	filemap_invalidate_unlock(inode->i_mapping);
	inode_unlock(inode);
	c->files++;
}

static void add_inode(struct sums *s, struct visorfs_inode *vi)
{
	struct sum *sum;

	spin_lock(&vi->lock);
	sum = vi->rd ? sum_of(s, vi->rd) : NULL;
	if (sum) {
		sum->pages += vi->charged;
		sum->inodes += vi->names;
	}
	spin_unlock(&vi->lock);
}

/* All inodes in memory: those that were changed are pinned, so they are among them. */
static void walk_inodes(struct visorfs_checker *c, struct sums *s)
{
	struct super_block *sb = c->sbi->sb;
	struct inode *inode, *last = NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		if (!igrab(inode))
			continue;
		spin_unlock(&sb->s_inode_list_lock);
		iput(last); /* kept until now: the walk goes on from it */
		last = inode;
		if (s)
			add_inode(s, VI(inode));
		else if (S_ISREG(inode->i_mode))
			check_file(c, inode);
		cond_resched();
		spin_lock(&sb->s_inode_list_lock);
	}
	spin_unlock(&sb->s_inode_list_lock);
	iput(last);
}

static void walk_dirs(struct visorfs_sb *sbi, struct sums *s)
{
	struct visorfs_dir *dir;
	struct sum *sum;

	spin_lock(&sbi->dirs_lock);
	list_for_each_entry(dir, &sbi->dirs, list) {
		sum = dir->owner ? sum_of(s, dir->owner->rd) : NULL;
		if (sum)
			sum->inodes++;
	}
	spin_unlock(&sbi->dirs_lock);
}

static void walk_whiteouts(struct visorfs_checker *c, struct sums *s)
{
	struct visorfs_entry *e;
	struct visorfs_dir *dir;
	struct sum *sum;
	u32 cookie;

	down_write(&c->sbi->sw);
	list_for_each_entry(dir, &c->sbi->dirs, list) {
		for (cookie = 0; (e = visorfs_next_name(c->sbi, dir, &cookie)); cookie++) {
			sum = e->type == DT_WHT && e->owner ? sum_of(s, e->owner->rd) : NULL;
			if (sum)
				sum->inodes++;
		}
		cond_resched();
	}
	up_write(&c->sbi->sw);
}

static void add_owners(struct sums *s)
{
	u32 i, k;

	for (i = 0; i < s->count; i++)
		for (k = 0; k < VISORFS_OWNERS; k++)
			s->sum[i].owned += atomic64_read(&s->sum[i].rd->owners[k].inodes);
}

/* Pages of files: all but those that records fill. */
static s64 file_pages(const struct visorfs_ramdisk *rd)
{
	return atomic64_read(&rd->pages.used) -
	       DIV_ROUND_UP_ULL(READ_ONCE(rd->records), PAGE_SIZE);
}

static struct sums *new_sums(struct visorfs_sb *sbi)
{
	struct visorfs_ramdisk *rd;
	struct sums *s;
	u32 count = 0;

	list_for_each_entry(rd, &sbi->ramdisks, list)
		count++;
	s = kvzalloc(struct_size(s, sum, count), GFP_KERNEL);
	if (s)
		list_for_each_entry(rd, &sbi->ramdisks, list)
			s->sum[s->count++].rd = rd;
	return s;
}

static bool balanced(const struct sums *s)
{
	u32 i;

	for (i = 0; i < s->count; i++) {
		s64 inodes = atomic64_read(&s->sum[i].rd->inodes.used);

		if (s->sum[i].pages != file_pages(s->sum[i].rd) || s->sum[i].inodes != inodes ||
		    s->sum[i].owned != inodes)
			return false;
	}
	return true;
}

static void report(struct visorfs_checker *c, const struct sums *s)
{
	u32 i;

	for (i = 0; i < s->count; i++) {
		const struct sum *sum = &s->sum[i];
		s64 pages = file_pages(sum->rd);
		s64 inodes = atomic64_read(&sum->rd->inodes.used);

		if (pages != sum->pages || inodes != sum->inodes)
			visorfs_violation(c,
					  "ramdisk %s: counts %lld pages, %lld inodes; its files: %lld, %lld",
					  sum->rd->name, pages, inodes, sum->pages, sum->inodes);
		if (inodes != sum->owned)
			visorfs_violation(c, "ramdisk %s: counts %lld inodes, its owners %lld",
					  sum->rd->name, inodes, sum->owned);
	}
}

/* Others go on working: only a difference that stays is one. */
static void check_sums(struct visorfs_checker *c)
{
	struct sums *s = NULL;
	u32 try;

	for (try = 0; try < TRIES; try++) {
		if (try)
			msleep(20 << try);
		kvfree(s);
		s = new_sums(c->sbi);
		if (!s)
			return;
		walk_inodes(c, s);
		walk_dirs(c->sbi, s);
		walk_whiteouts(c, s);
		add_owners(s);
		if (balanced(s))
			break;
	}
	if (try == TRIES)
		report(c, s);
	kvfree(s);
}

void visorfs_check_files(struct visorfs_checker *c)
{
	walk_inodes(c, NULL);
	check_sums(c);
}
