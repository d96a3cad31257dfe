/* SPDX-License-Identifier: Apache-2.0 */
/* One line of input, and a list with a chosen row: the state that keys change. */
#ifndef DCUI_FIELD_H
#define DCUI_FIELD_H

#include "dcui/key.h"

#include <stdbool.h>

#define FIELD_MAX 255			/* characters: the longest password the host takes */
#define FIELD_BYTES (4 * FIELD_MAX + 1) /* as UTF-8, with the final zero */

struct field {
	char value[FIELD_BYTES];
	int cursor; /* in characters */
};

/* True if the key was for the field. */
bool field_handle(struct field *f, struct key key);

/* Sets the value; the cursor goes to its end. */
void field_set(struct field *f, const char *value);

/* Empties it so that no copy of the value stays in memory. */
void field_wipe(struct field *f);

struct list {
	int chosen; /* 0 .. count-1 */
	int top;    /* first row shown */
};

/* Moves the choice among count rows of which "visible" are shown. True if the key was for it. */
bool list_handle(struct list *l, struct key key, int count, int visible);

/* Brings chosen and top into range after count or visible changed. */
void list_clamp(struct list *l, int count, int visible);

/* The same keys for text that scrolls: moves top only. */
bool scroll_handle(int *top, struct key key, int count, int visible);

#endif
