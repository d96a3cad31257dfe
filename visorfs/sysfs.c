// SPDX-License-Identifier: GPL-2.0-only
/*
 * State below /sys/fs/visorfs/INSTANCE/, one value per file; see
 * docs/visorfs.md. Sizes are bytes. Read-only but for switches of an instance.
 */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "internal.h"

struct attr {
	struct attribute attr;
	ssize_t (*show)(struct kobject *kobj, char *buf);
	int (*set)(struct visorfs_sb *sbi, bool value); /* of an instance's switch */
};

static ssize_t show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	return container_of(attr, struct attr, attr)->show(kobj, buf);
}

/* Only files of an instance can be written. */
static ssize_t store(struct kobject *kobj, struct attribute *attr, const char *buf, size_t len)
{
	struct visorfs_sb *sbi = container_of(kobj, struct visorfs_sb, kobj);
	bool value;
	int ret = kstrtobool(buf, &value);

	if (!ret)
		ret = container_of(attr, struct attr, attr)->set(sbi, value);
	return ret ?: len;
}

static const struct sysfs_ops ops = { .show = show, .store = store };

#define TARDISK_ATTR(_name, _fmt, _value) \
	static ssize_t tardisk_##_name(struct kobject *kobj, char *buf) \
	{ \
		struct visorfs_tardisk *td = container_of(kobj, struct visorfs_tardisk, kobj); \
		return sysfs_emit(buf, _fmt "\n", _value); \
	} \
	static struct attr attr_tardisk_##_name = { { #_name, 0444 }, tardisk_##_name }

TARDISK_ATTR(order, "%llu", td->order);
TARDISK_ATTR(size, "%llu", td->pages << PAGE_SHIFT);
TARDISK_ATTR(packed, "%llu", td->packed);
TARDISK_ATTR(residency, "%s", td->compressed ? "compressed" : "resident");
TARDISK_ATTR(memory, "%llu", visorfs_tardisk_memory(td));
TARDISK_ATTR(files, "%u", td->files);
TARDISK_ATTR(entries, "%u", td->count);
TARDISK_ATTR(branches, "%d", atomic_read(&td->branches));
TARDISK_ATTR(root_hash, "%32phN", td->digests.list.root);
TARDISK_ATTR(verified, "%d", td->verified);
TARDISK_ATTR(signature, "%s", tardisk_level_name(td->signature.level));
TARDISK_ATTR(signature_fault, "%s", td->signature.fault ?: "");
TARDISK_ATTR(version, "%s", td->signature.version);
TARDISK_ATTR(revoked, "%d", visorfs_trust_revoked(td));
TARDISK_ATTR(state, "%s", td->detached ? "detached" : "attached");

static struct attribute *tardisk_attrs[] = {
	&attr_tardisk_order.attr, &attr_tardisk_size.attr, &attr_tardisk_packed.attr,
	&attr_tardisk_residency.attr, &attr_tardisk_memory.attr, &attr_tardisk_files.attr,
	&attr_tardisk_entries.attr, &attr_tardisk_branches.attr, &attr_tardisk_state.attr,
	&attr_tardisk_root_hash.attr, &attr_tardisk_verified.attr,
	&attr_tardisk_signature.attr, &attr_tardisk_signature_fault.attr,
	&attr_tardisk_version.attr, &attr_tardisk_revoked.attr, NULL,
};
ATTRIBUTE_GROUPS(tardisk);

static void tardisk_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct visorfs_tardisk, kobj));
}

const struct kobj_type visorfs_tardisk_type = {
	.sysfs_ops = &ops, .default_groups = tardisk_groups, .release = tardisk_release,
};

#define RAMDISK_ATTR(_name, _value) \
	static ssize_t ramdisk_##_name(struct kobject *kobj, char *buf) \
	{ \
		struct visorfs_ramdisk *rd = container_of(kobj, struct visorfs_ramdisk, kobj); \
		return sysfs_emit(buf, "%llu\n", (u64)(_value)); \
	} \
	static struct attr attr_ramdisk_##_name = { { #_name, 0444 }, ramdisk_##_name }

