/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: types, numbers and words of the compiler. */
#ifndef MODEL_KERNEL_BASE_H
#define MODEL_KERNEL_BASE_H

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/types.h>

/* The kernel's style and its warnings differ from ours. */
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wpointer-arith"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
typedef unsigned int umode_t;
typedef unsigned int gfp_t;
typedef unsigned long pgoff_t;
typedef unsigned int vm_fault_t;
typedef struct {
	u32 val;
} kuid_t, kgid_t;

#define S32_MAX INT32_MAX
#define S64_MAX INT64_MAX
#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ul
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define NAME_MAX_BYTES 255
#define BIT(n) (1ul << (n))
#define BITS_PER_LONG 64
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(a, b) (((a) + (b)-1) / (b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(t, a, b) ((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define max_t(t, a, b) ((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define container_of(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))
#define likely(x) (x)
#define unlikely(x) (x)
#define READ_ONCE(x) (x)
#define WRITE_ONCE(x, v) ((x) = (v))
#define smp_store_release(p, v) (*(p) = (v))
#define smp_load_acquire(p) (*(p))
#define __printf(a, b) __attribute__((format(printf, a, b)))
#define __user
#define __force
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-4095)
#define MKDEV(major, minor) ((major) << 20 | (minor))
#define cond_resched() ((void)0)

static inline bool IS_ERR(const void *p)
{
	return IS_ERR_VALUE(p);
}

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

#endif
