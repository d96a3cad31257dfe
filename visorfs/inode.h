/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * visorfs: inodes, and the operations on names that make and end them.
 */
#ifndef VISORFS_INODE_H
#define VISORFS_INODE_H

#include <linux/fs.h>
#include "names.h"

struct fileattr;
struct visorfs_owner;
struct visorfs_ramdisk;
struct visorfs_state;
struct visorfs_tardisk;
struct visorfs_upper;
struct visorfs_xattrs;

struct visorfs_inode {
	struct visorfs_obj *obj; /* the tardisk's object it shows, or NULL */
	struct visorfs_tardisk *td; /* holds obj; reference */
	struct visorfs_ramdisk *rd; /* charged for it; NULL: pristine */
	struct visorfs_owner *owner; /* of rd, while there is one */
	struct visorfs_dir *dir; /* of a directory; reference */
	struct visorfs_entry *entry; /* of its tardisk: the name it was looked up by, or NULL */
	struct hlist_head named; /* upper entries that show it */
	atomic_t uppers; /* how many */
	spinlock_t lock; /* rd, owner, charged, records, names, named, shared, paid, code */
	s64 charged; /* pages */
	u32 records; /* bytes charged for names, link target and xattrs */
	u32 names; /* inodes charged: one, and one for each upper name after the first */
	s64 shared; /* pages in its cache that are the tardisk's, not charged */
	s64 paid; /* pages reserved by a detach that is going on */
	bool populated; /* pages are in the cache, none in slots */
	bool ahead; /* pages behind the end may be there */
	bool zeroed; /* holes may be mapped (zero.c) */
	bool own; /* independent of the tardisk: nothing is put aside any more */
	bool compressed; /* so is the tardisk: pages that are not cut are made on demand */
	bool stays; /* a detach that is going on has unpacked it */
	unsigned long *cut; /* of a compressed branch: a bit for each page not the tardisk's */
	struct list_head cached; /* in sb->cached */
	u32 cached_pages;
#ifndef CONFIG_IMA /* which counts readers in the inode */
	atomic_t opens;
#endif
	u32 exec_users; /* code: mappings that are or were executable */
	struct list_head changed; /* in sb->changed */
	u64 seq;
	struct visorfs_xattrs *xattrs; /* that replace those of obj; of a directory: in dir */
	struct timespec64 born;
	u32 fsflags; /* FS_*_FL, as chattr(1) sets them; of what is no directory */
	char *link; /* symlink target */
	struct inode vfs;
};

static inline struct visorfs_inode *VI(const struct inode *inode)
{
	return container_of(inode, struct visorfs_inode, vfs);
}

/* inode.c */
struct inode *visorfs_alloc_inode(struct super_block *sb);
void visorfs_free_inode(struct inode *inode);
void visorfs_evict_inode(struct inode *inode);
#define VISORFS_SHORT_LINK 128 /* bytes of a link target that cost nothing but the inode */
extern const struct inode_operations visorfs_file_inode_ops;
extern const struct inode_operations visorfs_symlink_ops;
extern const struct inode_operations visorfs_special_ops;
int visorfs_inode_cache_init(void);
void visorfs_inode_cache_exit(void);
struct inode *visorfs_inode_of(struct visorfs_sb *sbi, struct visorfs_entry *e);
struct inode *visorfs_dir_inode(struct visorfs_sb *sbi, struct visorfs_dir *dir);
struct inode *visorfs_new_inode(struct visorfs_sb *sbi, struct mnt_idmap *idmap,
				struct inode *dir, umode_t mode, dev_t dev);
void visorfs_pin(struct inode *inode);
void visorfs_unpin(struct inode *inode);
void visorfs_unlinked(struct inode *inode);
int visorfs_set_link(struct inode *inode, const char *target);

/* attr.c */
int visorfs_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr);
int visorfs_getattr(struct mnt_idmap *idmap, const struct path *path, struct kstat *stat,
		    u32 mask, unsigned int flags);
int visorfs_fileattr_get(struct dentry *dentry, struct fileattr *fa);
int visorfs_fileattr_set(struct mnt_idmap *idmap, struct dentry *dentry, struct fileattr *fa);
void visorfs_apply_flags(struct inode *inode, u32 flags);

/* export.c */
extern const struct export_operations visorfs_export_ops;

/* namei.c, rename.c, readdir.c */
extern const struct inode_operations visorfs_dir_inode_ops;
extern const struct file_operations visorfs_dir_ops;
struct visorfs_entry *visorfs_name_of(struct visorfs_sb *sbi, struct visorfs_inode *vi);
void visorfs_named(struct inode *inode, struct visorfs_entry *upper);
void visorfs_unnamed(struct inode *inode, struct visorfs_entry *upper);
int visorfs_rename(struct mnt_idmap *idmap, struct inode *old_dir, struct dentry *old_dentry,
		   struct inode *new_dir, struct dentry *new_dentry, unsigned int flags);
void visorfs_dir_touched(struct inode *dir);
bool visorfs_is_dead(const struct inode *dir);

/* unlink.c */
void visorfs_name_gone(struct inode *inode, struct visorfs_entry *upper);
void visorfs_dir_gone(struct visorfs_sb *sbi, struct inode *inode, struct visorfs_entry *upper);
int visorfs_unlink(struct inode *dir, struct dentry *dentry);
int visorfs_rmdir(struct inode *dir, struct dentry *dentry);

/* xattr.c */
extern const struct xattr_handler *const visorfs_xattr_handlers[];
ssize_t visorfs_listxattr(struct dentry *dentry, char *buf, size_t size);
void visorfs_free_xattrs(struct visorfs_xattrs **at);
int visorfs_dir_without_xattrs(struct visorfs_dir *dir);
void visorfs_drop_dir_xattrs(struct inode *inode);

/* state.c */
bool visorfs_is_state(const struct inode *inode);
void visorfs_state_changed(struct inode *inode);
void visorfs_state_removed(struct visorfs_sb *sbi, struct visorfs_upper *wht);
void visorfs_state_forget(struct visorfs_sb *sbi, struct visorfs_upper *wht);
void visorfs_state_drop(struct inode *inode);
void visorfs_state_inherit(struct visorfs_entry *top, struct inode *inode);
int visorfs_state_next(struct visorfs_sb *sbi, struct visorfs_state *st);

#endif