RAMDISK_ATTR(max_bytes, atomic64_read(&rd->pages.max) << PAGE_SHIFT);
RAMDISK_ATTR(min_bytes, rd->min << PAGE_SHIFT);
RAMDISK_ATTR(used_bytes, atomic64_read(&rd->pages.used) << PAGE_SHIFT);
RAMDISK_ATTR(peak_bytes, atomic64_read(&rd->pages.peak) << PAGE_SHIFT);
RAMDISK_ATTR(max_inodes, atomic64_read(&rd->inodes.max));
RAMDISK_ATTR(used_inodes, atomic64_read(&rd->inodes.used));
RAMDISK_ATTR(peak_inodes, atomic64_read(&rd->inodes.peak));
RAMDISK_ATTR(record_bytes, READ_ONCE(rd->records));
RAMDISK_ATTR(mark_bytes, visorfs_mark_of(&rd->pages));
RAMDISK_ATTR(mark_inodes, visorfs_mark_of(&rd->inodes));
RAMDISK_ATTR(warning_events, atomic64_read(&rd->warning_events));
RAMDISK_ATTR(full_events, atomic64_read(&rd->full_events));

static ssize_t ramdisk_path(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%s\n", container_of(kobj, struct visorfs_ramdisk, kobj)->path);
}

static ssize_t ramdisk_owners(struct kobject *kobj, char *buf)
{
	return visorfs_show_owners(container_of(kobj, struct visorfs_ramdisk, kobj), buf);
}

static struct attr attr_ramdisk_owners = { { "owners", 0444 }, ramdisk_owners };
static struct attr attr_ramdisk_path = { { "path", 0444 }, ramdisk_path };

static struct attribute *ramdisk_attrs[] = {
	&attr_ramdisk_path.attr, &attr_ramdisk_max_bytes.attr, &attr_ramdisk_min_bytes.attr,
	&attr_ramdisk_used_bytes.attr, &attr_ramdisk_peak_bytes.attr, &attr_ramdisk_max_inodes.attr,
	&attr_ramdisk_used_inodes.attr, &attr_ramdisk_peak_inodes.attr,
	&attr_ramdisk_record_bytes.attr, &attr_ramdisk_mark_bytes.attr,
	&attr_ramdisk_mark_inodes.attr, &attr_ramdisk_warning_events.attr,
	&attr_ramdisk_full_events.attr, &attr_ramdisk_owners.attr, NULL,
};
ATTRIBUTE_GROUPS(ramdisk);

static void ramdisk_release(struct kobject *kobj)
{
	struct visorfs_ramdisk *rd = container_of(kobj, struct visorfs_ramdisk, kobj);

	kfree(rd->path);
	kfree(rd);
}

const struct kobj_type visorfs_ramdisk_type = {
	.sysfs_ops = &ops, .default_groups = ramdisk_groups, .release = ramdisk_release,
};

static ssize_t sb_state_generation(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%llu\n",
			  READ_ONCE(container_of(kobj, struct visorfs_sb, kobj)->generation));
}

static ssize_t sb_tardisk_count(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%u\n",
			  READ_ONCE(container_of(kobj, struct visorfs_sb, kobj)->tardisk_count));
}

static ssize_t sb_cache_bytes(struct kobject *kobj, char *buf)
{
	s64 pages = READ_ONCE(container_of(kobj, struct visorfs_sb, kobj)->cached_pages);

	return sysfs_emit(buf, "%lld\n", pages << PAGE_SHIFT);
}

static ssize_t sb_cache_max_bytes(struct kobject *kobj, char *buf)
{
	s64 pages = READ_ONCE(container_of(kobj, struct visorfs_sb, kobj)->cache_max);

	return sysfs_emit(buf, "%lld\n", pages << PAGE_SHIFT);
}

static struct attr attr_sb_cache_bytes = { { "cache_bytes", 0444 }, sb_cache_bytes };
static struct attr attr_sb_cache_max_bytes = { { "cache_max_bytes", 0444 }, sb_cache_max_bytes };

static ssize_t sb_ramdisk_events(struct kobject *kobj, char *buf)
{
	struct visorfs_sb *sbi = container_of(kobj, struct visorfs_sb, kobj);

	return sysfs_emit(buf, "%llu\n", (u64)atomic64_read(&sbi->ramdisk_events));
}

