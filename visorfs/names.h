/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * visorfs: names, directories, and who provides them.
 */
#ifndef VISORFS_NAMES_H
#define VISORFS_NAMES_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/xarray.h>

struct visorfs_bucket;
struct visorfs_owner;
struct visorfs_ramdisk;
struct visorfs_sb;
struct visorfs_tardisk;
struct visorfs_xattrs;

/*
 * Memory that a user's operation takes, of the user's control group. Who has no
 * more learns that (ENOMEM); nobody is killed for it. What lets go of something
 * does not fail.
 */
#define VISORFS_USER (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)
#define VISORFS_SURE (GFP_KERNEL_ACCOUNT | __GFP_NOFAIL)

#define VISORFS_FIRST_COOKIE 2 /* 0 and 1 are "." and ".." */

/* One provider of one name. */
struct visorfs_entry {
	struct visorfs_entry *next; /* in its bucket of sb while it is the top */
	struct visorfs_dir *dir; /* that holds the name */
	struct visorfs_entry *below; /* next older provider of the name */
	struct visorfs_tardisk *td; /* NULL: upper */
	union {
		struct inode *inode; /* upper: pinned; of a tardisk: while there is one */
		struct visorfs_dir *subdir; /* of a directory */
		struct visorfs_owner *owner; /* of a whiteout: who pays for it */
	};
	u32 cookie; /* position in its directory, while it is the top */
	u16 nlink; /* of a tardisk: names of the object there; 0: it is another entry's */
	u8 len;
	u8 type; /* DT_*; DT_WHT: the name is deleted */
};

/*
 * A tardisk's entry: a name and what it stands for, as packed as it can be,
 * as most of them are never used. Widths are those of the format.
 */
struct visorfs_obj {
	struct visorfs_entry e;
	u64 mtime; /* seconds << 30 | nanoseconds */
	u64 mode : 16;
	u64 uid : 21;
	u64 gid : 21;
	u64 pinned : 1; /* its inode stays: it was mapped or changed; under that one's lock */
	u32 name; /* offset in td->strings */
	u32 size; /* bytes; of a directory: names in it */
	u32 xattrs; /* offset in td->strings of its records, 0 if none */
	union {
		u32 page; /* regular file: first of its slots in td->slots */
		u32 target; /* hard link: index of the object */
		u32 link; /* symlink: offset of its target in td->strings */
		u32 rdev;
		u32 kids; /* directory: index of the first entry in it */
	};
};

/* An upper entry owns its name. */
struct visorfs_upper {
	struct visorfs_entry e;
	union {
		struct list_head removed; /* whiteout of a state file: in sb->removed */
		struct hlist_node named; /* of a file: in its inode */
	};
	u64 seq;
	struct rcu_head rcu;
	char name[];
};

struct visorfs_dir {
	struct kref ref; /* one per provider entry and one per inode */
	struct list_head list; /* in sb->dirs */
	struct visorfs_dir *parent; /* NULL: the root */
	struct visorfs_entry *self; /* a provider, for its name; NULL: root or gone */
	struct visorfs_ramdisk *rd; /* that owns what is made here */
	struct visorfs_owner *owner; /* who pays for its inode and records, or NULL */
	struct visorfs_xattrs *xattrs; /* that replace those of tardisks */
	struct visorfs_obj *kids; /* of the tardisk that made it: their places come first */
	u32 kid_count;
	u32 covered; /* of kids, not the top of their name */
	struct xarray names; /* all other tops by cookie */
	u64 ino;
	struct timespec64 atime, mtime, ctime, born;
	u32 fsflags; /* FS_*_FL, as chattr(1) sets them */
	kuid_t uid;
	kgid_t gid;
	u32 next_cookie;
	u32 slots; /* names, whiteouts included */
	u32 visible; /* names that are not whiteouts */
	u32 subdirs; /* of them directories */
	u32 providers;
	u32 records; /* bytes charged for its name and xattrs */
	u32 going; /* during a switch: names that vanish with it */
	u32 leaving; /* and of providers those that do */
	bool gone; /* and it itself */
	umode_t mode;
	bool own; /* attributes were changed here: tardisks no longer set them */
	bool rd_top; /* its ramdisk begins here */
	bool state; /* files below it may be state */
};

static inline struct visorfs_upper *visorfs_upper(struct visorfs_entry *e)
{
	return container_of(e, struct visorfs_upper, e);
}

static inline struct visorfs_obj *visorfs_own_obj(const struct visorfs_entry *e)
{
	return container_of((struct visorfs_entry *)e, struct visorfs_obj, e);
}

/* A regular file, and not a further name of one. */
static inline bool visorfs_is_file(const struct visorfs_obj *obj)
{
	return obj->e.type == DT_REG && obj->e.nlink;
}

/* Of a regular file. */
static inline u32 visorfs_obj_pages(const struct visorfs_obj *obj)
{
	return DIV_ROUND_UP(obj->size, PAGE_SIZE);
}

