// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of uapi/visorfs.h: copies and checks; the work is done elsewhere. */
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "internal.h"

/* Every argument begins with its size; shorter and longer ones of other versions are met. */
static int get_arg(void *to, size_t size, const void __user *from)
{
	u32 given;

	if (get_user(given, (const u32 __user *)from))
		return -EFAULT;
	if (given < sizeof(u32) || given > PAGE_SIZE * 4)
		return -EINVAL;
	return copy_struct_from_user(to, size, from, given);
}

static int put_arg(void __user *to, const void *from, size_t size)
{
	return copy_to_user(to, from, min_t(size_t, size, *(const u32 *)from)) ? -EFAULT : 0;
}

static long do_info(struct visorfs_sb *sbi, void __user *arg)
{
	struct visorfs_info info;
	int ret = get_arg(&info, sizeof(info), arg);

	if (ret)
		return ret;
	info.api_version = VISORFS_API_VERSION;
	info.instance = sbi->instance;
	return put_arg(arg, &info, sizeof(info));
}

/* The tardisks of a request while it is carried out. */
struct request {
	struct visorfs_sb *sbi;
	struct visorfs_switch sw;
	struct visorfs_msg msg;
	struct visorfs_attach *attach;
	struct visorfs_detach *detach;
	struct visorfs_tardisk **loaded;
	struct visorfs_change *changes;
};

static int load_attached(struct request *r)
{
	u32 i;

	for (i = 0; i < r->sw.attach_count; i++) {
		struct visorfs_attach *a = &r->attach[i];
		struct visorfs_tardisk *td;
		struct file *file;

		a->name[VISORFS_NAME_MAX] = '\0';
		if (a->flags & ~(VISORFS_ATTACH_VERIFY | VISORFS_ATTACH_ROOT_HASH |
				 VISORFS_ATTACH_COMPRESSED))
			return visorfs_fail(&r->msg, -EINVAL, "%s: unknown flags", a->name);
		file = fget(a->fd);
		if (!file || !(file->f_mode & FMODE_CAN_READ)) {
			if (file)
				fput(file);
			return visorfs_fail(&r->msg, -EBADF,
					    "%s: its descriptor is not open for reading",
					    a->name);
		}
		if (READ_ONCE(r->sbi->verify))
			a->flags |= VISORFS_ATTACH_VERIFY;
		td = visorfs_tardisk_load(r->sbi, file, a, &r->msg);
		fput(file);
		if (IS_ERR(td))
			return PTR_ERR(td);
		r->loaded[i] = td;
	}
	return 0;
}

static int find_detached(struct request *r)
{
	u32 i, j;

	for (i = 0; i < r->sw.detach_count; i++) {
		struct visorfs_detach *d = &r->detach[i];

		d->name[VISORFS_NAME_MAX] = '\0';
		if (d->flags & ~(VISORFS_DETACH_DISCARD | VISORFS_DETACH_FORCE) || d->pad)
			return visorfs_fail(&r->msg, -EINVAL, "%s: unknown flags", d->name);
		r->changes[i].flags = d->flags;
		r->changes[i].td = visorfs_tardisk_find(r->sbi, d->name);
		if (!r->changes[i].td)
			return visorfs_fail(&r->msg, -ENOENT,
					    "%s: no such tardisk is attached", d->name);
		for (j = 0; j < i; j++)
			if (r->changes[j].td == r->changes[i].td)
				return visorfs_fail(&r->msg, -EINVAL, "%s: is named twice",
						    d->name);
	}
	return 0;
}

static int run_request(struct request *r)
{
	u32 i;
	int ret;

	mutex_lock(&r->sbi->switch_mutex);
	ret = find_detached(r) ?: load_attached(r);
	if (!ret)
		ret = visorfs_switch(r->sbi, r->loaded, r->sw.attach_count, r->changes,
				     r->sw.detach_count, &r->msg);
	if (ret)
		for (i = 0; i < r->sw.attach_count; i++)
			if (r->loaded[i])
				visorfs_tardisk_put(r->loaded[i]);
	mutex_unlock(&r->sbi->switch_mutex);
	return ret;
}

/* The elements are as long as the caller says: what is missing is zero, what we do not know too. */
static int get_array(void *to, size_t size, u64 from, u32 given, u32 count)
{
	const void __user *p = u64_to_user_ptr(from);
	u32 i;

	for (i = 0; i < count; i++) {
		int ret = copy_struct_from_user(to + i * size, size, p + i * given, given);

		if (ret)
			return ret;
	}
	return 0;
}

