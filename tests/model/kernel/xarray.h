/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: an xarray is a sorted array. */
#ifndef MODEL_KERNEL_XARRAY_H
#define MODEL_KERNEL_XARRAY_H

#include "base.h"

/* A sorted array of what is there. */
struct xarray {
	struct {
		unsigned long index;
		void *value;
	} * slots;
	size_t n;
};
struct xa_limit {
	u32 min, max;
};

#define XA_LIMIT(lo, hi) ((struct xa_limit){ lo, hi })
#define XA_FLAGS_ALLOC 0
#define XA_PRESENT 0
#define xa_init_flags(xa, flags) memset(xa, 0, sizeof(*(xa)))

static inline bool xa_empty(const struct xarray *xa)
{
	return !xa->n;
}

void xa_destroy(struct xarray *xa);
void *xa_find(const struct xarray *xa, unsigned long *index, unsigned long max, int filter);
void *xa_store(struct xarray *xa, unsigned long index, void *value, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *value, struct xa_limit limit, u32 *next,
		    gfp_t gfp);

#endif
