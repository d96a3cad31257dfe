// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where extended attributes are: packed in tardisks until one is changed, then
 * in a list of the inode's own, every byte of which is charged to the ramdisk.
 */
#include <linux/slab.h>
#include <linux/xattr.h>

#include "xattr.h"

#define PER_INODE (64u << 10) /* bytes of names and values that one file may have */

/* The newest tardisk's part in a directory, as for its mode; sw is held. */
static const struct visorfs_obj *dir_obj(struct visorfs_sb *sbi, const struct visorfs_dir *dir)
{
	const struct visorfs_entry *e = dir->self ? visorfs_top(sbi, dir->self) : NULL;

	for (; e; e = e->below)
		if (e->td && e->type == DT_DIR)
			return visorfs_own_obj(e);
	return NULL;
}

/* What tardisks say, unless that was replaced; sw is held for a directory. */
bool visorfs_first_packed(struct inode *inode, struct packed *p)
{
	const struct visorfs_obj *obj = VI(inode)->obj;

	if (READ_ONCE(*visorfs_xattrs_of(inode)) || visorfs_dir_is_gone(inode))
		return false;
	if (S_ISDIR(inode->i_mode))
		obj = dir_obj(VSB(inode->i_sb), VI(inode)->dir);
	if (!obj || !obj->xattrs)
		return false;
	p->at = obj->e.td->strings + obj->xattrs;
	return true;
}

struct visorfs_xattr *visorfs_find_xattr(struct visorfs_xattrs *own, const char *name)
{
	struct visorfs_xattr *x;

	list_for_each_entry(x, &own->list, list)
		if (!strcmp(x->name, name))
			return x;
	return NULL;
}

static struct visorfs_xattr *new_xattr(const char *name, u32 name_len, const void *value, u32 len)
{
	struct visorfs_xattr *x = kzalloc(struct_size(x, name, name_len + 1), VISORFS_USER);

	if (!x)
		return NULL;
	x->value = kvmalloc(len + 1, VISORFS_USER);
	if (!x->value) {
		kfree(x);
		return NULL;
	}
	memcpy(x->name, name, name_len);
	memcpy(x->value, value, len);
	x->name_len = name_len;
	x->len = len;
	return x;
}

static void free_xattr(struct visorfs_xattr *x)
{
	kvfree(x->value);
	kfree(x);
}

/* What one costs: the structure too, or many small ones would be had for little. */
static s64 cost_of(const struct visorfs_xattr *x)
{
	return x ? sizeof(*x) + x->name_len + x->len : 0;
}

static int charge(struct dentry *dentry, s64 bytes)
{
	struct visorfs_inode *vi = VI(d_inode(dentry));
	int ret = vi->dir ? visorfs_dir_records(vi->dir, bytes) : visorfs_file_records(vi, bytes);

	if (ret)
		visorfs_say_full(vi->dir ? vi->dir->owner->rd : vi->rd, dentry, false);
	return ret;
}

static struct visorfs_xattrs *new_list(void)
{
	struct visorfs_xattrs *own = kzalloc(sizeof(*own), VISORFS_USER);

	if (own)
		INIT_LIST_HEAD(&own->list);
	return own;
}

void visorfs_free_xattrs(struct visorfs_xattrs **at)
{
	struct visorfs_xattr *x, *next;

	if (!*at)
		return;
	list_for_each_entry_safe(x, next, &(*at)->list, list)
		free_xattr(x);
	kfree(*at);
	*at = NULL;
}

/* A directory that is made anew where tardisks have one begins without theirs. */
int visorfs_dir_without_xattrs(struct visorfs_dir *dir)
{
	if (!dir->providers || dir->xattrs)
		return 0;
	dir->xattrs = new_list();
	return dir->xattrs ? 0 : -ENOMEM;
}

/* The directory is gone; its records are uncharged with it. */
void visorfs_drop_dir_xattrs(struct inode *inode)
{
	struct visorfs_xattrs *own;

	spin_lock(&VI(inode)->lock);
	own = VI(inode)->dir->xattrs;
	VI(inode)->dir->xattrs = NULL;
	spin_unlock(&VI(inode)->lock);
	visorfs_free_xattrs(&own);
}

static int copy_packed(struct visorfs_xattrs *own, struct packed *p, s64 *cost)
{
	while (next_packed(p)) {
		struct visorfs_xattr *x = new_xattr(p->name, p->name_len, p->value, p->len);

		if (!x)
			return -ENOMEM;
		list_add_tail(&x->list, &own->list);
		own->bytes += x->name_len + x->len;
		*cost += cost_of(x);
	}
	return 0;
}

/*
 * The inode's own list, or a new one for it that begins with what the tardisk
 * gave it, and what that costs. NULL if there is no memory.
 */
static struct visorfs_xattrs *list_of(struct inode *inode, s64 *cost)
{
	struct visorfs_xattrs *own = *visorfs_xattrs_of(inode);
	struct packed p;

	*cost = 0;
	if (own)
		return own;
	own = new_list();
	if (!own)
		return NULL;
	*cost = sizeof(*own);
	if (visorfs_first_packed(inode, &p) && copy_packed(own, &p, cost))
		visorfs_free_xattrs(&own);
	return own;
}

/* Changes a list, for which cost is charged along. */
static int replace(struct dentry *dentry, struct visorfs_xattrs *own, s64 cost, const char *name,
		   const void *value, size_t size, int flags)
{
	struct visorfs_xattr *new = NULL, *old = visorfs_find_xattr(own, name);
	struct inode *inode = d_inode(dentry);
	int ret;

	if (old && flags & XATTR_CREATE)
		return -EEXIST;
	if (!old && (flags & XATTR_REPLACE || !value))
		return -ENODATA;
	if (value) {
		if (own->bytes - (old ? old->name_len + old->len : 0) + strlen(name) + size >
		    PER_INODE)
			return -ENOSPC;
		new = new_xattr(name, strlen(name), value, size);
		if (!new)
			return -ENOMEM;
	}
	ret = charge(dentry, cost + cost_of(new) - cost_of(old));
	if (ret) {
		if (new)
			free_xattr(new);
		return ret;
	}
	spin_lock(&VI(inode)->lock);
	if (new) {
		list_add_tail(&new->list, &own->list);
		own->bytes += new->name_len + new->len;
	}
	if (old) {
		list_del(&old->list);
		own->bytes -= old->name_len + old->len;
	}
	spin_unlock(&VI(inode)->lock);
	if (old)
		free_xattr(old);
	return 0;
}

/* A first change makes the list the inode's own; one that fails leaves nothing behind. */
int visorfs_replace_xattr(struct dentry *dentry, const char *name, const void *value, size_t size,
			  int flags)
{
	struct visorfs_xattrs **at = visorfs_xattrs_of(d_inode(dentry)), *own;
	s64 cost;
	int ret;

	own = list_of(d_inode(dentry), &cost);
	if (!own)
		return -ENOMEM;
	ret = replace(dentry, own, cost, name, value, size, flags);
	if (*at)
		return ret;
	if (ret)
		visorfs_free_xattrs(&own);
	else
		smp_store_release(at, own); /* with all that is in it */
	return ret;
}
