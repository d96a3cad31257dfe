/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of the kernel: memory of user space. There is one piece of it, at an address
 * that no pointer of the process has; it may change between two reads.
 */
#ifndef MODEL_KERNEL_USER_H
#define MODEL_KERNEL_USER_H

#include "base.h"

#define MODEL_USER_BASE 0x1000ul

struct model_user {
	u8 *bytes;
	size_t size;
	u8 *written; /* behind the last byte that was written; or NULL */
	/* After so many reads (0: never) the four bytes at an offset become another value. */
	unsigned int change_after;
	size_t change_at;
	u32 change_to;
};

extern struct model_user model_user;

/* Bytes that could not be copied; then all of them. */
unsigned long model_copy_from_user(void *to, const void *from, size_t n);
unsigned long model_copy_to_user(void *to, const void *from, size_t n);

int copy_struct_from_user(void *to, size_t size, const void *from, size_t given);

#define get_user(x, p) (model_copy_from_user(&(x), p, sizeof(*(p))) ? -EFAULT : 0)
#define copy_to_user(to, from, n) model_copy_to_user(to, from, n)
#define u64_to_user_ptr(address) ((void *)(uintptr_t)(address))

#endif
