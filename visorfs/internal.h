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
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rwsem.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "uapi/visorfs.h"
#include "scrub.h"
#include "sha256.h"
#include "tar.h"

struct visorfs_sb;
struct visorfs_tardisk;
struct visorfs_ramdisk;
struct visorfs_dir;
struct visorfs_xattrs;
struct visorfs_bucket;
struct visorfs_inflater;

/* One line for the caller and for the log, made where the failure happens. */
struct visorfs_msg {
	char text[VISORFS_MSG_MAX];
};

__printf(3, 4) int visorfs_fail(struct visorfs_msg *msg, int err, const char *fmt, ...);

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
};

/*
 * A slot stands for one page of a tardisk's file: 0 while the page is in the
 * file's page cache, else its frame number and a bit: the page was in a cache
 * before, so it may still be on the LRU and is copied, never inserted again.
 */
#define VISORFS_SLOT_USED 1u
#define VISORFS_SLOT_SHIFT 1
#define VISORFS_SLOT_PFNS (1ul << (32 - VISORFS_SLOT_SHIFT)) /* 8 TiB */

/* What a tardisk's bytes must hash to. */
struct visorfs_digests {
	struct tardisk_digests list; /* points into bytes */
	void *bytes; /* the list as it is in the file */
};

/* The data area of a tardisk that stays compressed: its frames, one behind the other. */
struct visorfs_packed {
	u8 *data;
	u64 *ends; /* of each frame in data */
	u32 count;
	u32 frame; /* content bytes of all but the last */
};

struct visorfs_tardisk {
	struct kref ref; /* attached, and one per inode that shows an object */
	struct kobject kobj;
	struct visorfs_sb *sbi;
	struct list_head list; /* in sb->tardisks */
	char name[VISORFS_NAME_MAX + 1];
	u64 order; /* higher is newer */
	u64 first_ino;
	u64 packed; /* bytes of the file it came from */
	struct timespec64 attached; /* when its files were born here */
	u64 pages;
	u32 count;
	u32 files;
	atomic_t branches;
	bool detached;
	struct visorfs_obj *objs; /* count; the entries of one directory side by side */
	u32 root_kids; /* of them in the root: the first ones */
	char *strings; /* names, link targets, xattr records */
	size_t strings_size;
	struct visorfs_digests digests;
	bool verified; /* its frames were compared with them when it was attached */
	u32 *slots; /* one per page; NULL: compressed */
	struct visorfs_packed *compressed; /* or NULL */
};

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
	atomic64_t next_ino;
	spinlock_t dirs_lock; /* dirs */
	struct list_head dirs;
	spinlock_t state_lock; /* changed, removed, generation */
	struct list_head changed; /* inodes, by seq */
	struct list_head removed; /* whiteouts, by seq */
	u64 generation;
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

static inline struct visorfs_sb *VSB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

