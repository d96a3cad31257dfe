// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is demanded of tardisks: a level of acceptance, enforced from the moment
 * it is set and never lowered, and a list of what is trusted no longer, which
 * only grows. Both hold for all instances, and for root.
 *
 *	/sys/module/visorfs/parameters/enforce	off, community, partner, accepted, certified
 *	/sys/module/visorfs/trust/keys		"LEVEL ID" of each key that is built in
 *	/sys/module/visorfs/trust/revoked	how many; write an ID or root hash to add it
 *	/sys/module/visorfs/trust/refused	tardisks refused
 *
 * What is attached already stays when more is demanded; the log names it.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/hashtable.h>
#include <linux/hex.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/unaligned.h>

#include "internal.h"

#define REVOKED_BITS 8
#define REVOKED_MAX 65536 /* beyond any honest list */

struct revoked {
	struct hlist_node node;
	u8 id[TARDISK_DIGEST];
};

DECLARE_RWSEM(visorfs_trust_lock);

static DEFINE_HASHTABLE(revoked, REVOKED_BITS);
static u32 revoked_count;
static u32 enforced;
static u32 wanted; /* by the parameter, before there are keys */
static bool ready;
static atomic64_t refused;
static struct kobject *trust_kobj;

u32 visorfs_enforced(void)
{
	return READ_ONCE(enforced);
}

void visorfs_trust_refused(void)
{
	atomic64_inc(&refused);
}

static struct revoked *find(const u8 *id)
{
	struct revoked *r;

	/* Digests need no hashing. */
	hash_for_each_possible(revoked, r, node, get_unaligned((const u32 *)id))
		if (!memcmp(r->id, id, sizeof(r->id)))
			return r;
	return NULL;
}

bool visorfs_is_revoked(const u8 *id)
{
	bool found;

	down_read(&visorfs_trust_lock);
	found = find(id);
	up_read(&visorfs_trust_lock);
	return found;
}

/* The caller holds the lock. */
static bool touches(const struct visorfs_tardisk *td)
{
	bool found = find(td->digests.list.root);
	u32 i;

	for (i = 0; !found && i < td->signature.key_count; i++)
		found = find(td->signature.keys[i]);
	return found;
}

bool visorfs_trust_revoked(const struct visorfs_tardisk *td)
{
	bool found;

	down_read(&visorfs_trust_lock);
	found = touches(td);
	up_read(&visorfs_trust_lock);
	return found;
}

/* More may be demanded than when it was loaded. The caller holds the lock. */
int visorfs_trust_recheck(struct visorfs_tardisk **attach, u32 count, struct visorfs_msg *msg)
{
	u32 i;

	for (i = 0; enforced && i < count; i++) {
		const struct visorfs_tardisk *td = attach[i];

		if (td->verified && td->signature.level >= enforced && !touches(td))
			continue;
		visorfs_trust_refused();
		return visorfs_fail(msg, -EKEYREJECTED,
				    "%s: signature: more is demanded since it was read; try again",
				    td->name);
	}
	return 0;
}

/* What is attached stays; the log says what would not come again. what: NULL, or of the revoked. */
static void tell_super(struct super_block *sb, void *what)
{
	struct visorfs_sb *sbi = VSB(sb);
	struct visorfs_tardisk *td;

	if (!sbi)
		return;
	mutex_lock(&sbi->switch_mutex);
	list_for_each_entry(td, &sbi->tardisks, list) {
		if (what && !td->signature.told && visorfs_trust_revoked(td)) {
			pr_warn("tardisk %s was revoked; it stays until it is detached\n",
				td->name);
			td->signature.told = true;
		} else if (!what && (td->signature.level < visorfs_enforced() || !td->verified)) {
			pr_warn("tardisk %s would not be attached now; it stays until it is detached\n",
				td->name);
		}
	}
	mutex_unlock(&sbi->switch_mutex);
}

/* Called once the lock is let go: a switch holds switch_mutex when it takes that. */
static void tell(bool of_revoked)
{
	iterate_supers_type(&visorfs_type, tell_super, of_revoked ? &revoked : NULL);
}

