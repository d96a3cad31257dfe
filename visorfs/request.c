// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "request.h"
#include "spec.h"

#define ARG_MAX_BYTES (4 * PAGE_SIZE)

int visorfs_get_arg(void *to, size_t size, const void __user *from)
{
	u32 given;
	int ret;

	if (get_user(given, (const u32 __user *)from))
		return -EFAULT;
	if (given < sizeof(u32) || given > ARG_MAX_BYTES)
		return -EINVAL;
	ret = copy_struct_from_user(to, size, from, given);
	/* The caller may have written another one meanwhile. */
	if (!ret)
		*(u32 *)to = given;
	return ret;
}

int visorfs_put_arg(void __user *to, const void *from, size_t size)
{
	return copy_to_user(to, from, min_t(size_t, size, *(const u32 *)from)) ? -EFAULT : 0;
}

/* The elements are as long as the caller says: what is missing is zero, what we do not know too. */
static int get_array(void *to, size_t size, u64 from, u32 given, u32 count)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < count && !ret; i++, from += given)
		ret = copy_struct_from_user(to + i * size, size, u64_to_user_ptr(from), given);
	return ret;
}

static bool ends(const char *text, size_t size)
{
	return strnlen(text, size) < size;
}

static int check_attach(const struct visorfs_request *r, u32 n, struct visorfs_msg *msg)
{
	const struct visorfs_attach *a = &r->attach[n];
	u32 i;

	if (!visorfs_name_ok(a->name))
		return visorfs_fail(msg, -EINVAL, "number %u to attach: is no name for a tardisk",
				    n);
	if (a->flags & ~(VISORFS_ATTACH_VERIFY | VISORFS_ATTACH_ROOT_HASH |
			 VISORFS_ATTACH_COMPRESSED))
		return visorfs_fail(msg, -EINVAL, "%s: unknown flags", a->name);
	if (!(a->flags & VISORFS_ATTACH_ROOT_HASH) &&
	    memchr_inv(a->root_hash, 0, sizeof(a->root_hash)))
		return visorfs_fail(msg, -EINVAL, "%s: has a root hash without the flag", a->name);
	for (i = 0; i < n; i++)
		if (!strcmp(r->attach[i].name, a->name))
			return visorfs_fail(msg, -EEXIST, "%s: is named twice", a->name);
	return 0;
}

static int check_detach(const struct visorfs_request *r, u32 n, struct visorfs_msg *msg)
{
	const struct visorfs_detach *d = &r->detach[n];
	u32 i;

	if (!visorfs_name_ok(d->name))
		return visorfs_fail(msg, -EINVAL, "number %u to detach: is no name of a tardisk",
				    n);
	if (d->flags & ~(VISORFS_DETACH_DISCARD | VISORFS_DETACH_FORCE) || d->pad)
		return visorfs_fail(msg, -EINVAL, "%s: unknown flags", d->name);
	for (i = 0; i < n; i++)
		if (!strcmp(r->detach[i].name, d->name))
			return visorfs_fail(msg, -EINVAL, "%s: is named twice", d->name);
	return 0;
}

static int check_lists(const struct visorfs_request *r, struct visorfs_msg *msg)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < r->sw.detach_count && !ret; i++)
		ret = check_detach(r, i, msg);
	for (i = 0; i < r->sw.attach_count && !ret; i++)
		ret = check_attach(r, i, msg);
	return ret;
}

int visorfs_get_switch(struct visorfs_request *r, const void __user *arg, struct visorfs_msg *msg)
{
	struct visorfs_switch *sw = &r->sw;
	u32 in_size, out_size;
	int ret;

	r->attach = NULL;
	r->detach = NULL;
	ret = visorfs_get_arg(sw, sizeof(*sw), arg);
	if (ret)
		return ret;
	in_size = sw->attach_size ?: VISORFS_ATTACH_SIZE_1;
	out_size = sw->detach_size ?: VISORFS_DETACH_SIZE_1;
	if (in_size < VISORFS_ATTACH_SIZE_1 || in_size > PAGE_SIZE ||
	    out_size < VISORFS_DETACH_SIZE_1 || out_size > PAGE_SIZE)
		return -EINVAL;
	if (sw->flags || sw->attach_count > VISORFS_SWITCH_MAX ||
	    sw->detach_count > VISORFS_SWITCH_MAX || !(sw->attach_count + sw->detach_count))
		return -EINVAL;
	r->attach = kvcalloc(sw->attach_count + 1, sizeof(*r->attach), GFP_KERNEL);
	r->detach = kvcalloc(sw->detach_count + 1, sizeof(*r->detach), GFP_KERNEL);
	if (!r->attach || !r->detach)
		return -ENOMEM;
	return get_array(r->attach, sizeof(*r->attach), sw->attach, in_size, sw->attach_count) ?:
	       get_array(r->detach, sizeof(*r->detach), sw->detach, out_size, sw->detach_count) ?:
	       check_lists(r, msg);
}

void visorfs_free_switch(struct visorfs_request *r)
{
	kvfree(r->attach);
	kvfree(r->detach);
}

int visorfs_get_ramdisk(struct visorfs_ramdisk_args *a, const void __user *arg)
{
	int ret = visorfs_get_arg(a, sizeof(*a), arg);

	if (ret)
		return ret;
	return a->flags || !ends(a->name, sizeof(a->name)) ? -EINVAL : 0;
}

int visorfs_get_ramdisk_name(struct visorfs_ramdisk_name *a, const void __user *arg)
{
	int ret = visorfs_get_arg(a, sizeof(*a), arg);

	if (ret)
		return ret;
	return a->flags || !ends(a->name, sizeof(a->name)) ? -EINVAL : 0;
}

int visorfs_get_version(struct visorfs_version *v, const void __user *arg)
{
	int ret = visorfs_get_arg(v, sizeof(*v), arg);

	if (ret)
		return ret;
	if (v->flags & ~VISORFS_VERSION_OPEN)
		return -EINVAL;
	return ends(v->path, sizeof(v->path)) ? 0 : -ENAMETOOLONG;
}