static inline struct visorfs_upper *visorfs_upper(struct visorfs_entry *e)
{
	return container_of(e, struct visorfs_upper, e);
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

static inline struct visorfs_obj *visorfs_own_obj(const struct visorfs_entry *e)
{
	return container_of((struct visorfs_entry *)e, struct visorfs_obj, e);
}

/* What a tardisk's entry stands for: of a hard link the entry it names. */
static inline struct visorfs_obj *visorfs_obj(const struct visorfs_entry *e)
{
	struct visorfs_obj *obj = visorfs_own_obj(e);

	return e->nlink ? obj : &e->td->objs[obj->target];
}

/* Not terminated; e->len bytes. */
static inline const char *visorfs_name(const struct visorfs_entry *e)
{
	if (e->td)
		return e->td->strings + visorfs_own_obj(e)->name;
	return visorfs_upper((struct visorfs_entry *)e)->name;
}

static inline struct timespec64 visorfs_obj_mtime(const struct visorfs_obj *obj)
{
	return (struct timespec64){ .tv_sec = obj->mtime >> 30,
				    .tv_nsec = obj->mtime & ((1u << 30) - 1) };
}

static inline u64 visorfs_obj_ino(const struct visorfs_obj *obj)
{
	return obj->e.td->first_ino + (obj - obj->e.td->objs);
}

/* The inode that keeps an object's changes or mapped pages, or NULL. */
static inline struct inode *visorfs_pinned(const struct visorfs_obj *obj)
{
	return obj->pinned ? obj->e.inode : NULL;
}

/* Content bytes of a frame of a compressed tardisk. */
static inline u32 visorfs_frame_size(const struct visorfs_tardisk *td, u32 n)
{
	return min_t(u64, td->compressed->frame,
		     (td->pages << PAGE_SHIFT) - (u64)n * td->compressed->frame);
}

/* The page that a slot holds, or NULL. */
static inline struct page *visorfs_slot_page(u32 slot)
{
	return slot ? pfn_to_page(slot >> VISORFS_SLOT_SHIFT) : NULL;
}

static inline u32 visorfs_slot(const struct page *page)
{
	return page_to_pfn(page) << VISORFS_SLOT_SHIFT;
}

/* super.c */
extern struct kobject *visorfs_kobj;
extern const struct super_operations visorfs_super_ops;

/* options.c */
int visorfs_init_fs_context(struct fs_context *fc);
extern const struct fs_parameter_spec visorfs_parameters[];

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
struct visorfs_entry *visorfs_next_name(struct visorfs_sb *sbi, struct visorfs_dir *dir,
					u32 *cookie);

/* upper.c */
struct visorfs_entry *visorfs_new_upper(struct visorfs_dir *dir, const char *name, u32 len);
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

/* load.c */
struct visorfs_tardisk *visorfs_tardisk_load(struct visorfs_sb *sbi, struct file *file,
					     const struct visorfs_attach *how,
					     struct visorfs_msg *msg);

/* tardisk.c: a tardisk in memory */
void visorfs_free_pages(struct visorfs_tardisk *td, const struct visorfs_obj *obj);
u64 visorfs_tardisk_memory(const struct visorfs_tardisk *td);
struct visorfs_tardisk *visorfs_tardisk_find(struct visorfs_sb *sbi, const char *name);
void visorfs_tardisk_put(struct visorfs_tardisk *td);

/* unpack.c, workers.c: from the file into buffers and pages */
#define VISORFS_WORKERS 4u /* at most */

struct visorfs_unpack;

struct visorfs_worker {
	struct work_struct work;
	const struct visorfs_unpack *unpack;
	u32 number; /* of the frame that it decompresses */
	struct tardisk_frame frame;
	void *packed; /* it */
	void *to; /* where its content goes, or NULL: to the pages of slots */
	const u32 *slots;
	int ret;
	const char *what; /* is wrong with the frame, if ret is -EBADMSG */
	void *workspace;
	struct page *pages[TARDISK_FRAME >> PAGE_SHIFT];
};

struct visorfs_unpack {
	struct file *file;
	const char *name;
	struct tardisk_seek seek;
	void *table;
	u32 cursor; /* of the walk through the seek table */
	struct tardisk_frame frame; /* that the cursor has passed */
	void *first; /* content of the first frame until it is part of the headers */
	struct visorfs_worker *workers[VISORFS_WORKERS];
	u32 worker_count;
	u32 turn;
	struct visorfs_digests digests;
	struct visorfs_sha256 sha;
	u32 window; /* largest that a frame may have */
	bool verify; /* compare each frame before it is unpacked */
};

int visorfs_unpack_open(struct visorfs_unpack *u, struct file *file, const char *name,
			struct visorfs_msg *msg);
void visorfs_unpack_close(struct visorfs_unpack *u);
int visorfs_unpack_volume(struct visorfs_unpack *u, struct tardisk_volume *volume,
			  struct visorfs_msg *msg);
int visorfs_unpack_headers(struct visorfs_unpack *u, u32 len, void **headers,
			   struct visorfs_msg *msg);
int visorfs_unpack_pages(struct visorfs_unpack *u, const u32 *slots, u64 pages,
			 struct visorfs_msg *msg);
int visorfs_unpack_nothing(struct visorfs_unpack *u, struct visorfs_packed *p, u64 pages,
			   struct visorfs_msg *msg);
int visorfs_workers_open(struct visorfs_unpack *u);
const char *visorfs_header_fault(const struct visorfs_unpack *u, const struct tardisk_frame *frame,
				 const void *packed);
const char *visorfs_frame_fault(const struct visorfs_unpack *u, u32 number,
				const struct tardisk_frame *frame, const void *packed);
void visorfs_workers_close(struct visorfs_unpack *u);
struct visorfs_worker *visorfs_worker_next(struct visorfs_unpack *u);
int visorfs_worker_wait(struct visorfs_worker *w);
void visorfs_worker_start(struct visorfs_unpack *u, struct visorfs_worker *w, void *to,
			  const u32 *slots);

/* digest.c */
int visorfs_digests_init(struct visorfs_unpack *u, struct visorfs_msg *msg);
int visorfs_digests_demand(struct visorfs_unpack *u, const struct visorfs_attach *how,
			   struct visorfs_msg *msg);
void visorfs_digests_free(struct visorfs_digests *d);
bool visorfs_frame_holds(const struct visorfs_digests *d, const struct visorfs_sha256 *sha, u32 n,
			 const void *packed, u32 len);

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

/* pages.c */
extern const struct address_space_operations visorfs_aops;
int visorfs_populate(struct inode *inode);
struct folio *visorfs_new_folio(struct inode *inode, pgoff_t index, size_t len, bool paid);
vm_fault_t visorfs_page_mkwrite(struct vm_fault *vmf);
vm_fault_t visorfs_map_pages(struct vm_fault *vmf, pgoff_t start, pgoff_t end);
int visorfs_write_begin(struct file *file, struct address_space *mapping, loff_t pos,
			unsigned int len, struct folio **foliop, void **fsdata);
int visorfs_write_end(struct file *file, struct address_space *mapping, loff_t pos,
		      unsigned int len, unsigned int copied, struct folio *folio, void *fsdata);

/* inflate.c */
int visorfs_inflaters_reserve(struct visorfs_sb *sbi, u32 frame);
void visorfs_inflaters_free(struct visorfs_sb *sbi);
void visorfs_inflaters_forget(struct visorfs_sb *sbi, const struct visorfs_tardisk *td);
int visorfs_inflate(const struct visorfs_tardisk *td, u32 first, u32 count, void *to);

/* packed.c */
extern const struct address_space_operations visorfs_packed_aops;
void visorfs_packed_free(struct visorfs_packed *p);
struct folio *visorfs_lock_folio(struct inode *inode, pgoff_t index);
int visorfs_take_page(struct inode *inode, struct folio *folio, pgoff_t index);
void visorfs_cut_range(struct visorfs_inode *vi, pgoff_t first, pgoff_t end);
s64 visorfs_own_pages(struct inode *inode);
s64 visorfs_pristine_pages(const struct inode *inode);
int visorfs_unpack_branch(struct inode *inode);
void visorfs_repack_branch(struct inode *inode);
u64 visorfs_cache_share(const struct visorfs_tardisk *td);

/* cache.c */
void visorfs_cache_init(struct visorfs_sb *sbi);
void visorfs_cache_stop(struct visorfs_sb *sbi);
void visorfs_cache_added(struct inode *inode, u32 pages);
void visorfs_cache_drop(struct inode *inode);
void visorfs_cache_resize(struct visorfs_sb *sbi, s64 pages);

/* exec.c: execution from tardisks only */
void visorfs_exec_init(struct visorfs_sb *sbi);
void visorfs_exec_exit(struct visorfs_sb *sbi);
void visorfs_exec_restrict(struct visorfs_sb *sbi);
bool visorfs_exec_in_use(const struct visorfs_inode *vi);
int visorfs_permission(struct mnt_idmap *idmap, struct inode *inode, int mask);
bool visorfs_exec_forbidden(const struct inode *inode);
int visorfs_exec_mmap(struct vm_area_struct *vma);
int visorfs_exec_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  unsigned long flags);
void visorfs_exec_vma_open(struct vm_area_struct *vma);
void visorfs_exec_vma_close(struct vm_area_struct *vma);

