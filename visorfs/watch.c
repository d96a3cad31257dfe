// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens on the way to a full ramdisk: marks at 80 and 95 percent of
 * each cap, questions to the host for memory, and the lines in the log.
 *
 * A charge compares the new use with one number, limit->high, and whoever
 * gives back with limit->low; only where one is crossed it is looked what for.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/jiffies.h>
#include <linux/kernfs.h>
#include <linux/math64.h>
#include <linux/slab.h>

#include "internal.h"
#include "trace.h"

#define SAY_EVERY (5 * HZ) /* at most one line of a full ramdisk in this time */
#define WARN_EVERY (60 * HZ) /* and one about each mark */
#define BACK 5 /* percent below a mark at which it counts as left */
#define ASK_AHEAD (1 << (20 - PAGE_SHIFT)) /* pages granted beyond what is asked for */

static const u32 percents[VISORFS_MARKS] = { 80, 95 };

static s64 percent(const struct visorfs_limit *l, u32 percent)
{
	u64 max = atomic64_read(&l->max), rest;

	max = div64_u64_rem(max, 100, &rest);
	return max * percent + DIV_ROUND_UP((u32)rest * percent, 100);
}

/* The mark that use has passed and not left again, in percent, or 0. */
u32 visorfs_mark_of(const struct visorfs_limit *l)
{
	u32 marks = READ_ONCE(l->marks);

	return marks ? percents[marks - 1] : 0;
}

static void set_bounds(struct visorfs_ramdisk *rd, struct visorfs_limit *l)
{
	s64 high = l->marks < VISORFS_MARKS ? percent(l, percents[l->marks]) - 1 : S64_MAX;
	s64 low = l->marks ? percent(l, percents[l->marks - 1] - BACK) : 0;

	if (l == &rd->pages) {
		high = min(high, rd->grant);
		/* Memory that was given back is asked for again. */
		if (rd->grant - 2 * ASK_AHEAD >= rd->min)
			low = max(low, rd->grant - 2 * ASK_AHEAD);
	}
	WRITE_ONCE(l->high, high);
	WRITE_ONCE(l->low, low);
}

/* After the caps were set: all is looked at anew. Marks that hold already are said again. */
void visorfs_set_watch(struct visorfs_ramdisk *rd)
{
	spin_lock(&rd->watch_lock);
	rd->grant = max_t(s64, rd->min, atomic64_read(&rd->pages.used));
	rd->pages.marks = 0;
	rd->inodes.marks = 0;
	set_bounds(rd, &rd->pages);
	set_bounds(rd, &rd->inodes);
	spin_unlock(&rd->watch_lock);
}

static void notify(struct visorfs_ramdisk *rd, struct kernfs_node *kn)
{
	atomic64_inc(&rd->sbi->ramdisk_events);
	if (kn)
		kernfs_notify(kn);
	if (rd->sbi->events_kn)
		kernfs_notify(rd->sbi->events_kn);
}

/* What was reserved is the ramdisk's; for more the host must have memory. */
static bool ask_host(struct visorfs_ramdisk *rd, s64 want)
{
	s64 more = want - max_t(s64, rd->min, atomic64_read(&rd->pages.used)), spare;

	if (want <= rd->min)
		return true;
	spare = visorfs_spare_pages(rd->sbi) - more;
	WRITE_ONCE(rd->no_memory, spare < 0);
	if (spare < 0)
		return false;
	rd->grant = want + min(spare, ASK_AHEAD);
	return true;
}

static void warn(struct visorfs_ramdisk *rd, struct visorfs_limit *l, u32 mark, s64 used)
{
	bool inodes = l == &rd->inodes;
	char pool[VISORFS_POOL_TEXT];
	unsigned long said = READ_ONCE(l->said[mark]);
	s64 max = atomic64_read(&l->max);
	s64 more = max(used - (s64)atomic64_read(&l->used), 0LL);

	atomic64_inc(&rd->warning_events);
	notify(rd, rd->warning_kn);
	if ((said && time_before(jiffies, said + WARN_EVERY)) ||
	    cmpxchg(&l->said[mark], said, jiffies ?: 1) != said)
		return;
	pr_warn("ramdisk %s at %s: %u%% of its %s used, %lld of %lld%s, last by %s (pid %d); most is held by %s\n",
		rd->name, rd->path, percents[mark], inodes ? "inodes are" : "size is",
		inodes ? used : used << (PAGE_SHIFT - 10), inodes ? max : max << (PAGE_SHIFT - 10),
		inodes ? "" : " KiB", current->comm, task_tgid_nr(current),
		visorfs_say_owner(rd, inodes, inodes ? more : more << PAGE_SHIFT, pool));
}

