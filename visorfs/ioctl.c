// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of uapi/visorfs.h. What they ask for is checked in request.c. */
#include <linux/file.h>
#include <linux/slab.h>

#include "request.h"
#include "spec.h"

static long do_info(struct visorfs_sb *sbi, void __user *arg)
{
	struct visorfs_info info;
	int ret = visorfs_get_arg(&info, sizeof(info), arg);

	if (ret)
		return ret;
	info.api_version = VISORFS_API_VERSION;
	info.instance = sbi->instance;
	return visorfs_put_arg(arg, &info, sizeof(info));
}

/* The tardisks of a request while it is carried out. */
struct work {
	struct visorfs_sb *sbi;
	struct visorfs_request request;
	struct visorfs_msg msg;
	struct visorfs_tardisk **loaded;
	struct visorfs_change *changes;
};

static int load_attached(struct work *w)
{
	u32 i;

	for (i = 0; i < w->request.sw.attach_count; i++) {
		struct visorfs_attach *a = &w->request.attach[i];
		struct visorfs_tardisk *td;
		struct file *file = fget(a->fd);

		if (!file || !(file->f_mode & FMODE_CAN_READ)) {
			if (file)
				fput(file);
			return visorfs_fail(&w->msg, -EBADF,
					    "%s: its descriptor is not open for reading",
					    a->name);
		}
		if (READ_ONCE(w->sbi->verify))
			a->flags |= VISORFS_ATTACH_VERIFY;
		td = visorfs_tardisk_load(w->sbi, file, a, &w->msg);
		fput(file);
		if (IS_ERR(td))
			return PTR_ERR(td);
		w->loaded[i] = td;
	}
	return 0;
}

static int find_detached(struct work *w)
{
	u32 i;

	for (i = 0; i < w->request.sw.detach_count; i++) {
		const struct visorfs_detach *d = &w->request.detach[i];

		w->changes[i].flags = d->flags;
		w->changes[i].td = visorfs_tardisk_find(w->sbi, d->name);
		if (!w->changes[i].td)
			return visorfs_fail(&w->msg, -ENOENT,
					    "%s: no such tardisk is attached", d->name);
	}
	return 0;
}

static int run(struct work *w)
{
	u32 in = w->request.sw.attach_count, out = w->request.sw.detach_count, i;
	int ret;

	w->loaded = kvcalloc(in + 1, sizeof(*w->loaded), GFP_KERNEL);
	w->changes = kvcalloc(out + 1, sizeof(*w->changes), GFP_KERNEL);
	if (!w->loaded || !w->changes)
		return -ENOMEM;
	mutex_lock(&w->sbi->switch_mutex);
	ret = find_detached(w) ?: load_attached(w);
	if (!ret)
		ret = visorfs_switch(w->sbi, w->loaded, in, w->changes, out, &w->msg);
	if (ret)
		for (i = 0; i < in; i++)
			if (w->loaded[i])
				visorfs_tardisk_put(w->loaded[i]);
	mutex_unlock(&w->sbi->switch_mutex);
	return ret;
}

static long do_switch(struct visorfs_sb *sbi, void __user *arg)
{
	struct work *w = kzalloc(sizeof(*w), GFP_KERNEL);
	int ret;

	if (!w)
		return -ENOMEM;
	w->sbi = sbi;
	ret = visorfs_get_switch(&w->request, arg, &w->msg) ?: run(w);
	if (!ret || w->msg.text[0]) {
		memcpy(w->request.sw.message, w->msg.text, sizeof(w->request.sw.message));
		/* What happened has happened, also if the caller cannot be told. */
		visorfs_put_arg(arg, &w->request.sw, sizeof(w->request.sw));
	}
	visorfs_free_switch(&w->request);
	kvfree(w->loaded);
	kvfree(w->changes);
	kfree(w);
	return ret;
}

static long do_ramdisk(struct file *file, unsigned int cmd, void __user *arg)
{
	struct inode *inode = file_inode(file);
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	struct visorfs_ramdisk_args a;
	struct visorfs_msg msg = {};
	struct visorfs_limits limits;
	struct visorfs_ramdisk *rd;
	int ret = visorfs_get_ramdisk(&a, arg);

	if (ret)
		return ret;
	limits = (struct visorfs_limits){ .max = a.max_bytes, .min = a.min_bytes,
					  .inodes = a.max_inodes };
	if (cmd == VISORFS_IOC_RAMDISK_ADD && !S_ISDIR(inode->i_mode))
		return -ENOTDIR;
	mutex_lock(&sbi->switch_mutex);
	if (cmd == VISORFS_IOC_RAMDISK_ADD) {
		rd = inode->i_nlink ?
			     visorfs_ramdisk_add(sbi, VI(inode)->dir, a.name, &limits, &msg) :
			     ERR_PTR(-ENOENT);
		ret = PTR_ERR_OR_ZERO(rd);
	} else {
		ret = visorfs_ramdisk_resize(sbi, a.name, &limits, &msg);
	}
	mutex_unlock(&sbi->switch_mutex);
	memcpy(a.message, msg.text, sizeof(a.message));
	visorfs_put_arg(arg, &a, sizeof(a));
	return ret;
}

static long do_ramdisk_remove(struct visorfs_sb *sbi, void __user *arg)
{
	struct visorfs_ramdisk_name a;
	int ret = visorfs_get_ramdisk_name(&a, arg);

	if (ret)
		return ret;
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
	int ret = visorfs_get_arg(&p, sizeof(p), arg);

	if (ret)
		return ret;
	p.flags = 0;
	down_read(&sbi->sw);
	if (visorfs_is_state(inode)) {
		const struct visorfs_entry *name = visorfs_name_of(sbi, vi);

		if (name && visorfs_holds_state(sbi, name->dir))
			p.flags |= VISORFS_FILE_STATE;
	}
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
	return visorfs_put_arg(arg, &p, sizeof(p));
}

static long do_state_next(struct visorfs_sb *sbi, void __user *arg)
{
	struct visorfs_state *st = kzalloc(sizeof(*st), GFP_KERNEL);
	int ret;

	if (!st)
		return -ENOMEM;
	ret = visorfs_get_arg(st, sizeof(*st), arg);
	if (!ret) {
		down_write(&sbi->sw);
		ret = visorfs_state_next(sbi, st);
		up_write(&sbi->sw);
	}
	if (!ret)
		ret = visorfs_put_arg(arg, st, sizeof(*st));
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
	ret = visorfs_get_version(v, arg);
	if (!ret)
		ret = visorfs_version(file, v, &opened);
	if (!ret)
		ret = visorfs_put_arg(arg, v, sizeof(*v));
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
	ret = visorfs_get_arg(&c->result, sizeof(c->result), arg) ?:
	      visorfs_check(sbi, &c->result, &c->msg) ?:
	      visorfs_put_arg(arg, &c->result, sizeof(c->result));
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
