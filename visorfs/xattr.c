// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes: user.*, trusted.* and security.*. Those of a tardisk's
 * file stay packed in the tardisk until one is changed; then all of them are
 * copied to the inode, of a directory to its visorfs_dir, as its inode may go.
 * Their memory is bounded by PER_INODE for each charged inode.
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

/* The ones that were set here; NULL if a directory has none. */
static struct visorfs_xattrs *own_of(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);

	/* Pairs with new_set(): what it points to is ready. */
	return vi->dir ? smp_load_acquire(&vi->dir->xattrs) : &vi->xattrs;
}

/* What guards their list. Old and new inode of a directory that was made again share one. */
static spinlock_t *lock_of(struct inode *inode)
{
	return VI(inode)->dir ? &VSB(inode->i_sb)->dirs_lock : &VI(inode)->lock;
}

/* The newest tardisk's entry of a directory; sw is held. */
static const struct visorfs_obj *dir_obj(struct visorfs_sb *sbi, const struct visorfs_dir *dir)
{
	const struct visorfs_entry *e = dir->self ? visorfs_top(sbi, dir->self) : NULL;

	for (; e; e = e->below)
		if (e->td && e->type == DT_DIR && e->subdir == dir)
			return visorfs_own_obj(e);
	return NULL;
}

/* Of a directory while sw is held: its tardisk may go. */
static bool first_packed(struct inode *inode, struct packed *p)
{
	const struct visorfs_inode *vi = VI(inode);
	struct visorfs_xattrs *own = own_of(inode);
	const struct visorfs_obj *obj = vi->obj;

	if (own && READ_ONCE(own->own))
		return false;
	if (vi->dir)
		obj = dir_obj(VSB(inode->i_sb), vi->dir);
	if (!obj || !obj->xattrs)
		return false;
	p->at = obj->e.td->strings + obj->xattrs;
	return true;
}

static void hold_packed(struct inode *inode)
{
	if (VI(inode)->dir)
		down_read(&VSB(inode->i_sb)->sw);
}

static void let_packed(struct inode *inode)
{
	if (VI(inode)->dir)
		up_read(&VSB(inode->i_sb)->sw);
}

static struct visorfs_xattr *find(struct visorfs_xattrs *own, const char *name)
{
	struct visorfs_xattr *x;