/* The inode that keeps an object's changes or mapped pages, or NULL. */
static inline struct inode *visorfs_pinned(const struct visorfs_obj *obj)
{
	return obj->pinned ? obj->e.inode : NULL;
}

/* The inode with a reference; NULL if there is none, or one that is on its way out. */
static inline struct inode *visorfs_grab(const struct visorfs_obj *obj)
{
	struct inode *inode;

	rcu_read_lock();
	inode = READ_ONCE(obj->e.inode);
	if (inode)
		inode = igrab(inode);
	rcu_read_unlock();
	return inode;
}

static inline struct timespec64 visorfs_obj_mtime(const struct visorfs_obj *obj)
{
	return (struct timespec64){ .tv_sec = obj->mtime >> 30,
				    .tv_nsec = obj->mtime & ((1u << 30) - 1) };
}

/* buckets.c */
struct visorfs_entry *visorfs_find(struct visorfs_sb *sbi, struct visorfs_dir *dir,
				   const char *name, u32 len);
struct visorfs_entry *visorfs_top(struct visorfs_sb *sbi, const struct visorfs_entry *e);
void visorfs_hash(struct visorfs_sb *sbi, struct visorfs_entry *e);
void visorfs_unhash(struct visorfs_sb *sbi, struct visorfs_entry *e);
int visorfs_names_init(struct visorfs_sb *sbi);
void visorfs_names_exit(struct visorfs_sb *sbi);
struct visorfs_bucket *visorfs_names_room(struct visorfs_sb *sbi, u32 more, u32 *bits);
void visorfs_names_resize(struct visorfs_sb *sbi, struct visorfs_bucket *buckets, u32 bits);
void visorfs_names_grow(struct visorfs_sb *sbi);

/* names.c: slots and their stacks; sw is held, the directory too unless sw is for writing */
int visorfs_push(struct visorfs_sb *sbi, struct visorfs_entry *e, gfp_t gfp);
void visorfs_pull(struct visorfs_sb *sbi, struct visorfs_entry *e);
bool visorfs_is_kid(const struct visorfs_entry *e);
void visorfs_take_kids(struct visorfs_dir *dir, struct visorfs_obj *kids, u32 count);
void visorfs_forget_kids(struct visorfs_dir *dir, const struct visorfs_tardisk *td);
struct visorfs_entry *visorfs_next_place(struct visorfs_sb *sbi, struct visorfs_dir *dir,
					 u32 *cookie);

/*
 * The top of the first name at *cookie or behind it (a whiteout too), and its
 * place; NULL at the end. The directory must not change meanwhile.
 */
static inline struct visorfs_entry *
visorfs_next_name(struct visorfs_sb *sbi, struct visorfs_dir *dir, u32 *cookie)
{
	u32 kid = max_t(u32, *cookie, VISORFS_FIRST_COOKIE) - VISORFS_FIRST_COOKIE;

	/* Most directories are of one tardisk, and nothing of it is hidden. */
	if (kid >= dir->kid_count || dir->covered)
		return visorfs_next_place(sbi, dir, cookie);
	*cookie = kid + VISORFS_FIRST_COOKIE;
	return &dir->kids[kid].e;
}

/* upper.c */
struct visorfs_entry *visorfs_new_upper(struct visorfs_dir *dir, const char *name, u32 len,
					gfp_t gfp);
void visorfs_free_upper(struct visorfs_entry *e);
int visorfs_show(struct visorfs_sb *sbi, struct visorfs_entry *e, struct visorfs_entry **old);
bool visorfs_needs_whiteout(const struct visorfs_entry *e);
struct visorfs_entry *visorfs_hide(struct visorfs_sb *sbi, struct visorfs_entry *e,
				   struct visorfs_entry *wht);
struct visorfs_dir *visorfs_entry_dir(const struct visorfs_entry *e);
struct visorfs_dir *visorfs_stack_dir(const struct visorfs_entry *top);
char *visorfs_entry_path(const struct visorfs_entry *e, char *buf, int size);
char *visorfs_dir_path(const struct visorfs_dir *dir, char *buf, int size);

/* dir.c: directories of the namespace */
struct visorfs_dir *visorfs_new_dir(struct visorfs_sb *sbi, struct visorfs_dir *parent);
void visorfs_put_dir(struct visorfs_sb *sbi, struct visorfs_dir *dir);
void visorfs_dir_provide(struct visorfs_dir *dir, struct visorfs_entry *e);
bool visorfs_dir_unprovide(struct visorfs_sb *sbi, struct visorfs_dir *dir,
			   struct visorfs_entry *e);
void visorfs_dir_refresh(struct visorfs_sb *sbi, struct visorfs_dir *dir);
int visorfs_own_dir(struct inode *inode, struct dentry *dentry);
void visorfs_dir_save(struct visorfs_dir *dir, const struct inode *inode);
void visorfs_dir_load(const struct visorfs_dir *dir, struct inode *inode);
void visorfs_free_dirs(struct visorfs_sb *sbi);

#endif
