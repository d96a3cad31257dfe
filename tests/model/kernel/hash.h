/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: hashes of names. */
#ifndef MODEL_KERNEL_HASH_H
#define MODEL_KERNEL_HASH_H

#include "base.h"

static inline u32 full_name_hash(const void *salt, const char *name, unsigned int len)
{
	u32 hash = (u32)((uintptr_t)salt >> 4);

	while (len--)
		hash = hash * 31 + (unsigned char)*name++;
	return hash;
}

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value * 0x61c88647u >> (32 - bits);
}

static inline int order_base_2(unsigned long n)
{
	int order = 0;

	while (1ul << order < n)
		order++;
	return order;
}

#endif
