// SPDX-License-Identifier: Apache-2.0
/* What has been done, line by line. */
#include "dcui/screens/screens.h"

#define WIDTH 60

static int total_rows(const struct result *r)
{
	int rows = 0;

	for (int i = 0; i < r->count; i++)
		rows += draw_wrapped_rows(r->line[i].text, WIDTH);
	return rows;
}

static int most_rows(int rows)
{
	return rows - 8;
}

static void render(const struct model *m, struct grid *g)
{
	int rows = total_rows(&m->result), most = most_rows(g->rows), skip = m->result.top;
	struct rect r = draw_dialog(g, rows < most ? rows : most, WIDTH, m->result.title,
				    rows > most	      ? "<Up/Down> Scroll   <Enter> Close"
				    : m->result.power ? "<F12> Shut Down/Restart   <Enter> Close"
						      : "<Enter> Close");
	int end = r.row + r.rows;

	for (int i = 0; i < m->result.count && r.row < end; i++) {
		int need = draw_wrapped_rows(m->result.line[i].text, WIDTH);

		r.rows = end - r.row;
		r.row += draw_wrapped_from(g, r, m->result.line[i].style, m->result.line[i].text,
					   skip);
		skip = skip > need ? skip - need : 0;
	}
}

static enum action handle(struct key key, struct model *m)
{
	if (scroll_handle(&m->result.top, key, total_rows(&m->result), most_rows(m->rows)))
		return ACTION_NONE;
	if (key.code == KEY_ENTER)
		return ui_pop(m);
	if (key.code == KEY_F12 && m->result.power) {
		ui_push(m, SCREEN_POWER);
		return ACTION_NONE;
	}
	return ACTION_IGNORED;
}

const struct screen screen_result = {
	.dialog = true,
	.help = "What has been done, a line for each step. The same lines are in vmkernel.log.",
	.render = render,
	.handle = handle,
};
