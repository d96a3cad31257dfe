/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * visorfs: ramdisks: what they may hold, what they do, and who pays.
 */
#ifndef VISORFS_RAMDISK_H
#define VISORFS_RAMDISK_H

#include <linux/kobject.h>
#include <linux/spinlock.h>
#include "uapi/visorfs.h"

struct dentry;
struct inode;
struct visorfs_dir;
struct visorfs_entry;
struct visorfs_inode;
struct visorfs_limits;
struct visorfs_msg;
struct visorfs_sb;

/* A pool (control group) and what of a ramdisk is charged to it. */
struct visorfs_owner {
	struct visorfs_ramdisk *rd;
	u64 pool; /* number of the group; 0: all that the table had no place for */
	atomic_t refs; /* files, directories and whiteouts it pays for; 0: a free place */
	atomic64_t bytes;
	atomic64_t inodes;
};

#define VISORFS_OWNERS 64
#define VISORFS_MARKS 2 /* of a cap: 80 and 95 percent */

/* A cap, and the use that is made of it. */
struct visorfs_limit {
	atomic64_t used, peak, max;
	s64 high; /* use beyond it goes through visorfs_rising() */
	s64 low; /* use that falls below it goes through visorfs_falling() */
	unsigned int marks; /* so many were passed */
	unsigned long said[VISORFS_MARKS]; /* jiffies of the last line about each */
};

struct visorfs_ramdisk {
	struct kobject kobj;
	struct visorfs_sb *sbi;
	struct list_head list; /* in sb->ramdisks */
	struct visorfs_dir *top;
	char name[VISORFS_NAME_MAX + 1];
	char *path;
	struct visorfs_limit pages;
	struct visorfs_limit inodes;
	s64 min; /* pages */
	s64 grant; /* pages that the host had memory for when it was asked last */
	bool no_memory; /* it had not */
	spinlock_t watch_lock; /* marks, high, low and grant */
	spinlock_t records_lock; /* records */
	s64 records; /* bytes of long names, link targets and xattrs: they fill pages */
	atomic64_t full_events;
	atomic64_t warning_events;
	struct kernfs_node *full_kn, *warning_kn;
	unsigned long full_said; /* jiffies of the last line in the log */
	spinlock_t owners_lock; /* taking a free place */
	struct visorfs_owner owners[VISORFS_OWNERS]; /* the first one: all others */
};

/* ramdisk.c */
struct visorfs_ramdisk *visorfs_ramdisk_add(struct visorfs_sb *sbi, struct visorfs_dir *top,
					    const char *name, const struct visorfs_limits *limits,
					    struct visorfs_msg *msg);
int visorfs_ramdisk_resize(struct visorfs_sb *sbi, const char *name,
			   const struct visorfs_limits *limits, struct visorfs_msg *msg);
int visorfs_ramdisk_remove(struct visorfs_sb *sbi, const char *name);
void visorfs_ramdisk_free(struct visorfs_ramdisk *rd);

/* charge.c: the counts of a ramdisk */
int visorfs_charge(struct visorfs_ramdisk *rd, s64 pages);
void visorfs_uncharge(struct visorfs_ramdisk *rd, s64 pages);
int visorfs_charge_inodes(struct visorfs_ramdisk *rd, s64 inodes);
void visorfs_force_inodes(struct visorfs_ramdisk *rd, s64 inodes);
void visorfs_uncharge_inodes(struct visorfs_ramdisk *rd, s64 inodes);
int visorfs_charge_records(struct visorfs_ramdisk *rd, s64 bytes);
void visorfs_force_records(struct visorfs_ramdisk *rd, s64 bytes);
void visorfs_uncharge_records(struct visorfs_ramdisk *rd, s64 bytes);

/* bill.c: what a file, a directory or a whiteout is charged for */
void visorfs_open_bill(struct visorfs_inode *vi, struct visorfs_ramdisk *rd);
void visorfs_close_bill(struct visorfs_inode *vi);
int visorfs_charge_file(struct visorfs_inode *vi, s64 pages);
void visorfs_uncharge_file(struct visorfs_inode *vi, s64 pages);
void visorfs_recharge(struct inode *inode);
int visorfs_file_records(struct visorfs_inode *vi, s64 bytes);
int visorfs_move_charge(struct inode *inode, struct visorfs_ramdisk *to);
int visorfs_pay(struct inode *inode);
void visorfs_unpay(struct inode *inode);

/* name_bill.c: what names are charged for */
int visorfs_charge_name(struct visorfs_inode *vi, u32 len, bool replaces);
void visorfs_force_name(struct visorfs_inode *vi, u32 len);
void visorfs_uncharge_name(struct visorfs_inode *vi, u32 len);
int visorfs_charge_dir(struct visorfs_dir *dir, struct visorfs_ramdisk *rd, u32 len);
void visorfs_force_dir(struct visorfs_dir *dir, struct visorfs_ramdisk *rd, u32 len);
int visorfs_dir_records(struct visorfs_dir *dir, s64 bytes);
int visorfs_rename_dir(struct visorfs_dir *dir, u32 from, u32 to);
void visorfs_uncharge_dir(struct visorfs_dir *dir);
int visorfs_charge_whiteout(struct visorfs_entry *wht, bool can_fail);
void visorfs_uncharge_whiteout(struct visorfs_entry *wht);

/* owners.c: the pools that hold a ramdisk */
u64 visorfs_pool(void);
void visorfs_init_owners(struct visorfs_ramdisk *rd);
struct visorfs_owner *visorfs_get_owner(struct visorfs_ramdisk *rd, u64 pool);
void visorfs_put_owner(struct visorfs_owner *owner);
void visorfs_owner_add(struct visorfs_owner *owner, s64 bytes, s64 inodes);
ssize_t visorfs_show_owners(struct visorfs_ramdisk *rd, char *buf);
#define VISORFS_POOL_TEXT 160 /* room for visorfs_say_owner() */
const char *visorfs_say_owner(struct visorfs_ramdisk *rd, bool inodes, s64 more, char *buf);

/* watch.c: marks of a cap, and memory of the host */
void visorfs_set_watch(struct visorfs_ramdisk *rd);
bool visorfs_rising(struct visorfs_ramdisk *rd, struct visorfs_limit *l, s64 want);
void visorfs_falling(struct visorfs_ramdisk *rd, struct visorfs_limit *l, s64 used);
u32 visorfs_mark_of(const struct visorfs_limit *l);
void visorfs_say_full(struct visorfs_ramdisk *rd, struct dentry *dentry, bool making);

/* admit.c: reservations */
s64 visorfs_spare_pages(struct visorfs_sb *sbi);
int visorfs_admit(struct visorfs_sb *sbi, const char *name, s64 pages, struct visorfs_msg *msg);

#endif
