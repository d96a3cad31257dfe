// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes: user.*, trusted.* and security.*. Those of a tardisk's
 * file stay packed in the tardisk until one is changed; then all of them are
 * copied to the inode. Their memory is bounded by PER_INODE for each charged inode.
 */
#include <linux/slab.h>
#include <linux/xattr.h>

#include "internal.h"

struct visorfs_xattr {
	struct list_head list;
	u32 len;
	u32 name_len;
	char *value;
	char name[];
};

#define PER_INODE (64u << 10) /* bytes of names and values that one file may have */

/* A tardisk's records: (name length, value length, name, value) up to a length of 0. */
struct packed {
	const char *at;
	const char *name;
	const char *value;
	u32 name_len;
	u32 len;
};

static bool next_packed(struct packed *p)
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

static bool first_packed(const struct visorfs_inode *vi, struct packed *p)
{
	if (!vi->obj || !vi->obj->xattrs || vi->own_xattrs)
		return false;
	p->at = vi->td->strings + vi->obj->xattrs;
	return true;
}

static struct visorfs_xattr *find(struct visorfs_inode *vi, const char *name)
{
	struct visorfs_xattr *x;

	list_for_each_entry(x, &vi->xattrs, list)
		if (!strcmp(x->name, name))
			return x;
	return NULL;
}

static int give(void *buf, size_t size, const void *value, size_t len)
{
	if (size) {
		if (len > size)
			return -ERANGE;
		memcpy(buf, value, len);
	}
	return len;
}

static int get(const struct xattr_handler *handler, struct dentry *dentry, struct inode *inode,
	       const char *suffix, void *buf, size_t size)
{
	const char *name = xattr_full_name(handler, suffix);
	struct visorfs_inode *vi = VI(inode);
	struct visorfs_xattr *x;
	struct packed p;
	int ret = -ENODATA;

	/* Most files have none; do not lock to find that out. */
	if (first_packed(vi, &p)) {
		while (next_packed(&p))
			if (p.name_len == strlen(name) && !memcmp(p.name, name, p.name_len))
				return give(buf, size, p.value, p.len);
		return ret;
	}
	if (list_empty(&vi->xattrs))
		return ret;
	spin_lock(&vi->lock);
	x = find(vi, name);
	if (x)
		ret = give(buf, size, x->value, x->len);
	spin_unlock(&vi->lock);
	return ret;
}

static struct visorfs_xattr *new_xattr(const char *name, u32 name_len, const void *value, u32 len)
{
	struct visorfs_xattr *x = kzalloc(struct_size(x, name, name_len + 1), GFP_KERNEL_ACCOUNT);

	if (!x)
		return NULL;
	x->value = kvmalloc(len + 1, GFP_KERNEL_ACCOUNT);
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

/* The inode's own list begins with what the tardisk gave it. */
static int own_xattrs(struct visorfs_inode *vi)
{
	struct visorfs_xattr *x;
	struct packed p;

	if (vi->own_xattrs)
		return 0;
	if (first_packed(vi, &p)) {
		while (next_packed(&p)) {
			x = new_xattr(p.name, p.name_len, p.value, p.len);
			if (!x) {
				visorfs_free_xattrs(vi);
				return -ENOMEM;
			}
			list_add_tail(&x->list, &vi->xattrs);
		}
	}
	WRITE_ONCE(vi->own_xattrs, true);
	return 0;
}

static size_t bytes_of(struct visorfs_inode *vi)
{
	struct visorfs_xattr *x;
	size_t bytes = 0;

	list_for_each_entry(x, &vi->xattrs, list)
		bytes += x->name_len + x->len;
	return bytes;
}

static int replace(struct visorfs_inode *vi, const char *name, const void *value, size_t size,
		   int flags)
{
	struct visorfs_xattr *new = NULL, *old;
	int ret = own_xattrs(vi);

	if (ret)
		return ret;
	old = find(vi, name);
	if (old && flags & XATTR_CREATE)
		return -EEXIST;
	if (!old && (flags & XATTR_REPLACE || !value))
		return -ENODATA;
	if (value) {
		if (bytes_of(vi) + strlen(name) + size > PER_INODE)
			return -ENOSPC;
		new = new_xattr(name, strlen(name), value, size);
		if (!new)
			return -ENOMEM;
	}
	spin_lock(&vi->lock);
	if (new)
		list_add_tail(&new->list, &vi->xattrs);
	if (old)
		list_del(&old->list);
	spin_unlock(&vi->lock);
	if (old)
		free_xattr(old);
	return 0;
}

static int set(const struct xattr_handler *handler, struct mnt_idmap *idmap, struct dentry *dentry,
	       struct inode *inode, const char *suffix, const void *value, size_t size, int flags)
{
	int ret;

	/* A directory's inode may go and come back: it keeps no attributes of its own. */
	if (S_ISDIR(inode->i_mode))
		return -EOPNOTSUPP;
	ret = visorfs_branch(inode, dentry);
	if (!ret)
		ret = replace(VI(inode), xattr_full_name(handler, suffix), value, size, flags);
	if (!ret) {
		inode_set_ctime_current(inode);
		visorfs_state_changed(inode);
	}
	return ret;
}

static int list_one(char *buf, size_t size, size_t *done, const char *name, u32 len)
{
	/* trusted.* is for those who could read it. */
	if (!strncmp(name, XATTR_TRUSTED_PREFIX, XATTR_TRUSTED_PREFIX_LEN) &&
	    !capable(CAP_SYS_ADMIN))
		return 0;
	if (size) {
		if (*done + len + 1 > size)
			return -ERANGE;
		memcpy(buf + *done, name, len);
		buf[*done + len] = '\0';
	}
	*done += len + 1;
	return 0;
}

ssize_t visorfs_listxattr(struct dentry *dentry, char *buf, size_t size)
{
	struct visorfs_inode *vi = VI(d_inode(dentry));
	struct visorfs_xattr *x;
	struct packed p;
	size_t done = 0;
	int ret = 0;

	if (first_packed(vi, &p)) {
		while (!ret && next_packed(&p))
			ret = list_one(buf, size, &done, p.name, p.name_len);
		return ret ?: done;
	}
	spin_lock(&vi->lock);
	list_for_each_entry(x, &vi->xattrs, list) {
		ret = list_one(buf, size, &done, x->name, x->name_len);
		if (ret)
			break;
	}
	spin_unlock(&vi->lock);
	return ret ?: done;
}

void visorfs_free_xattrs(struct visorfs_inode *vi)
{
	struct visorfs_xattr *x, *next;

	list_for_each_entry_safe(x, next, &vi->xattrs, list) {
		list_del(&x->list);
		free_xattr(x);
	}
}

static const struct xattr_handler user_handler = {
	.prefix = XATTR_USER_PREFIX, .get = get, .set = set,
};

static const struct xattr_handler trusted_handler = {
	.prefix = XATTR_TRUSTED_PREFIX, .get = get, .set = set,
};

static const struct xattr_handler security_handler = {
	.prefix = XATTR_SECURITY_PREFIX, .get = get, .set = set,
};

const struct xattr_handler *const visorfs_xattr_handlers[] = {
	&user_handler,
	&trusted_handler,
	&security_handler,
	NULL,
};
