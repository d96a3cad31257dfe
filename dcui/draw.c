// SPDX-License-Identifier: Apache-2.0
/* Text, bars, dialogs, fields and gauges on the grid. */
#include "dcui/draw.h"
#include "dcui/text.h"

#include <stdarg.h>
#include <string.h>

#define CHAR_MORE '>'
#define CHAR_H 0x2500	     /* light horizontal line */
#define CHAR_V 0x2502	     /* light vertical line */
#define CHAR_TOP_LEFT 0x250c /* corners */
#define CHAR_TOP_RIGHT 0x2510
#define CHAR_BOTTOM_LEFT 0x2514
#define CHAR_BOTTOM_RIGHT 0x2518
#define CHAR_UP 0x25b2 /* filled triangles */
#define CHAR_DOWN 0x25bc

void draw_fill(struct grid *g, struct rect r, enum style style)
{
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++)
			grid_put(g, row, col, ' ', style);
}

int draw_text(struct grid *g, int row, int col, int width, enum style style, const char *text)
{
	int used = 0;

	if (width <= 0)
		return 0;
	while (*text && used < width) {
		uint32_t ch = text_decode(&text);

		if (used + 1 == width && *text)
			ch = CHAR_MORE;
		grid_put(g, row, col + used++, ch, style);
	}
	return used;
}

int draw_textf(struct grid *g, int row, int col, int width, enum style style, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return draw_text(g, row, col, width, style, text);
}

void draw_right(struct grid *g, int row, int right, int width, enum style style, const char *text)
{
	int cells = text_width(text);

	if (cells > width)
		cells = width;
	draw_text(g, row, right - cells, cells, style, text);
}

static void draw_bytes(struct grid *g, struct rect r, enum style style, const char *text,
		       size_t len)
{
	char line[4 * GRID_MAX_COLS + 1];

	if (len >= sizeof(line))
		len = sizeof(line) - 1;
	memcpy(line, text, len);
	line[len] = '\0';
	draw_text(g, r.row, r.col, r.cols, style, line);
}

int draw_wrapped_from(struct grid *g, struct rect r, enum style style, const char *text, int skip)
{
	int rows = 0;

	while (*text && rows < r.rows) {
		const char *next;
		size_t len = text_wrap(text, r.cols, &next);

		if (skip > 0) {
			skip--;
		} else {
			if (g)
				draw_bytes(g, (struct rect){ r.row + rows, r.col, 1, r.cols },
					   style, text, len);
			rows++;
		}
		text = next;
	}
	return rows;
}

int draw_wrapped(struct grid *g, struct rect r, enum style style, const char *text)
{
	return draw_wrapped_from(g, r, style, text, 0);
}

int draw_wrapped_rows(const char *text, int width)
{
	struct rect r = { .rows = GRID_MAX_ROWS, .cols = width };

	return draw_wrapped(NULL, r, STYLE_BODY, text);
}

void draw_title(struct grid *g, const char *title, const char *host)
{
	draw_fill(g, (struct rect){ 0, 0, 1, g->cols }, STYLE_BAR);
	draw_text(g, 0, 2, g->cols / 2, STYLE_BAR, title);
	draw_right(g, 0, g->cols - 2, g->cols / 2 - 4, STYLE_BAR, host);
}

/* Text with keys in angle brackets in a style of their own; returns the cells used. */
static int draw_keys(struct grid *g, int row, int col, int width, enum style text_style,
		     enum style key_style, const char *text)
{
	int used = 0;
	bool in_key = false;

	while (*text && used < width) {
		bool opens = *text == '<', closes = *text == '>';
		uint32_t ch = text_decode(&text);

		if (opens)
			in_key = true;
		grid_put(g, row, col + used++, ch, in_key ? key_style : text_style);
		if (closes)
			in_key = false;
	}
	return used;
}

void draw_footer(struct grid *g, const char *left, const char *right)
{
	int row = g->rows - 1, end = g->cols - 2;

	draw_fill(g, (struct rect){ row, 0, 1, g->cols }, STYLE_FOOTER);
	if (right) {
		int cells = text_width(right);

		draw_keys(g, row, end - cells, cells, STYLE_FOOTER, STYLE_FOOTER_KEY, right);
		end -= cells + 2;
	}
	draw_keys(g, row, 2, end - 2, STYLE_FOOTER, STYLE_FOOTER_KEY, left);
}

