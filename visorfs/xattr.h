/* SPDX-License-Identifier: GPL-2.0-only */
/* Extended attributes as they are kept: packed in a tardisk, or a list of an inode's own. */
#ifndef VISORFS_XATTR_H
#define VISORFS_XATTR_H

#include <linux/list.h>
#include <linux/string.h>

#include "internal.h"

struct visorfs_xattr {
	struct list_head list;
	u32 len;
	u32 name_len;
	char *value;
	char name[];
};

struct visorfs_xattrs {
	struct list_head list;
	u32 bytes; /* of names and values */
};

/* A tardisk's records: (name length, value length, name, value) up to a length of 0. */
struct packed {
	const char *at;
	const char *name;
	const char *value;
	u32 name_len;
	u32 len;
};

static inline bool next_packed(struct packed *p)
{
	memcpy(&p->name_len, p->at, sizeof(u32));
	if (!p->name_len)
		return false;
	memcpy(&p->len, p->at + sizeof(u32), sizeof(u32));
	p->name = p->at + 2 * sizeof(u32);
	p->value = p->name + p->name_len;
	p->at = p->value + p->len;
	return true;
}

/* A directory that is gone may have been made again under its name: that is another inode. */
static inline bool visorfs_dir_is_gone(const struct inode *inode)
{
	return S_ISDIR(inode->i_mode) && VI(inode)->dir->ino != inode->i_ino;
}

/* Where the inode's own are: of a directory, whose inode may go and come back, in dir. */
static inline struct visorfs_xattrs **visorfs_xattrs_of(struct inode *inode)
{
	return S_ISDIR(inode->i_mode) ? &VI(inode)->dir->xattrs : &VI(inode)->xattrs;
}

/* xattrs.c; names are locked for a directory, the inode's info lock where said */
bool visorfs_first_packed(struct inode *inode, struct packed *p);
/* Holds the inode's info lock. */
struct visorfs_xattr *visorfs_find_xattr(struct visorfs_xattrs *own, const char *name);
int visorfs_replace_xattr(struct dentry *dentry, const char *name, const void *value, size_t size,
			  int flags);

#endif