static int read_request(struct request *r, const void __user *arg)
{
	int ret = get_arg(&r->sw, sizeof(r->sw), arg);
	u32 in, out, in_size, out_size;

	if (ret)
		return ret;
	in = r->sw.attach_count;
	out = r->sw.detach_count;
	in_size = r->sw.attach_size ?: VISORFS_ATTACH_SIZE_1;
	out_size = r->sw.detach_size ?: VISORFS_DETACH_SIZE_1;
	if (in_size < VISORFS_ATTACH_SIZE_1 || in_size > PAGE_SIZE ||
	    out_size < VISORFS_DETACH_SIZE_1 || out_size > PAGE_SIZE)
		return -EINVAL;
	if (r->sw.flags || in > VISORFS_SWITCH_MAX || out > VISORFS_SWITCH_MAX || !(in + out))
		return -EINVAL;
	r->attach = kvcalloc(in + 1, sizeof(*r->attach), GFP_KERNEL);
	r->detach = kvcalloc(out + 1, sizeof(*r->detach), GFP_KERNEL);
	r->loaded = kvcalloc(in + 1, sizeof(*r->loaded), GFP_KERNEL);
	r->changes = kvcalloc(out + 1, sizeof(*r->changes), GFP_KERNEL);
	if (!r->attach || !r->detach || !r->loaded || !r->changes)
		return -ENOMEM;
	return get_array(r->attach, sizeof(*r->attach), r->sw.attach, in_size, in) ?:
	       get_array(r->detach, sizeof(*r->detach), r->sw.detach, out_size, out);
}

static long do_switch(struct visorfs_sb *sbi, void __user *arg)
{
	struct request *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int ret;

	if (!r)
		return -ENOMEM;
	r->sbi = sbi;
	ret = read_request(r, arg);
	if (!ret) {
		ret = run_request(r);
		memcpy(r->sw.message, r->msg.text, sizeof(r->sw.message));
		/* What happened has happened, also if the caller cannot be told. */
		put_arg(arg, &r->sw, sizeof(r->sw));
	}
	kvfree(r->attach);
	kvfree(r->detach);
	kvfree(r->loaded);
	kvfree(r->changes);
	kfree(r);
	return ret;
}

static long do_ramdisk(struct file *file, unsigned int cmd, void __user *arg)
{
	struct inode *inode = file_inode(file);
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_ramdisk_args a;
	struct visorfs_msg msg = {};
	struct visorfs_ramdisk *rd;
	int ret = get_arg(&a, sizeof(a), arg);

	if (ret)
		return ret;
	a.name[VISORFS_NAME_MAX] = '\0';
	if (a.flags)
		return -EINVAL;
	if (cmd == VISORFS_IOC_RAMDISK_ADD && !S_ISDIR(inode->i_mode))
		return -ENOTDIR;
	mutex_lock(&sbi->switch_mutex);
	if (cmd == VISORFS_IOC_RAMDISK_ADD) {
		rd = inode->i_nlink ? visorfs_ramdisk_add(sbi, VI(inode)->dir, a.name, a.max_bytes,
							  a.min_bytes, a.max_inodes, &msg) :
				      ERR_PTR(-ENOENT);
		ret = PTR_ERR_OR_ZERO(rd);
	} else {
		ret = visorfs_ramdisk_resize(sbi, a.name, a.max_bytes, a.min_bytes, a.max_inodes,
					     &msg);
	}
	mutex_unlock(&sbi->switch_mutex);
	memcpy(a.message, msg.text, sizeof(a.message));
	put_arg(arg, &a, sizeof(a));
	return ret;
}

static long do_ramdisk_remove(struct visorfs_sb *sbi, void __user *arg)
{
	struct visorfs_ramdisk_name a;
	int ret = get_arg(&a, sizeof(a), arg);

	if (ret)
		return ret;
	a.name[VISORFS_NAME_MAX] = '\0';
	if (a.flags)
		return -EINVAL;
	mutex_lock(&sbi->switch_mutex);
	ret = visorfs_ramdisk_remove(sbi, a.name);
	mutex_unlock(&sbi->switch_mutex);
	return ret;
}

/* The newest tardisk in the stack of a directory; the caller holds sw. */
static const char *dir_tardisk(struct visorfs_sb *sbi, const struct visorfs_dir *dir)
{
	const struct visorfs_entry *e = NULL;

	if (dir->self)
		e = visorfs_top(sbi, dir->self);
	for (; e; e = e->below)
		if (e->td && e->type == DT_DIR)
			return e->td->name;
	return "";
}

