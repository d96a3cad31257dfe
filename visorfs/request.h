/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an ioctl asks for: copied from user space once, checked by itself, and
 * not yet looked up or done. tests/model builds this in user space too.
 */
#ifndef VISORFS_REQUEST_H
#define VISORFS_REQUEST_H

#include "internal.h"

/* Every argument begins with its size; shorter and longer ones of other versions are met. */
int visorfs_get_arg(void *to, size_t size, const void __user *from);

/* What the caller's size has room for. */
int visorfs_put_arg(void __user *to, const void *from, size_t size);

/* Names end within their fields, and none comes twice in a list. */
struct visorfs_request {
	struct visorfs_switch sw;
	struct visorfs_attach *attach; /* sw.attach_count */
	struct visorfs_detach *detach; /* sw.detach_count */
};

/*
 * Fills *r, to be freed also on failure. -EINVAL, -EEXIST (one name for two that
 * come), -E2BIG, -EFAULT, -ENOMEM; a message only if sw could be read.
 */
int visorfs_get_switch(struct visorfs_request *r, const void __user *arg, struct visorfs_msg *msg);
void visorfs_free_switch(struct visorfs_request *r);

int visorfs_get_ramdisk(struct visorfs_ramdisk_args *a, const void __user *arg);
int visorfs_get_ramdisk_name(struct visorfs_ramdisk_name *a, const void __user *arg);

/* The path ends within its field: else -ENAMETOOLONG. */
int visorfs_get_version(struct visorfs_version *v, const void __user *arg);

#endif
