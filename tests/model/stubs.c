// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rest of the module, as far as the namespace calls it. Nothing is open,
 * mounted, branched or charged in the model; what would need that must not
 * be reached.
 */
#include "kernel.h"

#include "visorfs/load.h"
#include "visorfs/switch.h"

struct rw_semaphore visorfs_trust_lock;

int visorfs_trust_recheck(struct visorfs_tardisk **attach, u32 count, struct visorfs_msg *msg)
{
	return 0;
}

void visorfs_measure(const struct visorfs_tardisk *td, const char *what)
{
}

bool visorfs_is_open(const struct inode *inode)
{
	return false;
}

bool visorfs_is_mounted_on(struct visorfs_dropper *d, const struct visorfs_entry *e)
{
	return false;
}

void visorfs_drop_name(struct visorfs_dropper *d, const struct visorfs_entry *e)
{
}

void visorfs_dropper_leave(struct visorfs_dropper *d)
{
}

void visorfs_describe_holders(const struct inode *inode, char *buf, size_t size)
{
}

void visorfs_tell_news(struct visorfs_dropper *d)
{
}

void visorfs_state_forget(struct visorfs_sb *sbi, struct visorfs_upper *wht)
{
}

void visorfs_state_removed(struct visorfs_sb *sbi, struct visorfs_upper *wht)
{
}

void visorfs_free_xattrs(struct visorfs_xattrs **at)
{
}

void visorfs_apply_flags(struct inode *inode, u32 flags)
{
}

int visorfs_charge_dir(struct visorfs_dir *dir, struct visorfs_ramdisk *rd, u32 len)
{
	return 0;
}

void visorfs_force_dir(struct visorfs_dir *dir, struct visorfs_ramdisk *rd, u32 len)
{
}

void visorfs_uncharge_dir(struct visorfs_dir *dir)
{
}

void visorfs_uncharge_whiteout(struct visorfs_entry *wht)
{
}

void visorfs_say_full(struct visorfs_ramdisk *rd, struct dentry *dentry, bool inodes)
{
}

int visorfs_sysfs_add_tardisk(struct visorfs_tardisk *td)
{
	return 0;
}

void visorfs_digests_free(struct visorfs_digests *d)
{
}

void visorfs_packed_free(struct visorfs_packed *p)
{
}

void visorfs_inflaters_forget(struct visorfs_sb *sbi, const struct visorfs_tardisk *td)
{
	abort();
}

void visorfs_cache_resize(struct visorfs_sb *sbi, s64 pages)
{
	abort();
}

u64 visorfs_cache_share(const struct visorfs_tardisk *td)
{
	abort();
}

void visorfs_force_name(struct visorfs_inode *vi, u32 len)
{
	abort();
}

void visorfs_named(struct inode *inode, struct visorfs_entry *upper)
{
	abort();
}

int visorfs_pay(struct inode *inode)
{
	abort();
}

void visorfs_unpay(struct inode *inode)
{
	abort();
}

void visorfs_become_own(struct inode *inode)
{
	abort();
}

void visorfs_state_drop(struct inode *inode)
{
	abort();
}

void visorfs_unpin(struct inode *inode)
{
	abort();
}
