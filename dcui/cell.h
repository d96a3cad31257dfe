/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The off-screen grid that every screen draws on. A cell is one character of
 * width one and a style; what a style looks like is decided where the grid is
 * put on a terminal (term.c), so that screens can be tested as text.
 *
 * All drawing is clipped: a coordinate outside the grid is not an error.
 */
#ifndef DCUI_CELL_H
#define DCUI_CELL_H

#include <stdint.h>
#include <stdio.h>

/* What a piece of the screen is, not how it looks. Keep style_letters in step. */
enum style {
	STYLE_BODY,	    /* text on a full screen */
	STYLE_STRONG,	    /* emphasised text on a full screen */
	STYLE_DIM,	    /* secondary text on a full screen */
	STYLE_GOOD,	    /* a state that is as it should be */
	STYLE_BAD,	    /* a state that needs attention */
	STYLE_UPPER,	    /* home screen, upper part */
	STYLE_UPPER_STRONG, /* product line of the home screen */
	STYLE_LOWER,	    /* home screen, lower part */
	STYLE_LOWER_STRONG, /* address to manage the host */
	STYLE_LOWER_WARN,   /* warning on the home screen */
	STYLE_BAR,	    /* title bar */
	STYLE_FOOTER,	    /* bottom line: what a key does */
	STYLE_FOOTER_KEY,   /* bottom line: the key */
	STYLE_SELECTED,	    /* chosen row of a list */
	STYLE_MATCH,	    /* what a search found */
	STYLE_GAUGE,	    /* used part of a gauge */
	STYLE_GAUGE_BAD,    /* used part of a gauge that is too full */
	STYLE_DIALOG,	    /* text in a dialog */
	STYLE_FRAME,	    /* border of a dialog */
	STYLE_HEADING,	    /* title of a dialog */
	STYLE_KEY,	    /* name of a key in a dialog */
	STYLE_ALERT,	    /* complaint in a dialog */
	STYLE_FIELD,	    /* input field */
	STYLE_FIELD_FOCUS,  /* input field that receives the keys */
	STYLE_COUNT,
};

struct cell {
	uint32_t ch; /* Unicode, printable, one column wide */
	uint8_t style;
};

struct grid {
	int rows, cols;
	int cursor_row, cursor_col; /* -1: the cursor is hidden */
	struct cell *cells;
};

#define GRID_MAX_ROWS 400
#define GRID_MAX_COLS 1000

/* The caller frees with grid_free(). Sizes are clamped to 1 .. GRID_MAX_*. NULL: no memory. */
struct grid *grid_new(int rows, int cols);
void grid_free(struct grid *g);

/* Fills everything with blanks of a style and hides the cursor. */
void grid_clear(struct grid *g, enum style style);

void grid_put(struct grid *g, int row, int col, uint32_t ch, enum style style);

/* The cell, or NULL if it is outside. */
const struct cell *grid_at(const struct grid *g, int row, int col);

/* Gives "count" cells of a row a new style and leaves their text. */
void grid_restyle(struct grid *g, int row, int col, int count, enum style style);

/*
 * Writes the text, one line per row, without trailing blanks. With styles, a
 * second block follows after a line of "--", one letter per cell.
 */
void grid_dump(const struct grid *g, int with_styles, FILE *out);

#endif
