/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was read from a line and is not taken yet. Console and shell take turns at one line: what
 * was typed behind a hot key is for whoever has the line then, even if it came in one piece.
 */
#ifndef DCUI_TYPED_H
#define DCUI_TYPED_H

#include "dcui/hotkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define TYPED_MAX 256

struct typed {
	unsigned char bytes[TYPED_MAX];
	size_t at, len; /* the next one, and their end */
};

/* Reads as read(2), unless something is left of the last time. */
ssize_t typed_read(struct typed *t, int fd);

/* Whether something is left. */
bool typed_left(const struct typed *t);

/*
 * Gives what was typed to put(), up to a hot key, which is returned, or to the end (HOT_NONE).
 * hotkey NULL: there are no hot keys.
 */
typedef void (*typed_fn)(void *who, const unsigned char *bytes, int count);
enum hot typed_take(struct typed *t, struct hotkey *hotkey, typed_fn put, void *who);

/* Forgets what is left. */
void typed_drop(struct typed *t);

#endif