/* holes.c */
bool visorfs_can_be_made(struct inode *inode, pgoff_t index);
long visorfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len);
void visorfs_zero_tail(struct inode *inode);
loff_t visorfs_llseek(struct file *file, loff_t offset, int whence);

/* file.c */
extern const struct file_operations visorfs_file_ops;
bool visorfs_is_open(const struct inode *inode);
int visorfs_prepare_write(struct file *file);
bool visorfs_has_holes(struct inode *inode);
int visorfs_truncate(struct dentry *dentry, loff_t size);

/* branch.c */
struct visorfs_ramdisk *visorfs_home(struct inode *inode);
int visorfs_branch(struct inode *inode, struct dentry *dentry);
bool visorfs_is_pristine(const struct visorfs_inode *vi, pgoff_t index);
int visorfs_save_page(struct inode *inode, struct folio *folio, pgoff_t index);
int visorfs_save_tail(struct inode *inode, loff_t size);
void visorfs_save_range(struct inode *inode, pgoff_t first, pgoff_t end);
int visorfs_replace_shared(struct inode *inode, struct folio *folio, pgoff_t keep);
void visorfs_give_back(struct inode *inode);
void visorfs_become_own(struct inode *inode);

/* split.c */
int visorfs_split_at(struct inode *inode, pgoff_t first, bool cut);

