// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scrub: a thread of low priority that goes over the tardisks in memory
 * again and again, compares every chunk with its digest, and flips back a bit
 * that flipped. It runs in the verify mode, as fast as its rate allows.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "switch.h"

#define BURST (512u << 10) /* bytes between two rests */
#define DEFAULT_RATE 4096u
#define MAX_RATE (64u << 20)

static void rest(struct visorfs_scrub *s, u64 bytes)
{
	u64 ticks;

	s->burst += bytes;
	cond_resched();
	if (s->burst < BURST)
		return;
	ticks = div_u64(s->burst * HZ, READ_ONCE(s->rate) << 10);
	s->burst = 0;
	if (ticks)
		wait_event_freezable_timeout(s->wait, kthread_should_stop(), ticks);
	else
		try_to_freeze();
}

/* Where a byte of the chunk is, for people. sw is held for writing. */
static const char *say_place(const struct visorfs_chunk *c, u32 byte, char *buf, u64 *offset)
{
	u32 page = (c->n * TARDISK_CHUNK + byte) >> PAGE_SHIFT;
	struct visorfs_obj *obj = visorfs_chunk_file(c, page);
	char *path;

	*offset = ((u64)(page - obj->page) << PAGE_SHIFT) + (byte & ~PAGE_MASK);
	path = c->td->detached ? NULL : visorfs_entry_path(&obj->e, buf, PATH_MAX);
	return path ?: "(a file that is gone)";
}

static void say_damage(const struct visorfs_chunk *c, const u32 *bit)
{
	struct visorfs_sb *sbi = c->td->sbi;
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL | __GFP_NOFAIL);
	const char *path;
	u64 offset;

	down_write(&sbi->sw);
	path = say_place(c, bit ? *bit / 8 : 0, buf, &offset);
	if (bit)
		pr_warn("tardisk %s: %s: bit %u of byte %llu had flipped in memory: flipped back\n",
			c->td->name, path, *bit % 8, offset);
	else
		pr_err("tardisk %s: %u bytes at %llu (from byte %llu of %s on) are damaged in memory by more than one bit: attach it again, or restart the host\n",
		       c->td->name, c->size, (u64)c->n * TARDISK_CHUNK, offset, path);
	up_write(&sbi->sw);
	kfree(buf);
}

/* A chunk that is not what it was. What is lost for good is told once. */
static void treat(struct visorfs_scrub *s, struct visorfs_chunk *c)
{
	unsigned long key = c->td->order << 16 | c->n;
	u32 bit;
	int ret;

	if (xa_load(&s->lost, key))
		return;
	ret = visorfs_find_bit(c->sha, c->data, c->size,
			       c->td->digests.list.chunk + c->n * TARDISK_DIGEST, &bit);
	if (!ret)
		ret = visorfs_chunk_repair(c, bit);
	if (ret == -EINTR || ret == -EAGAIN || ret == -ENOMEM)
		return; /* the next pass meets it again */
	s->errors++;
	if (ret)
		xa_store(&s->lost, key, xa_mk_value(1), GFP_KERNEL);
	else
		s->healed++;
	say_damage(c, ret ? NULL : &bit);
	sysfs_notify(s->kobj, NULL, "errors");
}

static void scrub_chunk(struct visorfs_scrub *s, struct visorfs_chunk *c)
{
	if (visorfs_chunk_read(c) || visorfs_chunk_holds(c))
		return;
	/* Read once more: a copy that was hit on its way is no damage. */
	if (!visorfs_chunk_read(c) && !visorfs_chunk_holds(c))
		treat(s, c);
}

static void scrub_tardisk(struct visorfs_scrub *s, struct visorfs_chunk *c)
{
	const struct tardisk_digests *list = &c->td->digests.list;

	c->files = visorfs_files_by_place(c->td, &c->file_count);
	strscpy(s->name, c->td->name, sizeof(s->name));
	for (c->n = 0; c->files && c->n < list->chunks; c->n++) {
		if (kthread_should_stop() || READ_ONCE(c->td->detached))
			break;
		c->size = tardisk_chunk_size(list, c->n);
		scrub_chunk(s, c);
		WRITE_ONCE(s->position, (u64)c->n * TARDISK_CHUNK + c->size);
		rest(s, c->size);
	}
	kvfree(c->files);
}

static void scrub_packed(struct visorfs_scrub *s, const struct visorfs_chunk *c)
{
	u64 done = 0;
	u32 n;

	strscpy(s->name, c->td->name, sizeof(s->name));
	for (n = 0; n < c->td->compressed->count; n++) {
		u32 len;

		if (kthread_should_stop() || READ_ONCE(c->td->detached))
			break;
		len = visorfs_scrub_frame(s, c->td, c->sha, n);
		done += visorfs_frame_size(c->td, n);
		WRITE_ONCE(s->position, done);
		rest(s, len);
	}
}

/* The next tardisk in the order of attachment, with a reference. */
static struct visorfs_tardisk *next_tardisk(struct visorfs_sb *sbi, u64 order)
{
	struct visorfs_tardisk *td, *found = NULL;

	mutex_lock(&sbi->switch_mutex);
	list_for_each_entry(td, &sbi->tardisks, list) {
		if (td->order >= order && (!found || td->order < found->order))
			found = td;
	}
	if (found)
		kref_get(&found->ref);
	mutex_unlock(&sbi->switch_mutex);
	return found;
}