static struct attr attr_sb_ramdisk_events = { { "ramdisk_events", 0444 }, sb_ramdisk_events };
static struct attr attr_sb_state_generation = { { "state_generation", 0444 }, sb_state_generation };
static struct attr attr_sb_tardisk_count = { { "tardisk_count", 0444 }, sb_tardisk_count };

static ssize_t sb_exec_installed_only(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%u\n",
			  READ_ONCE(container_of(kobj, struct visorfs_sb, kobj)->exec_restricted));
}

static int set_exec_installed_only(struct visorfs_sb *sbi, bool value)
{
	if (!value)
		return READ_ONCE(sbi->exec_restricted) ? -EPERM : 0;
	visorfs_exec_restrict(sbi);
	return 0;
}

static ssize_t sb_exec_refused(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%lld\n",
			  (s64)atomic64_read(&container_of(kobj, struct visorfs_sb,
							   kobj)->exec_refused));
}

static struct attr attr_sb_exec_installed_only = {
	{ "exec_installed_only", 0644 }, sb_exec_installed_only, set_exec_installed_only
};

static struct attr attr_sb_exec_refused = { { "exec_refused", 0444 }, sb_exec_refused };

static struct attribute *sb_attrs[] = {
	&attr_sb_state_generation.attr, &attr_sb_tardisk_count.attr, &attr_sb_cache_bytes.attr,
	&attr_sb_cache_max_bytes.attr, &attr_sb_ramdisk_events.attr,
	&attr_sb_exec_installed_only.attr, &attr_sb_exec_refused.attr, NULL,
};
ATTRIBUTE_GROUPS(sb);

static void sb_release(struct kobject *kobj)
{
	kfree(container_of(kobj, struct visorfs_sb, kobj));
}

static const struct kobj_type sb_type = {
	.sysfs_ops = &ops, .default_groups = sb_groups, .release = sb_release,
};

int visorfs_sysfs_add(struct visorfs_sb *sbi)
{
	int ret = kobject_init_and_add(&sbi->kobj, &sb_type, visorfs_kobj, "%u", sbi->instance);

	if (ret)
		return ret;
	sbi->generation_kn = sysfs_get_dirent(sbi->kobj.sd, "state_generation");
	sbi->events_kn = sysfs_get_dirent(sbi->kobj.sd, "ramdisk_events");
	sbi->tardisk_set = kset_create_and_add("tardisks", NULL, &sbi->kobj);
	sbi->ramdisk_set = kset_create_and_add("ramdisks", NULL, &sbi->kobj);
	return sbi->tardisk_set && sbi->ramdisk_set ? 0 : -ENOMEM;
}

/* Frees sbi, when the last reader of a file below has left. */
void visorfs_sysfs_remove(struct visorfs_sb *sbi)
{
	sysfs_put(sbi->generation_kn);
	sbi->generation_kn = NULL;
	sysfs_put(sbi->events_kn);
	sbi->events_kn = NULL;
	kset_unregister(sbi->tardisk_set);
	kset_unregister(sbi->ramdisk_set);
	if (sbi->kobj.state_in_sysfs)
		kobject_del(&sbi->kobj);
	if (sbi->kobj.state_initialized)
		kobject_put(&sbi->kobj);
	else
		kfree(sbi);
}

int visorfs_sysfs_add_tardisk(struct visorfs_tardisk *td)
{
	td->kobj.kset = td->sbi->tardisk_set;
	return kobject_init_and_add(&td->kobj, &visorfs_tardisk_type, NULL, "%s", td->name);
}

int visorfs_sysfs_add_ramdisk(struct visorfs_sb *sbi, struct visorfs_ramdisk *rd)
{
	int ret;

	rd->kobj.kset = sbi->ramdisk_set;
	ret = kobject_init_and_add(&rd->kobj, &visorfs_ramdisk_type, NULL, "%s", rd->name);
	if (ret)
		return ret;
	rd->full_kn = sysfs_get_dirent(rd->kobj.sd, "full_events");
	rd->warning_kn = sysfs_get_dirent(rd->kobj.sd, "warning_events");
	return 0;
}
