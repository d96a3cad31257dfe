/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: memory that can be made to fail. */
#ifndef MODEL_KERNEL_MEMORY_H
#define MODEL_KERNEL_MEMORY_H

#include "base.h"

/* Memory: model_fail_at makes the n-th allocation from now on fail, 0 none. */
extern unsigned long model_fail_at;
void *model_alloc(size_t size, gfp_t gfp);

#define GFP_KERNEL 1u
#define GFP_KERNEL_ACCOUNT 1u
#define GFP_ATOMIC 1u
#define __GFP_NOFAIL 2u
#define __GFP_RETRY_MAYFAIL 0u
#define __GFP_NOWARN 0u
#define struct_size(p, member, n) (sizeof(*(p)) + sizeof((p)->member[0]) * (n))
#define kzalloc(size, gfp) model_alloc(size, gfp)
#define kmalloc(size, gfp) model_alloc(size, gfp)
#define kvzalloc(size, gfp) model_alloc(size, gfp)
#define kvmalloc(size, gfp) model_alloc(size, gfp)
#define kvcalloc(n, size, gfp) model_alloc((size_t)(n) * (size), gfp)
#define kvmalloc_array(n, size, gfp) model_alloc((size_t)(n) * (size), gfp)
#define kfree(p) free((void *)(p))
#define kvfree(p) free((void *)(p))
#define kfree_rcu(p, field) free(p)

#endif