/* Use is about to pass limit->high; false if the host has no memory for it. */
bool visorfs_rising(struct visorfs_ramdisk *rd, struct visorfs_limit *l, s64 want)
{
	u32 before, after;
	bool ok = true;

	spin_lock(&rd->watch_lock);
	if (l == &rd->pages && want > rd->grant)
		ok = ask_host(rd, want);
	before = l->marks;
	while (ok && l->marks < VISORFS_MARKS && want >= percent(l, percents[l->marks]))
		l->marks++;
	after = l->marks;
	set_bounds(rd, l);
	spin_unlock(&rd->watch_lock);
	if (after > before)
		warn(rd, l, after - 1, want);
	return ok;
}

void visorfs_falling(struct visorfs_ramdisk *rd, struct visorfs_limit *l, s64 used)
{
	bool left = false;

	spin_lock(&rd->watch_lock);
	while (l->marks && used < percent(l, percents[l->marks - 1] - BACK)) {
		l->marks--;
		left = true;
	}
	if (l == &rd->pages)
		rd->grant = min(rd->grant, max(rd->min, used + ASK_AHEAD));
	set_bounds(rd, l);
	spin_unlock(&rd->watch_lock);
	if (left)
		notify(rd, rd->warning_kn);
}

enum { NO_INODES, NO_PAGES, NO_MEMORY };

/* What it was that did not suffice: an inode is asked for first. */
static int reason(struct visorfs_ramdisk *rd, bool making)
{
	if (making && atomic64_read(&rd->inodes.used) >= atomic64_read(&rd->inodes.max))
		return NO_INODES;
	if (READ_ONCE(rd->no_memory) &&
	    atomic64_read(&rd->pages.used) < atomic64_read(&rd->pages.max))
		return NO_MEMORY;
	return NO_PAGES;
}

static void say(struct visorfs_ramdisk *rd, const char *path, int why)
{
	s64 inodes = atomic64_read(&rd->inodes.max), pages = atomic64_read(&rd->pages.max);
	char pool[VISORFS_POOL_TEXT];

	visorfs_say_owner(rd, why == NO_INODES, 0, pool);
	if (why == NO_INODES)
		pr_warn("ramdisk %s is full (%lld inodes): cannot create %s for %s (pid %d); top is %s, most is held by %s\n",
			rd->name, inodes, path, current->comm, task_tgid_nr(current), rd->path,
			pool);
	else if (why == NO_PAGES)
		pr_warn("ramdisk %s is full (%lld KiB): cannot extend %s for %s (pid %d); top is %s, most is held by %s\n",
			rd->name, pages << (PAGE_SHIFT - 10), path, current->comm,
			task_tgid_nr(current), rd->path, pool);
	else
		pr_warn("ramdisk %s cannot grow beyond %lld KiB, the host is short of memory: cannot extend %s for %s (pid %d); top is %s, most is held by %s\n",
			rd->name, (s64)atomic64_read(&rd->pages.used) << (PAGE_SHIFT - 10), path,
			current->comm, task_tgid_nr(current), rd->path, pool);
}

/*
 * Tells the log that a ramdisk is full: which, what did not fit, and who
 * wanted it. Rare lines; the counter in sysfs has all of them. making:
 * something was to be made or moved in, which takes an inode.
 */
void visorfs_say_full(struct visorfs_ramdisk *rd, struct dentry *dentry, bool making)
{
	unsigned long said = READ_ONCE(rd->full_said);
	int why = reason(rd, making);
	char *buf, *path = NULL;

	trace_visorfs_full(rd, why == NO_INODES);
	atomic64_inc(&rd->full_events);
	notify(rd, rd->full_kn);
	if (said && time_before(jiffies, said + SAY_EVERY))
		return;
	if (cmpxchg(&rd->full_said, said, jiffies ?: 1) != said)
		return;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (buf && dentry)
		path = dentry_path_raw(dentry, buf, PATH_MAX);
	if (IS_ERR_OR_NULL(path))
		path = "(unknown file)";
	say(rd, path, why);
	kfree(buf);
}