	list_for_each_entry(x, &own->list, list)
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

static int get_packed(struct packed *p, const char *name, void *buf, size_t size)
{
	while (next_packed(p))
		if (p->name_len == strlen(name) && !memcmp(p->name, name, p->name_len))
			return give(buf, size, p->value, p->len);
	return -ENODATA;
}

static int get(const struct xattr_handler *handler, struct dentry *dentry, struct inode *inode,
	       const char *suffix, void *buf, size_t size)
{
	const char *name = xattr_full_name(handler, suffix);
	struct visorfs_xattrs *own = own_of(inode);
	struct visorfs_xattr *x;
	struct packed p;
	int ret = -ENODATA;

	/* Most files have none; do not lock to find that out. */
	if (!own || !READ_ONCE(own->own)) {
		hold_packed(inode);
		if (first_packed(inode, &p))
			ret = get_packed(&p, name, buf, size);
		let_packed(inode);
		return ret;
	}
	if (list_empty(&own->list))
		return ret;
	spin_lock(lock_of(inode));
	x = find(own, name);
	if (x)
		ret = give(buf, size, x->value, x->len);
	spin_unlock(lock_of(inode));
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

static struct visorfs_xattrs *new_set(struct visorfs_dir *dir)
{
	struct visorfs_xattrs *own = kzalloc(sizeof(*own), GFP_KERNEL_ACCOUNT);

	if (own) {
		INIT_LIST_HEAD(&own->list);
		smp_store_release(&dir->xattrs, own); /* pairs with own_of() */
	}
	return own;
}

static int copy_packed(struct inode *inode, struct visorfs_xattrs *own)
{
	struct visorfs_xattr *x;
	struct packed p;

	if (!first_packed(inode, &p))
		return 0;
	while (next_packed(&p)) {
		x = new_xattr(p.name, p.name_len, p.value, p.len);
		if (!x) {
			visorfs_free_xattrs(own);
			return -ENOMEM;
		}
		list_add_tail(&x->list, &own->list);
	}
	return 0;
}

/* The own list begins with what the tardisk gave. The inode is locked. */
static struct visorfs_xattrs *make_own(struct inode *inode)
{
	struct visorfs_xattrs *own = own_of(inode) ?: new_set(VI(inode)->dir);
	int ret = 0;

	if (!own)
		return ERR_PTR(-ENOMEM);
	if (own->own)
		return own;
	hold_packed(inode);
	ret = copy_packed(inode, own);
	let_packed(inode);
	if (ret)
		return ERR_PTR(ret);
	WRITE_ONCE(own->own, true);
	return own;
}

/* A directory that is made again has none, whatever tardisks have below its whiteout. */
int visorfs_dir_without_xattrs(struct visorfs_dir *dir)
{
	struct visorfs_xattrs *own = dir->xattrs;

	if (!dir->providers)
		return 0;
	if (!own)
		own = new_set(dir);
	if (!own)
		return -ENOMEM;
	visorfs_free_xattrs(own);
	WRITE_ONCE(own->own, true);
	return 0;
}

static size_t bytes_of(struct visorfs_xattrs *own)
{
	struct visorfs_xattr *x;
	size_t bytes = 0;

	list_for_each_entry(x, &own->list, list)
		bytes += x->name_len + x->len;
	return bytes;
}

static int replace(struct inode *inode, const char *name, const void *value, size_t size, int flags)
{
	struct visorfs_xattrs *own = make_own(inode);
	struct visorfs_xattr *new = NULL, *old;

	if (IS_ERR(own))
		return PTR_ERR(own);
	old = find(own, name);
	if (old && flags & XATTR_CREATE)
		return -EEXIST;
	if (!old && (flags & XATTR_REPLACE || !value))
		return -ENODATA;
	if (value) {
		if (bytes_of(own) - (old ? old->name_len + old->len : 0) + strlen(name) + size >
		    PER_INODE)
			return -ENOSPC;
		new = new_xattr(name, strlen(name), value, size);
		if (!new)
			return -ENOMEM;
	}
	spin_lock(lock_of(inode));
	if (new)
		list_add_tail(&new->list, &own->list);
	if (old)
		list_del(&old->list);
	spin_unlock(lock_of(inode));
	if (old)
		free_xattr(old);
	return 0;
}

static int set(const struct xattr_handler *handler, struct mnt_idmap *idmap, struct dentry *dentry,
	       struct inode *inode, const char *suffix, const void *value, size_t size, int flags)
{
	int ret;

	if (IS_DEADDIR(inode))
		return -ENOENT;
	ret = S_ISDIR(inode->i_mode) ? 0 : visorfs_branch(inode, dentry);
	if (!ret)
		ret = replace(inode, xattr_full_name(handler, suffix), value, size, flags);
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

static int list_packed(struct inode *inode, char *buf, size_t size, size_t *done)
{
	struct packed p;
	int ret = 0;

	hold_packed(inode);
	if (first_packed(inode, &p))
		while (!ret && next_packed(&p))
			ret = list_one(buf, size, done, p.name, p.name_len);
	let_packed(inode);
	return ret;
}

ssize_t visorfs_listxattr(struct dentry *dentry, char *buf, size_t size)
{
	struct inode *inode = d_inode(dentry);
	struct visorfs_xattrs *own = own_of(inode);
	struct visorfs_xattr *x;
	size_t done = 0;
	int ret = 0;

	if (!own || !READ_ONCE(own->own))
		return list_packed(inode, buf, size, &done) ?: done;
	spin_lock(lock_of(inode));
	list_for_each_entry(x, &own->list, list) {
		ret = list_one(buf, size, &done, x->name, x->name_len);
		if (ret)
			break;
	}
	spin_unlock(lock_of(inode));
	return ret ?: done;
}

void visorfs_free_xattrs(struct visorfs_xattrs *own)
{
	struct visorfs_xattr *x, *next;

	list_for_each_entry_safe(x, next, &own->list, list) {
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
