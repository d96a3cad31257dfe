// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes: user.*, trusted.* and security.*, of files and of
 * directories. Those of tardisks stay packed there until one is changed; then
 * all of them are copied to the inode, or to the directory, whose inode may go
 * and come back. Copies are charged to the ramdisk as records.
 *
 * There are no ACLs: the kernel answers EOPNOTSUPP for system.posix_acl_*.
 */
#include <linux/slab.h>
#include <linux/xattr.h>

#include "xattr.h"

static void lock_names(struct inode *inode)
{
	if (S_ISDIR(inode->i_mode))
		down_read(&VSB(inode->i_sb)->sw);
}

static void unlock_names(struct inode *inode)
{
	if (S_ISDIR(inode->i_mode))
		up_read(&VSB(inode->i_sb)->sw);
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
	struct visorfs_inode *vi = VI(inode);
	struct visorfs_xattrs *own;
	struct packed p;
	struct visorfs_xattr *x;
	int ret = -ENODATA;

	/* Most files have none; do not lock to find that out. */
	if (!S_ISDIR(inode->i_mode) && !READ_ONCE(vi->xattrs) && (!vi->obj || !vi->obj->xattrs))
		return ret;
	lock_names(inode);
	if (visorfs_first_packed(inode, &p)) {
		ret = get_packed(&p, name, buf, size);
	} else if (!visorfs_dir_is_gone(inode)) {
		spin_lock(&vi->lock);
		own = *visorfs_xattrs_of(inode);
		x = own ? visorfs_find_xattr(own, name) : NULL;
		if (x)
			ret = give(buf, size, x->value, x->len);
		spin_unlock(&vi->lock);
	}
	unlock_names(inode);
	return ret;
}

static int set(const struct xattr_handler *handler, struct mnt_idmap *idmap, struct dentry *dentry,
	       struct inode *inode, const char *suffix, const void *value, size_t size, int flags)
{
	const char *name = xattr_full_name(handler, suffix);
	int ret;

	if (S_ISDIR(inode->i_mode))
		ret = inode->i_nlink ? visorfs_own_dir(inode, dentry) : -ENOENT;
	else
		ret = visorfs_branch(inode, dentry);
	if (ret)
		return ret;
	lock_names(inode);
	if (S_ISDIR(inode->i_mode) && !inode->i_nlink)
		ret = -ENOENT; /* it went with its tardisk meanwhile */
	/* The root pays for nothing until then. */
	else if (S_ISDIR(inode->i_mode) && !VI(inode)->dir->owner)
		ret = visorfs_charge_dir(VI(inode)->dir, VI(inode)->dir->rd, 0);
	if (!ret)
		ret = visorfs_replace_xattr(dentry, name, value, size, flags);
	unlock_names(inode);
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

static int list_all(struct inode *inode, char *buf, size_t size, size_t *done)
{
	struct visorfs_xattrs *own;
	struct packed p;
	struct visorfs_xattr *x;
	int ret = 0;

	if (visorfs_first_packed(inode, &p)) {
		while (!ret && next_packed(&p))
			ret = list_one(buf, size, done, p.name, p.name_len);
		return ret;
	}
	spin_lock(&VI(inode)->lock);
	own = visorfs_dir_is_gone(inode) ? NULL : *visorfs_xattrs_of(inode);
	if (own) {
		list_for_each_entry(x, &own->list, list) {
			ret = list_one(buf, size, done, x->name, x->name_len);
			if (ret)
				break;
		}
	}
	spin_unlock(&VI(inode)->lock);
	return ret;
}

ssize_t visorfs_listxattr(struct dentry *dentry, char *buf, size_t size)
{
	struct inode *inode = d_inode(dentry);
	size_t done = 0;
	int ret;

	lock_names(inode);
	ret = list_all(inode, buf, size, &done);
	unlock_names(inode);
	return ret ?: done;
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
