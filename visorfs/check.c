// SPDX-License-Identifier: GPL-2.0-only
/*
 * The invariants of the namespace, checked on demand while sw is held for
 * writing: every name is in its directory and in the hash, stacks are in
 * order, and all counts are what they count.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/slab.h>

#include "check.h"

#define SAID 10 /* violations that the log gets; all are counted */

void visorfs_violation(struct visorfs_checker *c, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	if (c->violations++ >= SAID)
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_err("check: %pV\n", &vaf);
	if (!c->msg->text[0])
		snprintf(c->msg->text, sizeof(c->msg->text), "%pV", &vaf);
	va_end(args);
}

/* By number and name: paths are not to be trusted here. */
static void bad_name(struct visorfs_checker *c, const struct visorfs_entry *e, const char *what)
{
	visorfs_violation(c, "directory %llu: name '%.*s': %s", e->dir->ino,
			  (int)min_t(u32, e->len, 64), visorfs_name(e), what);
}

static bool same_name(const struct visorfs_entry *a, const struct visorfs_entry *b)
{
	return a->dir == b->dir && a->len == b->len &&
	       !memcmp(visorfs_name(a), visorfs_name(b), a->len);
}

static bool is_dir(const struct visorfs_entry *e)
{
	return e->type == DT_DIR;
}

/* Below the top: older tardisks, newest first, all of them directories or none. */
static void check_below(struct visorfs_checker *c, const struct visorfs_entry *top,
			u64 *of_tardisks)
{
	const struct visorfs_entry *e = top, *above = NULL;

	for (; e; above = e, e = e->below) {
		*of_tardisks += !!e->td;
		if (!same_name(e, top))
			bad_name(c, top, "another name is in its stack");
		if (above && !e->td)
			bad_name(c, top, "a ramdisk's entry is not on top");
		if (above && above->td && e->td && above->td->order <= e->td->order)
			bad_name(c, top, "its tardisks are not in the order of attachment");
		if (above && above->td && is_dir(above) != is_dir(e))
			bad_name(c, top, "files and directories are stacked");
		if (e->td && e->td->detached)
			bad_name(c, top, "an entry of a tardisk that is detached");
	}
}

static void check_top(struct visorfs_checker *c, struct visorfs_dir *dir, struct visorfs_entry *e,
		      u32 cookie)
{
	if (e->dir != dir)
		visorfs_violation(c, "directory %llu: holds a name of directory %llu", dir->ino,
				  e->dir ? e->dir->ino : 0);
	else if (visorfs_top(c->sbi, e) != e)
		bad_name(c, e, "cannot be looked up");
	if (e->cookie != cookie)
		bad_name(c, e, "is not at the place that it says");
	if (e->type == DT_WHT && (e->td || !e->below))
		bad_name(c, e, "a whiteout that hides nothing");
	if (e->type == DT_DIR && (!visorfs_entry_dir(e) || visorfs_entry_dir(e)->parent != dir))
		bad_name(c, e, "is a directory of another one");
}

static void check_count(struct visorfs_checker *c, const struct visorfs_dir *dir, const char *what,
			u32 says, u32 has)
{
	if (says != has)
		visorfs_violation(c, "directory %llu: %s: says %u, has %u", dir->ino, what, says,
				  has);
}

/* A directory with the tardisks' directories of that name: each of them provides it. */
static void check_providers(struct visorfs_checker *c, struct visorfs_dir *dir)
{
	const struct visorfs_entry *e;
	u32 providers = 0;

	if (dir == c->sbi->root)
		return check_count(c, dir, "providers", dir->providers, 1);
	for (e = dir->self ? visorfs_top(c->sbi, dir->self) : NULL; e; e = e->below)
		providers += e->type == DT_DIR && visorfs_entry_dir(e) == dir;
	check_count(c, dir, "providers", dir->providers, providers);
}

static void check_dir(struct visorfs_checker *c, struct visorfs_dir *dir, u64 *slots,
		      u64 *of_tardisks)
{
	u32 count = 0, visible = 0, subdirs = 0, cookie;
	struct visorfs_entry *e;

	for (cookie = 0; (e = visorfs_next_name(c->sbi, dir, &cookie)); cookie++) {
		count++;
		visible += e->type != DT_WHT;
		subdirs += e->type == DT_DIR;
		check_top(c, dir, e, cookie);
		check_below(c, e, of_tardisks);
		cond_resched();
	}
	check_count(c, dir, "names", dir->slots, count);
	check_count(c, dir, "visible names", dir->visible, visible);
	check_count(c, dir, "directories", dir->subdirs, subdirs);
	check_providers(c, dir);
	*slots += count;
}

void visorfs_check_names(struct visorfs_checker *c)
{
	struct visorfs_sb *sbi = c->sbi;
	u64 slots = 0, found = 0, entries = 0;
	struct visorfs_tardisk *td;
	struct visorfs_dir *dir;

	down_write(&sbi->sw);
	/* All there are, also those below a name that was deleted. */
	list_for_each_entry(dir, &sbi->dirs, list)
		check_dir(c, dir, &slots, &found);
	list_for_each_entry(td, &sbi->tardisks, list)
		entries += td->count;
	if (found != entries)
		visorfs_violation(c, "the tardisks have %llu entries, the namespace %llu of them",
				  entries, found);
	if (slots != atomic_read(&sbi->slots))
		visorfs_violation(c, "the namespace has %llu names, the hash counts %d", slots,
				  atomic_read(&sbi->slots));
	up_write(&sbi->sw);
	c->names = slots;
}

/* Checks everything; 0, whatever was found. */
int visorfs_check(struct visorfs_sb *sbi, struct visorfs_check *result, struct visorfs_msg *msg)
{
	struct visorfs_checker c = { .sbi = sbi, .msg = msg };

	mutex_lock(&sbi->switch_mutex);
	visorfs_check_names(&c);
	visorfs_check_files(&c);
	mutex_unlock(&sbi->switch_mutex);
	pr_info("check: %llu names, %llu files, %u violations\n", c.names, c.files, c.violations);
	result->names = c.names;
	result->files = c.files;
	result->violations = c.violations;
	strscpy_pad(result->message, msg->text, sizeof(result->message));
	return 0;
}