static int demand(u32 level)
{
	int ret = 0;

	if (level && (!VISORFS_HAS_TRUST || !visorfs_keys_count())) {
		pr_err("%s cannot be enforced: %s\n", tardisk_level_name(level),
		       VISORFS_HAS_TRUST ? "no key was built into this module" :
					   "this kernel was built without PKCS#7 signatures");
		return -EOPNOTSUPP;
	}
	down_write(&visorfs_trust_lock);
	if (level < enforced)
		ret = -EPERM;
	else
		WRITE_ONCE(enforced, level);
	up_write(&visorfs_trust_lock);
	if (ret)
		pr_warn("level %s is enforced until the host restarts; it can only be raised\n",
			tardisk_level_name(enforced));
	else if (level)
		pr_info("only tardisks signed for level %s or above are attached from now on\n",
			tardisk_level_name(level));
	return ret;
}

static int param_set(const char *text, const struct kernel_param *kp)
{
	u32 level;
	int ret;

	for (level = TARDISK_COMMUNITY; level < TARDISK_LEVELS; level++)
		if (sysfs_streq(text, tardisk_level_name(level)))
			break;
	if (level == TARDISK_LEVELS) {
		if (!sysfs_streq(text, "off"))
			return -EINVAL;
		level = TARDISK_UNSIGNED;
	}
	wanted = level;
	if (!ready)
		return 0;
	ret = demand(level);
	if (!ret && level)
		tell(false);
	return ret;
}

static int param_get(char *buf, const struct kernel_param *kp)
{
	u32 level = visorfs_enforced();

	return sysfs_emit(buf, "%s\n", level ? tardisk_level_name(level) : "off");
}

static const struct kernel_param_ops param_ops = { .set = param_set, .get = param_get };

module_param_cb(enforce, &param_ops, NULL, 0644);
MODULE_PARM_DESC(enforce, "attach tardisks signed for this level only; can be raised, not lowered");

static int revoke(const u8 *id)
{
	struct revoked *r = kmalloc(sizeof(*r), GFP_KERNEL);
	int ret = 0;

	if (!r)
		return -ENOMEM;
	memcpy(r->id, id, sizeof(r->id));
	down_write(&visorfs_trust_lock);
	if (find(id)) {
		kfree(r);
	} else if (revoked_count == REVOKED_MAX) {
		kfree(r);
		ret = -ENOSPC;
	} else {
		hash_add(revoked, &r->node, get_unaligned((const u32 *)id));
		revoked_count++;
		visorfs_keys_revoke(id);
	}
	up_write(&visorfs_trust_lock);
	return ret;
}

static ssize_t keys_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	ssize_t len;

	down_read(&visorfs_trust_lock);
	len = visorfs_keys_show(buf);
	up_read(&visorfs_trust_lock);
	return len;
}

static ssize_t revoked_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(revoked_count));
}

/* One or more, each 64 hexadecimal digits, with white space between them. */
static ssize_t revoked_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			     size_t len)
{
	const char *p = skip_spaces(buf);
	u8 id[TARDISK_DIGEST];
	int ret = *p ? 0 : -EINVAL;

	for (; *p && !ret; p = skip_spaces(p)) {
		if (strnlen(p, 2 * TARDISK_DIGEST) < 2 * TARDISK_DIGEST ||
		    hex2bin(id, p, sizeof(id)))
			return -EINVAL;
		p += 2 * TARDISK_DIGEST;
		if (*p && !isspace(*p))
			return -EINVAL;
		ret = revoke(id);
	}
	tell(true);
	return ret ?: len;
}

static ssize_t refused_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", (s64)atomic64_read(&refused));
}

static struct kobj_attribute keys_attr = __ATTR_RO(keys);
static struct kobj_attribute revoked_attr = __ATTR_RW(revoked);
static struct kobj_attribute refused_attr = __ATTR_RO(refused);

static const struct attribute *const attrs[] = {
	&keys_attr.attr, &revoked_attr.attr, &refused_attr.attr, NULL,
};

int visorfs_trust_init(void)
{
	int ret = visorfs_keys_init();

	if (ret)
		return ret;
	ready = true;
	ret = wanted ? demand(wanted) : 0;
	if (!ret) {
		trust_kobj = kobject_create_and_add("trust", &THIS_MODULE->mkobj.kobj);
		ret = trust_kobj ? sysfs_create_files(trust_kobj, attrs) : -ENOMEM;
	}
	if (ret)
		visorfs_trust_exit();
	return ret;
}

void visorfs_trust_exit(void)
{
	struct hlist_node *next;
	struct revoked *r;
	int i;

	kobject_put(trust_kobj);
	hash_for_each_safe(revoked, i, next, r, node)
		kfree(r);
	visorfs_keys_exit();
}
