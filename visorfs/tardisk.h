/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * visorfs: a tardisk in memory.
 */
#ifndef VISORFS_TARDISK_H
#define VISORFS_TARDISK_H

#include <linux/kobject.h>
#include <linux/mm.h>
#include "names.h"
#include "tar.h"
#include "trust.h"

struct visorfs_attach;
struct visorfs_msg;
struct visorfs_sha256;

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
	struct visorfs_signature signature;
	bool verified; /* its frames were compared with them when it was attached */
	u32 *slots; /* one per page; NULL: compressed */
	struct visorfs_packed *compressed; /* or NULL */
};

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

static inline u64 visorfs_obj_ino(const struct visorfs_obj *obj)
{
	return obj->e.td->first_ino + (obj - obj->e.td->objs);
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

/* load.c */
struct visorfs_tardisk *visorfs_tardisk_load(struct visorfs_sb *sbi, struct file *file,
					     const struct visorfs_attach *how,
					     struct visorfs_msg *msg);

/* tardisk.c: a tardisk in memory */
void visorfs_free_pages(struct visorfs_tardisk *td, const struct visorfs_obj *obj);
u64 visorfs_tardisk_memory(const struct visorfs_tardisk *td);
struct visorfs_tardisk *visorfs_tardisk_find(struct visorfs_sb *sbi, const char *name);
void visorfs_tardisk_put(struct visorfs_tardisk *td);

/* digest.c */
void visorfs_digests_free(struct visorfs_digests *d);
bool visorfs_frame_holds(const struct visorfs_digests *d, const struct visorfs_sha256 *sha, u32 n,
			 const void *packed, u32 len);

/* inflate.c */
int visorfs_inflaters_reserve(struct visorfs_sb *sbi, u32 frame);
void visorfs_inflaters_free(struct visorfs_sb *sbi);
void visorfs_inflaters_forget(struct visorfs_sb *sbi, const struct visorfs_tardisk *td);
int visorfs_inflate(const struct visorfs_tardisk *td, u32 first, u32 count, void *to);

#endif
