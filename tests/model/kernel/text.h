/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: text and numbers. */
#ifndef MODEL_KERNEL_TEXT_H
#define MODEL_KERNEL_TEXT_H

#include <ctype.h>

#include "base.h"

#define U64_MAX UINT64_MAX
#define fallthrough __attribute__((__fallthrough__))
#define check_mul_overflow(a, b, to) __builtin_mul_overflow(a, b, to)
#define check_add_overflow(a, b, to) __builtin_add_overflow(a, b, to)
#define DIV_ROUND_UP_ULL(a, b) DIV_ROUND_UP((unsigned long long)(a), b)

/* The first byte that is another one, or NULL. */
static inline void *memchr_inv(const void *bytes, int c, size_t size)
{
	const u8 *p = bytes;

	for (; size && *p == (u8)c; size--)
		p++;
	return size ? (void *)p : NULL;
}

#endif
