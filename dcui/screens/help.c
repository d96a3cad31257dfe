// SPDX-License-Identifier: Apache-2.0
/* Help: the text of the screen beneath. */
#include "dcui/screens/screens.h"

#define WIDTH 62

static int most_rows(int rows)
{
	return rows - 8;
}

static void render(const struct model *m, struct grid *g)
{
	const char *text = ui_help(m);
	int rows = draw_wrapped_rows(text, WIDTH), most = most_rows(g->rows);
	struct rect r = draw_dialog(g, rows < most ? rows : most, WIDTH, "Help",
				    rows > most ? "<Up/Down> Scroll   <Esc> Close" : "<Esc> Close");

	draw_wrapped_from(g, r, STYLE_DIALOG, text, m->help_top);
}

static enum action handle(struct key key, struct model *m)
{
	int rows = draw_wrapped_rows(ui_help(m), WIDTH);

	if (scroll_handle(&m->help_top, key, rows, most_rows(m->rows)))
		return ACTION_NONE;
	if (key.code == KEY_ENTER || key.code == KEY_F1 || key.code == KEY_ESC)
		return ui_pop(m);
	return ACTION_NONE;
}

static void enter(struct model *m)
{
	m->help_top = 0;
}

const struct screen screen_help = {
	.dialog = true,
	.help = "",
	.render = render,
	.handle = handle,
	.enter = enter,
};
