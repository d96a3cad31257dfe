// SPDX-License-Identifier: Apache-2.0
#include "dcui/typed.h"

#include <unistd.h>

ssize_t typed_read(struct typed *t, int fd)
{
	ssize_t got;

	if (typed_left(t))
		return (ssize_t)(t->len - t->at);
	got = read(fd, t->bytes, sizeof(t->bytes));
	t->at = 0;
	t->len = got > 0 ? (size_t)got : 0;
	return got;
}

bool typed_left(const struct typed *t)
{
	return t->at < t->len;
}

enum hot typed_take(struct typed *t, struct hotkey *hotkey, typed_fn put, void *who)
{
	enum hot hot = HOT_NONE;

	while (typed_left(t) && hot == HOT_NONE) {
		unsigned char out[HOTKEY_MAX] = { t->bytes[t->at++] };
		int count = hotkey ? hotkey_feed(hotkey, out[0], out, &hot) : 1;

		if (count)
			put(who, out, count);
	}
	return hot;
}

void typed_drop(struct typed *t)
{
	t->at = t->len = 0;
}
