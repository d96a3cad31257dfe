// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ramdisks: subtrees with a hard cap in pages and in inodes.
 *
 * Counts are exact: a charge that would pass the cap is refused, whatever
 * others do at the same time. Charged are the pages of files made or changed
 * here, one page for each link target longer than VISORFS_SHORT_LINK bytes, and one inode
 * for every file, directory, link, node and branch. Whiteouts are not: their
 * number is bounded by that of the tardisks' names.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/jiffies.h>
#include <linux/slab.h>

#include "internal.h"

#define SAY_EVERY (5 * HZ) /* at most one line of a full ramdisk in this time */

static void note_peak(atomic64_t *peak, s64 value)
{
	s64 old = atomic64_read(peak);

	while (old < value && !atomic64_try_cmpxchg(peak, &old, value))
		;
}

static int charge(atomic64_t *used, atomic64_t *max, atomic64_t *peak, s64 n)
{
	s64 old = atomic64_read(used);

	do {
		if (old + n > atomic64_read(max))
			return -ENOSPC;
	} while (!atomic64_try_cmpxchg(used, &old, old + n));
	note_peak(peak, old + n);
	return 0;
}

int visorfs_charge(struct visorfs_ramdisk *rd, s64 pages)
{
	return charge(&rd->used, &rd->max, &rd->peak, pages);
}

void visorfs_uncharge(struct visorfs_ramdisk *rd, s64 pages)
{
	atomic64_sub(pages, &rd->used);
}

int visorfs_charge_inode(struct visorfs_ramdisk *rd)
{
	return charge(&rd->inodes, &rd->max_inodes, &rd->peak_inodes, 1);
}

/* For what cannot be refused any more; the count may pass the cap. */
void visorfs_force_inode(struct visorfs_ramdisk *rd)
{
	note_peak(&rd->peak_inodes, atomic64_inc_return(&rd->inodes));
}

void visorfs_uncharge_inode(struct visorfs_ramdisk *rd)
{
	atomic64_dec(&rd->inodes);
}

/*
 * Tells the log that a ramdisk is full: which, what did not fit, and who
 * wanted it. Rare lines; the counter in sysfs has all of them.
 */
void visorfs_say_full(struct visorfs_ramdisk *rd, struct dentry *dentry, bool inodes)
{
	unsigned long said = READ_ONCE(rd->full_said);
	char *buf, *path = NULL;

	atomic64_inc(&rd->full_events);
	if (said && time_before(jiffies, said + SAY_EVERY))
		return;
	if (cmpxchg(&rd->full_said, said, jiffies ?: 1) != said)
		return;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (buf && dentry)
		path = dentry_path_raw(dentry, buf, PATH_MAX);
	if (IS_ERR_OR_NULL(path))
		path = "(unknown file)";
	if (inodes)
		pr_warn("ramdisk %s is full (%lld inodes): cannot create %s for %s (pid %d)\n",
			rd->name, (s64)atomic64_read(&rd->max_inodes), path, current->comm,
			task_tgid_nr(current));
	else
		pr_warn("ramdisk %s is full (%lld KiB): cannot extend %s for %s (pid %d)\n",
			rd->name, (s64)atomic64_read(&rd->max) << (PAGE_SHIFT - 10), path,
			current->comm, task_tgid_nr(current));
	kfree(buf);
}

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

static int check_limits(const char *name, u64 max, u64 min, u64 max_inodes,
			struct visorfs_msg *msg)
{
	if (!name[0] || strnlen(name, VISORFS_NAME_MAX + 1) > VISORFS_NAME_MAX ||
	    name[0] == '.' || strpbrk(name, "/\n"))
		return visorfs_fail(msg, -EINVAL, "%.63s: is no name for a ramdisk", name);
	if (max >> PAGE_SHIFT == 0 || max > S64_MAX || min > max || !max_inodes ||
	    max_inodes > S64_MAX)
		return visorfs_fail(msg, -EINVAL, "ramdisk %s: a limit is out of range", name);
	return 0;
}

static void set_limits(struct visorfs_ramdisk *rd, u64 max, u64 min, u64 max_inodes)
{
	atomic64_set(&rd->max, max >> PAGE_SHIFT);
	atomic64_set(&rd->max_inodes, max_inodes);
	rd->min = min >> PAGE_SHIFT;
}

void visorfs_ramdisk_free(struct visorfs_ramdisk *rd)
{
	if (rd->kobj.state_initialized) {
		kobject_put(&rd->kobj); /* takes the folder away, if there is one */
	} else {
		kfree(rd->path);
		kfree(rd);
	}
}

/* The caller holds switch_mutex; limits in bytes and inodes. ERR_PTR on failure. */
struct visorfs_ramdisk *visorfs_ramdisk_add(struct visorfs_sb *sbi, struct visorfs_dir *top,
					    const char *name, u64 max, u64 min, u64 max_inodes,
					    struct visorfs_msg *msg)
{
	struct visorfs_ramdisk *rd;
	char *buf, *path;
	int ret = check_limits(name, max, min, max_inodes, msg);

	if (ret)
		return ERR_PTR(ret);
	if (top->rd_top || find_ramdisk(sbi, name))
		return ERR_PTR(visorfs_fail(msg, -EEXIST,
					    "ramdisk %s: the name or the directory has one", name));
	rd = kzalloc(sizeof(*rd), GFP_KERNEL);
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!rd || !buf)
		goto no_memory;
	strscpy(rd->name, name, sizeof(rd->name));
	set_limits(rd, max, min, max_inodes);
	rd->top = top;
	down_write(&sbi->sw);
	path = visorfs_dir_path(top, buf, PATH_MAX);
	rd->path = kstrdup(path ?: "", GFP_KERNEL);
	if (rd->path) {
		kref_get(&top->ref);
		top->rd_top = true;
		top->rd = rd;
		list_add_tail(&rd->list, &sbi->ramdisks);
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

/* New limits for a ramdisk; -EBUSY below what it holds. Holds switch_mutex. */
int visorfs_ramdisk_resize(struct visorfs_sb *sbi, const char *name, u64 max, u64 min,
			   u64 max_inodes)
{
	struct visorfs_ramdisk *rd = find_ramdisk(sbi, name);
	s64 old_max, old_inodes;

	if (!rd)
		return -ENOENT;
	if (check_limits(name, max, min, max_inodes, NULL))
		return -EINVAL;
	old_max = atomic64_read(&rd->max);
	old_inodes = atomic64_read(&rd->max_inodes);
	/* First the cap, then the look: no charge can slip in between. */
	atomic64_set(&rd->max, max >> PAGE_SHIFT);
	atomic64_set(&rd->max_inodes, max_inodes);
	smp_mb(); /* pairs with the full barriers of cmpxchg in charge() */
	if (atomic64_read(&rd->used) > max >> PAGE_SHIFT ||
	    atomic64_read(&rd->inodes) > max_inodes) {
		atomic64_set(&rd->max, old_max);
		atomic64_set(&rd->max_inodes, old_inodes);
		return -EBUSY;
	}
	rd->min = min >> PAGE_SHIFT;
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
	if (atomic64_read(&rd->inodes) || atomic64_read(&rd->used)) {
		ret = -EBUSY;
	} else {
		rd->top->rd_top = false;
		list_del(&rd->list);
		assign_dirs(sbi, sbi->root->rd);
	}
	up_write(&sbi->sw);
	if (ret)
		return ret;
	visorfs_put_dir(sbi, rd->top);
	visorfs_ramdisk_free(rd);
	return 0;
}
