// SPDX-License-Identifier: GPL-2.0-only
/* What kernel.h declares: memory and xarrays. */
#include "kernel.h"

unsigned long model_fail_at;

void *model_alloc(size_t size, gfp_t gfp)
{
	void *p;

	if (model_fail_at && !(gfp & __GFP_NOFAIL) && !--model_fail_at)
		return NULL;
	p = calloc(1, size ? size : 1);
	assert(p);
	return p;
}

void xa_destroy(struct xarray *xa)
{
	free(xa->slots);
	memset(xa, 0, sizeof(*xa));
}

static size_t place_of(const struct xarray *xa, unsigned long index)
{
	size_t low = 0, high = xa->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (xa->slots[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void *xa_find(const struct xarray *xa, unsigned long *index, unsigned long last, int filter)
{
	size_t i = place_of(xa, *index);

	if (i == xa->n || xa->slots[i].index > last)
		return NULL;
	*index = xa->slots[i].index;
	return xa->slots[i].value;
}

static bool is_at(const struct xarray *xa, size_t i, unsigned long index)
{
	return i < xa->n && xa->slots[i].index == index;
}

void *xa_store(struct xarray *xa, unsigned long index, void *value, gfp_t gfp)
{
	size_t i = place_of(xa, index);
	void *old;

	if (is_at(xa, i, index)) {
		old = xa->slots[i].value;
		xa->slots[i].value = value;
		return old;
	}
	if (model_fail_at && !(gfp & __GFP_NOFAIL) && !--model_fail_at)
		return ERR_PTR(-ENOMEM);
	xa->slots = realloc(xa->slots, (xa->n + 1) * sizeof(*xa->slots));
	assert(xa->slots);
	memmove(xa->slots + i + 1, xa->slots + i, (xa->n - i) * sizeof(*xa->slots));
	xa->slots[i].index = index;
	xa->slots[i].value = value;
	xa->n++;
	return NULL;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	size_t i = place_of(xa, index);
	void *old;

	/* The namespace never takes out what is not there. */
	assert(is_at(xa, i, index));
	old = xa->slots[i].value;
	xa->n--;
	memmove(xa->slots + i, xa->slots + i + 1, (xa->n - i) * sizeof(*xa->slots));
	return old;
}

int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *value, struct xa_limit limit, u32 *next,
		    gfp_t gfp)
{
	u32 at = max(*next, limit.min);

	while (at <= limit.max && is_at(xa, place_of(xa, at), at))
		at++;
	if (at > limit.max)
		return -EBUSY;
	if (IS_ERR(xa_store(xa, at, value, gfp)))
		return -ENOMEM;
	*id = at;
	*next = at + 1;
	return 0;
}
