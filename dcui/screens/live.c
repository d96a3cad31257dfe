// SPDX-License-Identifier: Apache-2.0
/* vmkernel.log as it grows: nothing to type, nothing to log in for. */
#include "dcui/screens/screens.h"
#include "dcui/text.h"

/* The whole line, on as many rows as it takes, the last one at "bottom". Returns the rows. */
static int draw_line(struct grid *g, int bottom, const char *line)
{
	int rows = (text_width(line) + g->cols - 1) / g->cols;

	rows = rows ? rows : 1;
	for (int i = 0; i < rows; i++) {
		int row = bottom - rows + 1 + i;
		const char *part = line + text_offset(line, i * g->cols);

		if (row < 1)
			continue;
		for (int col = 0; col < g->cols && *part; col++)
			grid_put(g, row, col, text_decode(&part), STYLE_BODY);
	}
	return rows;
}

static void render(const struct model *m, struct grid *g)
{
	size_t at = m->live.len;
	const char *line;

	grid_clear(g, STYLE_BODY);
	for (int bottom = g->rows - 2; bottom >= 1 && (line = live_before(&m->live, &at));)
		bottom -= draw_line(g, bottom, line);
	draw_title(g, "vmkernel.log", m->live.why[0] ? "cannot be read" : "live");
	if (m->live.why[0])
		draw_text(g, g->rows - 2, 0, g->cols, STYLE_BAD, m->live.why);
	draw_footer(g,
		    m->serial ? "<Ctrl-G Ctrl-B 3> Console of the host"
			      : "<Alt-F2> Console of the host",
		    m->serial ? "<Esc> Back" : "<Alt-F11> Status");
}

static enum action handle(struct key key, struct model *m)
{
	(void)m;
	return key.code == KEY_ESC ? ACTION_IGNORED : ACTION_NONE;
}

const struct screen screen_live = {
	.help = "",
	.render = render,
	.handle = handle,
};
