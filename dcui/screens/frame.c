// SPDX-License-Identifier: Apache-2.0
/* Title bar and footer of full screens. */
#include "dcui/screens/screens.h"

#define MARGIN 2

static struct rect area(int rows, int cols)
{
	return (struct rect){ 2, MARGIN, rows - 4, cols - 2 * MARGIN };
}

struct rect screen_frame(const struct model *m, struct grid *g, const char *title,
			 const char *footer)
{
	grid_clear(g, STYLE_BODY);
	draw_title(g, title, m->facts.hostname);
	draw_footer(g, footer, "<F1> Help");
	return area(g->rows, g->cols);
}

struct rect screen_area(const struct model *m)
{
	return area(m->rows, m->cols);
}
