/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * visorfs: what its files share.
 *
 * The namespace is one tree of directories (visorfs_dir). A name in a
 * directory is a slot: a stack of entries (visorfs_entry), one per provider,
 * newest first: at most one of the ramdisks ("upper"), then those of the
 * tardisks in the order they were attached. The top of the stack is what
 * users see; only tops are in the hash table, so a look-up costs the same
 * for any number of tardisks. A deleted name of a tardisk keeps an upper
 * entry that says so (a whiteout).
 *
 * A tardisk is read into memory once: its entries, packed, and the pages of
 * all files, in slots. read() copies from there. When a file is mapped or
 * changed for the first time its pages are moved into its page cache; they
 * are dirty there, with nowhere to go, so nothing but detaching frees them.
 *
 * A change to a tardisk's file happens in the file's own inode and pages: it
 * becomes a branch, charged to the ramdisk of its directory. Before a page
 * changes, the pristine one is put aside in the tardisk's slot of that page.
 *
 * Lock order, outermost first:
 *
 *   switch_mutex                one attach/detach or ramdisk change at a time
 *   i_rwsem of directories, then of files (as the VFS takes them)
 *   mmap_lock
 *   visorfs_trust_lock          what is demanded of tardisks (trust.c)
 *   sw                          read: every operation on names; write: the switch
 *   invalidate_lock of a file
 *   folio lock
 *   an inflater's lock
 *   page of zeroes (zero.c)
 *   inode info lock
 *   locks of a ramdisk: records, then watch, then ramdisks_lock
 *   owners_lock, dirs_lock, state lock, cache_lock (leaves)
 *
 * The switch takes sw for writing and never an i_rwsem: a look-up sleeps on
 * sw while it holds the directory's. Nothing that may run inside a final
 * iput() takes sw.
 */
#ifndef VISORFS_INTERNAL_H
#define VISORFS_INTERNAL_H

#include <linux/fs.h>
#include <linux/fs_parser.h>
#include <linux/kobject.h>
#include <linux/rwsem.h>
#include <linux/workqueue.h>

#include "data.h"
#include "inode.h"
#include "names.h"
#include "ramdisk.h"
#include "scrub.h"
#include "tardisk.h"
#include "uapi/visorfs.h"

/* One line for the caller and for the log, made where the failure happens. */
struct visorfs_msg {
	char text[VISORFS_MSG_MAX];
};

__printf(3, 4) int visorfs_fail(struct visorfs_msg *msg, int err, const char *fmt, ...);

#define VISORFS_INFLATERS 8 /* at most */

struct visorfs_sb {
	struct super_block *sb;
	u32 instance;
	bool dying; /* unmount: nothing is worth restoring */
	struct rw_semaphore sw;
	struct mutex switch_mutex; /* lists of tardisks and ramdisks, and their limits */
	struct visorfs_bucket *buckets; /* tops of all slots; resized under sw for writing */
	u32 bucket_bits;
	atomic_t slots;
	struct visorfs_dir *root;
	struct list_head tardisks; /* oldest first */
	spinlock_t ramdisks_lock; /* ramdisks, for those without switch_mutex */
	struct list_head ramdisks;
	u32 tardisk_count;
	u64 next_order;
	u64 switches; /* so far; under sw */
	atomic64_t next_ino;
	spinlock_t dirs_lock; /* dirs */
	struct list_head dirs;
	spinlock_t state_lock; /* changed, removed, generation */
	struct list_head changed; /* inodes, by seq */
	struct list_head removed; /* whiteouts, by seq */
	u64 generation;
	bool state_limited; /* to directories that are marked; under sw */
	struct kernfs_node *generation_kn;
	bool verify; /* the verify mode: attached tardisks are compared with their digests */
	struct visorfs_scrub scrub;
	struct visorfs_inflater *inflaters[VISORFS_INFLATERS];
	u32 inflater_count;
	atomic64_t inflater_clock;
	spinlock_t cache_lock; /* the next three */
	struct list_head cached; /* inodes with pages of compressed tardisks */
	s64 cached_pages;
	s64 cache_max;
	struct work_struct trim_work;
	atomic64_t ramdisk_events; /* of all ramdisks: marks passed or left, full ones */
	struct kernfs_node *events_kn;
	u32 exec_restricted; /* only unchanged files of tardisks are executed */
	atomic64_t exec_refused;
	unsigned long exec_said; /* jiffies of the last line in the log */
	struct kobject kobj;
	struct kset *tardisk_set;
	struct kset *ramdisk_set;
};

static inline struct visorfs_sb *VSB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

/* super.c */
extern struct kobject *visorfs_kobj;
extern const struct super_operations visorfs_super_ops;
extern struct file_system_type visorfs_type;

/* options.c */
int visorfs_init_fs_context(struct fs_context *fc);
extern const struct fs_parameter_spec visorfs_parameters[];
struct visorfs_dir *visorfs_walk(struct visorfs_sb *sbi, char *path);

/* state_dirs.c */
bool visorfs_holds_state(const struct visorfs_sb *sbi, const struct visorfs_dir *dir);
int visorfs_state_dirs(struct visorfs_sb *sbi, const char *list, struct visorfs_msg *msg);

/* check.c */
int visorfs_check(struct visorfs_sb *sbi, struct visorfs_check *result, struct visorfs_msg *msg);

/* switch.c */
struct visorfs_change {
	struct visorfs_tardisk *td;
	u32 flags; /* of a detach */
};

int visorfs_switch(struct visorfs_sb *sbi, struct visorfs_tardisk **attach, u32 attach_count,
		   const struct visorfs_change *detach, u32 detach_count, struct visorfs_msg *msg);
int visorfs_attach_path(struct visorfs_sb *sbi, const char *path, bool compressed,
			struct visorfs_msg *msg);

/* versions.c */
int visorfs_version(struct file *file, struct visorfs_version *v, struct file **opened);

/* ioctl.c */
long visorfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* sysfs.c */
int visorfs_sysfs_add(struct visorfs_sb *sbi);
void visorfs_sysfs_remove(struct visorfs_sb *sbi);
int visorfs_sysfs_add_tardisk(struct visorfs_tardisk *td);
int visorfs_sysfs_add_ramdisk(struct visorfs_sb *sbi, struct visorfs_ramdisk *rd);
extern const struct kobj_type visorfs_tardisk_type;
extern const struct kobj_type visorfs_ramdisk_type;

#endif