/* ramdisk.c */
struct visorfs_ramdisk *visorfs_ramdisk_add(struct visorfs_sb *sbi, struct visorfs_dir *top,
					    const char *name, u64 max, u64 min, u64 max_inodes,
					    struct visorfs_msg *msg);
int visorfs_ramdisk_resize(struct visorfs_sb *sbi, const char *name, u64 max, u64 min,
			   u64 max_inodes, struct visorfs_msg *msg);
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

/* zero.c: holes in mappings */
extern const struct vm_operations_struct visorfs_vm_ops;
int visorfs_zero_init(void);
void visorfs_zero_exit(void);
void visorfs_hole_filled(struct inode *inode, pgoff_t index, pgoff_t count);

/* state.c */
bool visorfs_is_state(const struct inode *inode);
void visorfs_state_changed(struct inode *inode);
void visorfs_state_removed(struct visorfs_sb *sbi, struct visorfs_upper *wht);
void visorfs_state_forget(struct visorfs_sb *sbi, struct visorfs_upper *wht);
void visorfs_state_drop(struct inode *inode);
void visorfs_state_inherit(struct visorfs_entry *top, struct inode *inode);
int visorfs_state_next(struct visorfs_sb *sbi, struct visorfs_state *st);

/* versions.c */
int visorfs_version(struct file *file, struct visorfs_version *v);

/* ioctl.c */
long visorfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* sysfs.c */
int visorfs_sysfs_add(struct visorfs_sb *sbi);
void visorfs_sysfs_remove(struct visorfs_sb *sbi);
int visorfs_sysfs_add_tardisk(struct visorfs_tardisk *td);
int visorfs_sysfs_add_ramdisk(struct visorfs_sb *sbi, struct visorfs_ramdisk *rd);
extern const struct kobj_type visorfs_tardisk_type;
extern const struct kobj_type visorfs_ramdisk_type;

/* xattr.c */
extern const struct xattr_handler *const visorfs_xattr_handlers[];
ssize_t visorfs_listxattr(struct dentry *dentry, char *buf, size_t size);
void visorfs_free_xattrs(struct visorfs_xattrs **at);
int visorfs_dir_without_xattrs(struct visorfs_dir *dir);
void visorfs_drop_dir_xattrs(struct inode *inode);

#endif
