// SPDX-License-Identifier: GPL-2.0-only
/* What kernel/user.h declares. */
#include "kernel.h"

struct model_user model_user;

/* Where n bytes at an address lie, or NULL if not all of them are there. */
static u8 *find(const void *address, size_t n)
{
	size_t at = (uintptr_t)address - MODEL_USER_BASE;

	if (at > model_user.size || n > model_user.size - at)
		return NULL;
	return model_user.bytes + at;
}

static void change(void)
{
	u8 *p = find((void *)(MODEL_USER_BASE + model_user.change_at), sizeof(u32));

	if (p)
		memcpy(p, &model_user.change_to, sizeof(u32));
}

unsigned long model_copy_from_user(void *to, const void *from, size_t n)
{
	const u8 *p = find(from, n);

	if (!p) {
		memset(to, 0, n);
		return n;
	}
	memcpy(to, p, n);
	if (model_user.change_after && !--model_user.change_after)
		change();
	return 0;
}

unsigned long model_copy_to_user(void *to, const void *from, size_t n)
{
	u8 *p = find(to, n);

	if (!p)
		return n;
	memcpy(p, from, n);
	if (p + n > model_user.written)
		model_user.written = p + n;
	return 0;
}

int copy_struct_from_user(void *to, size_t size, const void *from, size_t given)
{
	size_t common = min(size, given);

	for (size_t at = common; at < given; at++) {
		const u8 *p = find((const void *)((uintptr_t)from + at), 1);

		if (!p)
			return -EFAULT;
		if (*p)
			return -E2BIG;
	}
	memset((u8 *)to + common, 0, size - common);
	return model_copy_from_user(to, from, common) ? -EFAULT : 0;
}