static void draw_border(struct grid *g, struct rect r)
{
	int bottom = r.row + r.rows - 1, right = r.col + r.cols - 1;

	for (int col = r.col + 1; col < right; col++) {
		grid_put(g, r.row, col, CHAR_H, STYLE_FRAME);
		grid_put(g, bottom, col, CHAR_H, STYLE_FRAME);
	}
	for (int row = r.row + 1; row < bottom; row++) {
		grid_put(g, row, r.col, CHAR_V, STYLE_FRAME);
		grid_put(g, row, right, CHAR_V, STYLE_FRAME);
	}
	grid_put(g, r.row, r.col, CHAR_TOP_LEFT, STYLE_FRAME);
	grid_put(g, r.row, right, CHAR_TOP_RIGHT, STYLE_FRAME);
	grid_put(g, bottom, r.col, CHAR_BOTTOM_LEFT, STYLE_FRAME);
	grid_put(g, bottom, right, CHAR_BOTTOM_RIGHT, STYLE_FRAME);
}

static int at_most(int v, int high)
{
	return v > high ? high : v;
}

struct rect draw_dialog(struct grid *g, int rows, int cols, const char *title, const char *keys)
{
	/* Border, a blank column inside it; a blank line above and below the text, the keys. */
	struct rect outer = { .rows = at_most(rows + 5, g->rows - 1),
			      .cols = at_most(cols + 6, g->cols) };
	struct rect inner;
	int cells = text_width(keys);

	outer.row = (g->rows - 1 - outer.rows) / 2;
	outer.col = (g->cols - outer.cols) / 2;
	inner = (struct rect){ outer.row + 2, outer.col + 3, outer.rows - 5, outer.cols - 6 };
	draw_fill(g, outer, STYLE_DIALOG);
	draw_border(g, outer);
	draw_textf(g, outer.row, outer.col + 2, outer.cols - 4, STYLE_HEADING, " %s ", title);
	cells = at_most(cells, inner.cols);
	draw_keys(g, outer.row + outer.rows - 2, inner.col + inner.cols - cells, cells,
		  STYLE_DIALOG, STYLE_KEY, keys);
	g->cursor_row = g->cursor_col = -1;
	return inner;
}

void draw_input(struct grid *g, int row, int col, int label_width, int width,
		const struct input *in)
{
	enum style style = in->focus ? STYLE_FIELD_FOCUS : STYLE_FIELD;
	int start = col + label_width, first = 0, at = 0;
	const char *value = in->value;

	draw_text(g, row, col, label_width, STYLE_DIALOG, in->label);
	draw_fill(g, (struct rect){ row, start, 1, width }, style);
	if (in->cursor >= width)
		first = in->cursor - width + 1;
	for (int cell = 0; *value; cell++) {
		uint32_t ch = text_decode(&value);

		if (cell >= first && at < width)
			grid_put(g, row, start + at++, in->secret ? '*' : ch, style);
	}
	if (in->focus) {
		g->cursor_row = row;
		g->cursor_col = start + in->cursor - first;
	}
}

void draw_gauge(struct grid *g, int row, int col, int width, unsigned int percent, bool bad)
{
	int used = (int)((unsigned int)width * (percent > 100 ? 100 : percent) + 50) / 100;

	for (int i = 0; i < width; i++) {
		if (i < used)
			grid_put(g, row, col + i, ' ', bad ? STYLE_GAUGE_BAD : STYLE_GAUGE);
		else
			grid_put(g, row, col + i, CHAR_H, STYLE_DIM);
	}
}

void draw_more(struct grid *g, struct rect r, bool above, bool below)
{
	if (above)
		grid_put(g, r.row, r.col + r.cols - 1, CHAR_UP, STYLE_DIM);
	if (below)
		grid_put(g, r.row + r.rows - 1, r.col + r.cols - 1, CHAR_DOWN, STYLE_DIM);
}
