// SPDX-License-Identifier: Apache-2.0
/*
 * Tables: header, dashes, rows, two spaces between columns. Text stands left,
 * numbers and truth right.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "format.h"

#define COLUMNS_MAX 24

struct grid {
	size_t columns;
	size_t rows;
	int width[COLUMNS_MAX];
	char **cells; /* rows * columns */
};

/* Columns a text takes on the screen: one per character, whatever its bytes. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static bool stands_left(enum cli_column_kind kind)
{
	return kind == CLI_STRING || kind == CLI_LIST;
}

/*
 * One line. Blanks are owed until text follows, so that no line ends in them.
 */
static void print_row(const struct grid *g, const struct cli_column *columns, char **cells,
		      FILE *out)
{
	int owed = 0;

	for (size_t c = 0; c < g->columns; c++) {
		int pad = g->width[c] - width_of(cells[c]);

		if (!stands_left(columns[c].kind))
			owed += pad;
		if (cells[c][0]) {
			fprintf(out, "%*s%s", owed, "", cells[c]);
			owed = 0;
		}
		if (stands_left(columns[c].kind))
			owed += pad;
		owed += 2;
	}
	fputc('\n', out);
}

static void free_grid(struct grid *g)
{
	for (size_t i = 0; g->cells && i < g->rows * g->columns; i++)
		free(g->cells[i]);
	free(g->cells);
}

static int fill(struct grid *g, const struct cli_column *columns, json_t *rows)
{
	json_t *row;
	size_t r;

	for (g->columns = 0; g->columns < COLUMNS_MAX && columns[g->columns].title; g->columns++)
		g->width[g->columns] = width_of(columns[g->columns].title);
	g->rows = json_array_size(rows);
	g->cells = calloc(g->rows * g->columns + 1, sizeof(*g->cells));
	if (!g->cells)
		return -1;
	json_array_foreach (rows, r, row) {
		for (size_t c = 0; c < g->columns; c++) {
			char *text = format_value(&columns[c], row);

			if (!text)
				return -1;
			g->cells[r * g->columns + c] = text;
			if (width_of(text) > g->width[c])
				g->width[c] = width_of(text);
		}
	}
	return 0;
}

static void print(const struct grid *g, const struct cli_column *columns, FILE *out)
{
	char *titles[COLUMNS_MAX];

	for (size_t c = 0; c < g->columns; c++)
		titles[c] = (char *)(uintptr_t)columns[c].title;
	print_row(g, columns, titles, out);
	for (size_t c = 0; c < g->columns; c++) {
		for (int i = 0; i < g->width[c]; i++)
			fputc('-', out);
		fputs(c + 1 == g->columns ? "\n" : "  ", out);
	}
	for (size_t r = 0; r < g->rows; r++)
		print_row(g, columns, g->cells + r * g->columns, out);
}

int format_table(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e)
{
	_cleanup_(free_grid) struct grid g = { 0 };

	if (fill(&g, columns, rows) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	print(&g, columns, out);
	return 0;
}
