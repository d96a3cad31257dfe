/* SPDX-License-Identifier: Apache-2.0 */
/* What screens are made of. Everything is clipped to the grid. */
#ifndef DCUI_DRAW_H
#define DCUI_DRAW_H

#include "dcui/cell.h"

#include <stdbool.h>

struct rect {
	int row, col, rows, cols;
};

/* Fills an area with blanks. */
void draw_fill(struct grid *g, struct rect r, enum style style);

/* At most "width" cells of a text; what does not fit ends in ">". Returns the cells used. */
int draw_text(struct grid *g, int row, int col, int width, enum style style, const char *text);
int draw_textf(struct grid *g, int row, int col, int width, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* The same, ending at column "right" (exclusive). */
void draw_right(struct grid *g, int row, int right, int width, enum style style, const char *text);

/*
 * Word-wrapped into r, without the first "skip" rows of it; returns the rows
 * used, at most r.rows. g may be NULL to count only.
 */
int draw_wrapped_from(struct grid *g, struct rect r, enum style style, const char *text, int skip);
int draw_wrapped(struct grid *g, struct rect r, enum style style, const char *text);

/* Rows that a text needs when wrapped at "width" cells. */
int draw_wrapped_rows(const char *text, int width);

/* First line of a full screen: what it is, and of which host. */
void draw_title(struct grid *g, const char *title, const char *host);

/*
 * Last line of a screen. Keys stand in angle brackets: "<Up/Down> Select";
 * right may be NULL. What does not fit is cut from the end of left.
 */
void draw_footer(struct grid *g, const char *left, const char *right);

/*
 * A dialog with a title in the middle of the grid: border, body and a line of
 * keys. Returns the area for text inside. rows and cols are of that area.
 */
struct rect draw_dialog(struct grid *g, int rows, int cols, const char *title, const char *keys);

/* An input field showing value (secret: stars) with the cursor after cell "cursor". */
struct input {
	const char *label;
	const char *value;
	int cursor;
	bool secret;
	bool focus;
};
void draw_input(struct grid *g, int row, int col, int label_width, int width,
		const struct input *in);

/* A horizontal gauge of "width" cells; bad colours the used part as too full. */
void draw_gauge(struct grid *g, int row, int col, int width, unsigned int percent, bool bad);

/* Marks of more lines above and below at the right border of an area. */
void draw_more(struct grid *g, struct rect r, bool above, bool below);

#endif