static void pass(struct visorfs_sb *sbi, struct visorfs_chunk *c)
{
	struct visorfs_sha256 sha;
	u64 order = 0;

	visorfs_sha256_open(&sha);
	c->sha = &sha;
	while (!kthread_should_stop() && (c->td = next_tardisk(sbi, order))) {
		order = c->td->order + 1;
		if (c->td->compressed)
			scrub_packed(&sbi->scrub, c);
		else
			scrub_tardisk(&sbi->scrub, c);
		visorfs_tardisk_put(c->td);
	}
	visorfs_sha256_close(&sha);
	if (!kthread_should_stop())
		WRITE_ONCE(sbi->scrub.passes, sbi->scrub.passes + 1);
}

static int scrub(void *arg)
{
	struct visorfs_sb *sbi = arg;
	struct visorfs_chunk c = {};

	set_user_nice(current, MAX_NICE);
	set_freezable();
	while (!kthread_should_stop()) {
		if (!c.data)
			c.data = kvmalloc(TARDISK_CHUNK, GFP_KERNEL | __GFP_NOWARN);
		if (c.data)
			pass(sbi, &c);
		/* Small ones are not gone over thousands of times in a second. */
		wait_event_freezable_timeout(sbi->scrub.wait, kthread_should_stop(), HZ);
	}
	kvfree(c.data);
	return 0;
}

/* Switches the verify mode of an instance. */
int visorfs_scrub_enable(struct visorfs_sb *sbi, bool on)
{
	struct visorfs_scrub *s = &sbi->scrub;
	struct task_struct *task;
	int ret = 0;

	mutex_lock(&s->lock);
	if (on && !s->task && !s->closed) {
		task = kthread_run(scrub, sbi, "visorfs_scrub/%u", sbi->instance);
		ret = PTR_ERR_OR_ZERO(task);
		if (!ret)
			s->task = task;
	} else if (!on && s->task) {
		kthread_stop(s->task);
		s->task = NULL;
	}
	if (!ret)
		WRITE_ONCE(sbi->verify, on);
	mutex_unlock(&s->lock);
	return ret;
}

/* Before the super block goes: the thread holds inodes. */
void visorfs_scrub_stop(struct visorfs_sb *sbi)
{
	mutex_lock(&sbi->scrub.lock);
	sbi->scrub.closed = true;
	mutex_unlock(&sbi->scrub.lock);
	visorfs_scrub_enable(sbi, false);
}

static struct visorfs_sb *sb_of(struct kobject *kobj)
{
	return container_of(kobj->parent, struct visorfs_sb, kobj);
}

static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(sb_of(kobj)->verify));
}

static ssize_t enabled_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			     size_t len)
{
	bool on;
	int ret = kstrtobool(buf, &on) ?: visorfs_scrub_enable(sb_of(kobj), on);

	return ret ?: len;
}

static ssize_t rate_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(sb_of(kobj)->scrub.rate));
}

static ssize_t rate_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			  size_t len)
{
	u32 rate;
	int ret = kstrtou32(buf, 10, &rate);

	if (!ret && (!rate || rate > MAX_RATE))
		ret = -ERANGE;
	if (!ret)
		WRITE_ONCE(sb_of(kobj)->scrub.rate, rate);
	return ret ?: len;
}

#define COUNTER(_name) \
	static ssize_t _name##_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf) \
	{ \
		return sysfs_emit(buf, "%llu\n", READ_ONCE(sb_of(kobj)->scrub._name)); \
	} \
	static struct kobj_attribute attr_##_name = __ATTR_RO(_name)

COUNTER(passes);
COUNTER(errors);
COUNTER(healed);
COUNTER(position);

static ssize_t tardisk_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%.63s\n", sb_of(kobj)->scrub.name);
}

static struct kobj_attribute attr_enabled = __ATTR_RW(enabled);
static struct kobj_attribute attr_rate = __ATTR_RW(rate);
static struct kobj_attribute attr_tardisk = __ATTR_RO(tardisk);

static const struct attribute *attrs[] = {
	&attr_enabled.attr, &attr_rate.attr, &attr_passes.attr, &attr_errors.attr,
	&attr_healed.attr, &attr_tardisk.attr, &attr_position.attr, NULL,
};

void visorfs_scrub_init(struct visorfs_sb *sbi)
{
	mutex_init(&sbi->scrub.lock);
	init_waitqueue_head(&sbi->scrub.wait);
	xa_init(&sbi->scrub.lost);
	sbi->scrub.rate = DEFAULT_RATE;
}

int visorfs_scrub_add(struct visorfs_sb *sbi)
{
	sbi->scrub.kobj = kobject_create_and_add("verify", &sbi->kobj);
	return sbi->scrub.kobj ? sysfs_create_files(sbi->scrub.kobj, attrs) : -ENOMEM;
}

void visorfs_scrub_remove(struct visorfs_sb *sbi)
{
	/* Takes its files away, when the last reader has left. */
	kobject_put(sbi->scrub.kobj);
	sbi->scrub.kobj = NULL;
	xa_destroy(&sbi->scrub.lost);
}
