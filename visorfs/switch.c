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
#include <linux/slab.h>

#include "switch.h"
#include "trace.h"

/* A switch on its way. */
struct change_set {
	struct visorfs_sb *sbi;
	struct visorfs_tardisk **attach;
	const struct visorfs_change *detach;
	u32 attach_count;
	u32 detach_count;
	u32 linked; /* of attach, so far */
	struct visorfs_dropper dropper;
	struct visorfs_msg *msg;
};

/* Everything that can fail; undo() takes it back. */
static int prepare(struct change_set *c)
{
	int ret = 0;
	u32 i;

	for (; c->linked < c->attach_count; c->linked++) {
		ret = visorfs_link_tardisk(c->sbi, c->attach[c->linked], c->msg);
		if (ret)
			return ret;
	}
	ret = visorfs_plan_detach(&c->dropper, c->detach, c->detach_count, c->msg);
	for (i = 0; i < c->detach_count && !ret; i++)
		ret = visorfs_pay_branches(c->sbi, &c->detach[i], c->msg);
	return ret;
}

static void undo(struct change_set *c)
{
	u32 i;

	for (i = 0; i < c->detach_count; i++)
		visorfs_forget_plan(c->detach[i].td, true);
	while (c->linked--)
		visorfs_unlink_entries(c->sbi, c->attach[c->linked], c->attach[c->linked]->count);
}

static void commit(struct change_set *c)
{
	u32 i;

	for (i = 0; i < c->attach_count; i++) {
		visorfs_drop_attached(&c->dropper, c->attach[i]);
		list_add_tail(&c->attach[i]->list, &c->sbi->tardisks);
		c->sbi->tardisk_count++;
		if (c->attach[i]->compressed)
			visorfs_cache_resize(c->sbi, visorfs_cache_share(c->attach[i]));
	}
	for (i = 0; i < c->detach_count; i++)
		visorfs_drop_detached(&c->dropper, &c->detach[i]);
	for (i = 0; i < c->detach_count; i++)
		visorfs_forget_plan(c->detach[i].td, false);
	for (i = 0; i < c->detach_count; i++)
		visorfs_unlink_tardisk(c->sbi, &c->detach[i]);
}

/* The part that nobody sees happen. sw is held for writing. */
static int flip(struct change_set *c)
{
	int ret = prepare(c);

	if (ret)
		undo(c);
	else
		commit(c);
	c->sbi->switches += !ret;
	visorfs_dropper_leave(&c->dropper);
	return ret;
}

static int check_names(struct visorfs_sb *sbi, struct visorfs_tardisk **attach, u32 count,
		       struct visorfs_msg *msg)
{
	u32 i, j;

	for (i = 0; i < count; i++) {
		struct visorfs_tardisk *other = visorfs_tardisk_find(sbi, attach[i]->name);

		for (j = 0; j < i && (!other || other->detached); j++)
			if (!strcmp(attach[j]->name, attach[i]->name))
				other = attach[j];
		if (other && !other->detached)
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
		visorfs_measure(td, "detach");
		trace_visorfs_detach(td);
		if (td->kobj.state_in_sysfs)
			kobject_del(&td->kobj);
		visorfs_tardisk_put(td);
	}
	for (i = 0; i < count; i++) {
		/* Its numbers are read-only; not to show them is no reason to fail. */
		if (visorfs_sysfs_add_tardisk(attach[i]))
			pr_warn("tardisk %s: no memory for its sysfs folder\n", attach[i]->name);
		pr_info("tardisk %s attached: %u files, %llu KiB\n", attach[i]->name,
			attach[i]->files, attach[i]->pages << (PAGE_SHIFT - 10));
		visorfs_measure(attach[i], "attach");
		trace_visorfs_attach(attach[i]);
	}
}

static void name_holders(struct visorfs_dropper *d, struct visorfs_msg *msg)
{
	char holders[VISORFS_MSG_MAX / 2];

	visorfs_describe_holders(d->busy, holders, sizeof(holders));
	visorfs_fail(msg, -EBUSY, "%s is in use by %s", d->why.text, holders);
	iput(d->busy);
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
		.dropper = { .sbi = sbi, .first_new = sbi->next_order }, .msg = msg,
	};
	struct visorfs_bucket *buckets;
	u32 more = 0, bits, i;
	int ret;

	INIT_LIST_HEAD(&c.dropper.news);
	for (i = 0; i < detach_count; i++)
		detach[i].td->detached = true;
	ret = check_names(sbi, attach, attach_count, msg);
	if (!ret) {
		for (i = 0; i < attach_count; i++)
			more += attach[i]->count;
		buckets = visorfs_names_room(sbi, more, &bits);
		down_read(&visorfs_trust_lock);
		down_write(&sbi->sw);
		if (buckets)
			visorfs_names_resize(sbi, buckets, bits);
		ret = visorfs_trust_recheck(attach, attach_count, msg) ?: flip(&c);
		up_write(&sbi->sw);
		up_read(&visorfs_trust_lock);
		/* Walkers of the hash table may still stand on what was taken out. */
		if (detach_count || ret)
			synchronize_rcu();
		visorfs_tell_news(&c.dropper);
		if (c.dropper.busy)
			name_holders(&c.dropper, msg);
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
int visorfs_attach_path(struct visorfs_sb *sbi, const char *path, bool compressed,
			struct visorfs_msg *msg)
{
	struct visorfs_attach how = { .fd = -1 };
	struct visorfs_tardisk *td;
	struct file *file;
	int ret;

	file = filp_open(path, O_RDONLY | O_LARGEFILE, 0);
	if (IS_ERR(file))
		return visorfs_fail(msg, PTR_ERR(file), "%s: cannot be opened, error %ld", path,
				    PTR_ERR(file));
	mutex_lock(&sbi->switch_mutex);
	if (strscpy(how.name, kbasename(path), sizeof(how.name)) < 0)
		how.name[0] = '\0'; /* too long: is no name */
	if (READ_ONCE(sbi->verify))
		how.flags |= VISORFS_ATTACH_VERIFY;
	if (compressed)
		how.flags |= VISORFS_ATTACH_COMPRESSED;
	td = visorfs_tardisk_load(sbi, file, &how, msg);
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
