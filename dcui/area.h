/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of several lines that is typed. A line that is longer than the area is wide goes on in the
 * next row; the last column is kept for the cursor.
 */
#ifndef DCUI_AREA_H
#define DCUI_AREA_H

#include "dcui/draw.h"
#include "dcui/key.h"

#include <stdbool.h>
#include <stddef.h>

#define AREA_MAX 2048 /* bytes of text */

struct area {
	char text[AREA_MAX + 1];
	size_t cursor; /* the byte that it is before */
	int top;       /* first row shown */
};

/* Replaces the text, of which what is too long is cut between characters. The cursor goes to its
 * end. */
void area_set(struct area *a, const char *text);

/* True if the key was for the text, as it is drawn in rows of "width" cells, "rows" of them. */
bool area_handle(struct area *a, struct key key, int width, int rows);

/* Draws the text with the cursor in it. */
void area_draw(const struct area *a, struct grid *g, struct rect r);

#endif
