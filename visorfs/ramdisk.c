// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ramdisks: subtrees with a hard cap in pages and in inodes, and memory that
 * is reserved for them. What counts is in charge.c, bill.c and name_bill.c.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/slab.h>

#include "internal.h"
#include "spec.h"

static struct visorfs_ramdisk *find_ramdisk(struct visorfs_sb *sbi, const char *name)
{
	struct visorfs_ramdisk *rd;

	list_for_each_entry(rd, &sbi->ramdisks, list)
		if (!strcmp(rd->name, name))
			return rd;
	return NULL;
}

/* Every directory belongs to the ramdisk of the nearest top above it; sw is held for writing. */
static void assign_dirs(struct visorfs_sb *sbi, struct visorfs_ramdisk *fallback)
{
	struct visorfs_dir *dir, *top;

	list_for_each_entry(dir, &sbi->dirs, list) {
		for (top = dir; top->parent && !top->rd_top; top = top->parent)
			;
		WRITE_ONCE(dir->rd, top->rd_top ? top->rd : fallback);
	}
}

static void set_limits(struct visorfs_ramdisk *rd, const struct visorfs_limits *l)
{
	atomic64_set(&rd->pages.max, l->max >> PAGE_SHIFT);
	atomic64_set(&rd->inodes.max, l->inodes);
	WRITE_ONCE(rd->min, visorfs_reserved_pages(l));
	visorfs_set_watch(rd);
}

void visorfs_ramdisk_free(struct visorfs_ramdisk *rd)
{
	sysfs_put(rd->full_kn);
	sysfs_put(rd->warning_kn);
	if (rd->kobj.state_initialized) {
		kobject_put(&rd->kobj); /* takes the folder away, if there is one */
	} else {
		kfree(rd->path);
		kfree(rd);
	}
}

static void init_ramdisk(struct visorfs_ramdisk *rd, struct visorfs_sb *sbi, const char *name)
{
	rd->sbi = sbi;
	strscpy(rd->name, name, sizeof(rd->name));
	spin_lock_init(&rd->watch_lock);
	spin_lock_init(&rd->records_lock);
	visorfs_init_owners(rd);
}

/* The caller holds switch_mutex. ERR_PTR on failure. */
struct visorfs_ramdisk *visorfs_ramdisk_add(struct visorfs_sb *sbi, struct visorfs_dir *top,
					    const char *name, const struct visorfs_limits *limits,
					    struct visorfs_msg *msg)
{
	struct visorfs_ramdisk *rd;
	char *buf, *path;
	int ret = visorfs_check_limits(name, limits, msg);

	if (ret)
		return ERR_PTR(ret);
	if (top->rd_top || find_ramdisk(sbi, name))
		return ERR_PTR(visorfs_fail(msg, -EEXIST,
					    "ramdisk %s: the name or the directory has one", name));
	ret = visorfs_admit(sbi, name, visorfs_reserved_pages(limits), msg);
	if (ret)
		return ERR_PTR(ret);
	rd = kzalloc(sizeof(*rd), GFP_KERNEL);
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!rd || !buf)
		goto no_memory;
	init_ramdisk(rd, sbi, name);
	set_limits(rd, limits);
	rd->top = top;
	down_write(&sbi->sw);
	path = visorfs_dir_path(top, buf, PATH_MAX);
	rd->path = kstrdup(path ?: "", GFP_KERNEL);
	if (rd->path) {
		kref_get(&top->ref);
		top->rd_top = true;
		top->rd = rd;
		spin_lock(&sbi->ramdisks_lock);
		list_add_tail(&rd->list, &sbi->ramdisks);
		spin_unlock(&sbi->ramdisks_lock);
		assign_dirs(sbi, rd);
	}
	up_write(&sbi->sw);
	if (!rd->path)
		goto no_memory;
	kfree(buf);
	if (visorfs_sysfs_add_ramdisk(sbi, rd))
		pr_warn("ramdisk %s: no memory for its sysfs folder\n", rd->name);
	return rd;
no_memory:
	kfree(buf);
	kfree(rd);
	return ERR_PTR(visorfs_fail(msg, -ENOMEM, "ramdisk %s: no memory for it", name));
}

/* How much more is promised to a ramdisk with another reservation, in pages. */
static s64 promised(const struct visorfs_ramdisk *rd, s64 pages)
{
	s64 used = atomic64_read(&rd->pages.used);

	return max(pages - used, 0LL) - max(rd->min - used, 0LL);
}

/* New limits for a ramdisk; -EBUSY below what it holds. Holds switch_mutex. */
int visorfs_ramdisk_resize(struct visorfs_sb *sbi, const char *name,
			   const struct visorfs_limits *limits, struct visorfs_msg *msg)
{
	struct visorfs_ramdisk *rd = find_ramdisk(sbi, name);
	s64 old_max, old_inodes;
	int ret;

	if (!rd)
		return visorfs_fail(msg, -ENOENT, "ramdisk %s: there is none of this name", name);
	ret = visorfs_check_limits(name, limits, msg);
	if (!ret)
		ret = visorfs_admit(sbi, name, promised(rd, visorfs_reserved_pages(limits)), msg);
	if (ret)
		return ret;
	old_max = atomic64_read(&rd->pages.max);
	old_inodes = atomic64_read(&rd->inodes.max);
	/* First the cap, then the look: no charge can slip in between. */
	atomic64_set(&rd->pages.max, limits->max >> PAGE_SHIFT);
	atomic64_set(&rd->inodes.max, limits->inodes);
	smp_mb(); /* pairs with the full barriers of cmpxchg in charge() */
	if (atomic64_read(&rd->pages.used) > limits->max >> PAGE_SHIFT ||
	    atomic64_read(&rd->inodes.used) > limits->inodes) {
		atomic64_set(&rd->pages.max, old_max);
		atomic64_set(&rd->inodes.max, old_inodes);
		return visorfs_fail(msg, -EBUSY,
				    "ramdisk %s: more than that is in use: %lld KiB and %lld inodes",
				    name, (s64)atomic64_read(&rd->pages.used) << (PAGE_SHIFT - 10),
				    (s64)atomic64_read(&rd->inodes.used));
	}
	set_limits(rd, limits);
	return 0;
}

int visorfs_ramdisk_remove(struct visorfs_sb *sbi, const char *name)
{
	struct visorfs_ramdisk *rd = find_ramdisk(sbi, name);
	int ret = 0;

	if (!rd)
		return -ENOENT;
	if (rd->top == sbi->root)
		return -EPERM;
	down_write(&sbi->sw);
	/* With sw held nobody makes an inode, and who has none charges no page. */
	if (atomic64_read(&rd->inodes.used) || atomic64_read(&rd->pages.used)) {
		ret = -EBUSY;
	} else {
		rd->top->rd_top = false;
		spin_lock(&sbi->ramdisks_lock);
		list_del(&rd->list);
		spin_unlock(&sbi->ramdisks_lock);
		assign_dirs(sbi, sbi->root->rd);
	}
	up_write(&sbi->sw);
	if (ret)
		return ret;
	visorfs_put_dir(sbi, rd->top);
	visorfs_ramdisk_free(rd);
	return 0;
}