static long do_provider(struct file *file, void __user *arg)
{
	struct inode *inode = file_inode(file);
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_inode *vi = VI(inode);
	struct visorfs_provider p;
	struct visorfs_ramdisk *rd;
	int ret = get_arg(&p, sizeof(p), arg);

	if (ret)
		return ret;
	p.flags = visorfs_is_state(inode) ? VISORFS_FILE_STATE : 0;
	down_read(&sbi->sw);
	rd = vi->rd;
	if (vi->dir)
		rd = vi->dir->owner ? vi->dir->owner->rd : NULL;
	if (vi->td && !vi->own)
		strscpy_pad(p.tardisk, vi->td->name, sizeof(p.tardisk));
	else
		strscpy_pad(p.tardisk, vi->dir ? dir_tardisk(sbi, vi->dir) : "", sizeof(p.tardisk));
	strscpy_pad(p.ramdisk, rd ? rd->name : "", sizeof(p.ramdisk));
	if (vi->td && vi->rd)
		p.flags |= VISORFS_FILE_BRANCHED;
	p.charged = READ_ONCE(vi->charged) << PAGE_SHIFT;
	up_read(&sbi->sw);
	return put_arg(arg, &p, sizeof(p));
}

static long do_state_next(struct visorfs_sb *sbi, void __user *arg)
{
	struct visorfs_state *st = kzalloc(sizeof(*st), GFP_KERNEL);
	int ret;

	if (!st)
		return -ENOMEM;
	ret = get_arg(st, sizeof(*st), arg);
	if (!ret) {
		down_write(&sbi->sw);
		ret = visorfs_state_next(sbi, st);
		up_write(&sbi->sw);
	}
	if (!ret)
		ret = put_arg(arg, st, sizeof(*st));
	kfree(st);
	return ret;
}

static long do_version(struct file *file, void __user *arg)
{
	struct visorfs_version *v = kzalloc(sizeof(*v), GFP_KERNEL);
	struct file *opened = NULL;
	int ret;

	if (!v)
		return -ENOMEM;
	ret = get_arg(v, sizeof(*v), arg);
	if (!ret)
		ret = visorfs_version(file, v, &opened);
	if (!ret)
		ret = put_arg(arg, v, sizeof(*v));
	if (!IS_ERR_OR_NULL(opened)) {
		/* Not before the caller is sure to be told of it. */
		if (!ret) {
			fd_install(v->fd, opened);
		} else {
			put_unused_fd(v->fd);
			fput(opened);
		}
	}
	kfree(v);
	return ret;
}

static long do_check(struct visorfs_sb *sbi, void __user *arg)
{
	struct {
		struct visorfs_check result;
		struct visorfs_msg msg;
	} *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int ret;

	if (!c)
		return -ENOMEM;
	ret = get_arg(&c->result, sizeof(c->result), arg) ?:
	      visorfs_check(sbi, &c->result, &c->msg) ?:
	      put_arg(arg, &c->result, sizeof(c->result));
	kfree(c);
	return ret;
}

long visorfs_ioctl(struct file *file, unsigned int cmd, unsigned long data)
{
	struct visorfs_sb *sbi = VSB(file_inode(file)->i_sb);
	void __user *arg = (void __user *)data;

	switch (cmd) {
	case VISORFS_IOC_INFO:
		return do_info(sbi, arg);
	case VISORFS_IOC_PROVIDER:
		return do_provider(file, arg);
	case VISORFS_IOC_SWITCH:
	case VISORFS_IOC_RAMDISK_ADD:
	case VISORFS_IOC_RAMDISK_RESIZE:
	case VISORFS_IOC_RAMDISK_REMOVE:
	case VISORFS_IOC_STATE_NEXT:
	case VISORFS_IOC_VERSION:
	case VISORFS_IOC_CHECK:
		break;
	default:
		return -ENOTTY;
	}
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	switch (cmd) {
	case VISORFS_IOC_SWITCH:
		return do_switch(sbi, arg);
	case VISORFS_IOC_RAMDISK_REMOVE:
		return do_ramdisk_remove(sbi, arg);
	case VISORFS_IOC_CHECK:
		return do_check(sbi, arg);
	case VISORFS_IOC_STATE_NEXT:
		return do_state_next(sbi, arg);
	case VISORFS_IOC_VERSION:
		return do_version(file, arg);
	default:
		return do_ramdisk(file, cmd, arg);
	}
}
