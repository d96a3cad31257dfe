// SPDX-License-Identifier: Apache-2.0
/* Grid of cells: storage, clipping, dump. */
#include "dcui/cell.h"
#include "dcui/text.h"

#include <stdlib.h>

/* One letter per style, in the order of the enum; capitals for what stands out. */
static const char style_letters[STYLE_COUNT + 1] = "bB.gxuUlLWtfFSM#!dDHKAiI";

static int clamp(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

struct grid *grid_new(int rows, int cols)
{
	struct grid *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->rows = clamp(rows, 1, GRID_MAX_ROWS);
	g->cols = clamp(cols, 1, GRID_MAX_COLS);
	g->cells = calloc((size_t)g->rows * (size_t)g->cols, sizeof(*g->cells));
	if (!g->cells) {
		free(g);
		return NULL;
	}
	grid_clear(g, STYLE_BODY);
	return g;
}

void grid_free(struct grid *g)
{
	if (!g)
		return;
	free(g->cells);
	free(g);
}

static struct cell *cell_at(const struct grid *g, int row, int col)
{
	if (row < 0 || col < 0 || row >= g->rows || col >= g->cols)
		return NULL;
	return &g->cells[(size_t)row * (size_t)g->cols + (size_t)col];
}

const struct cell *grid_at(const struct grid *g, int row, int col)
{
	return cell_at(g, row, col);
}

void grid_clear(struct grid *g, enum style style)
{
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			grid_put(g, row, col, ' ', style);
	g->cursor_row = g->cursor_col = -1;
}

void grid_put(struct grid *g, int row, int col, uint32_t ch, enum style style)
{
	struct cell *c = cell_at(g, row, col);

	if (!c)
		return;
	c->ch = ch;
	c->style = (uint8_t)style;
}

void grid_restyle(struct grid *g, int row, int col, int count, enum style style)
{
	for (int i = 0; i < count; i++) {
		struct cell *c = cell_at(g, row, col + i);

		if (c)
			c->style = (uint8_t)style;
	}
}

static void dump_row(const struct grid *g, int row, FILE *out)
{
	char utf8[TEXT_UTF8_MAX];
	int last = g->cols;

	while (last > 0 && cell_at(g, row, last - 1)->ch == ' ')
		last--;
	for (int col = 0; col < last; col++)
		fwrite(utf8, 1, text_encode(cell_at(g, row, col)->ch, utf8), out);
	fputc('\n', out);
}

void grid_dump(const struct grid *g, int with_styles, FILE *out)
{
	for (int row = 0; row < g->rows; row++)
		dump_row(g, row, out);
	if (!with_styles)
		return;
	fputs("--\n", out);
	for (int row = 0; row < g->rows; row++) {
		for (int col = 0; col < g->cols; col++)
			fputc(style_letters[cell_at(g, row, col)->style], out);
		fputc('\n', out);
	}
}
