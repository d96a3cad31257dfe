// SPDX-License-Identifier: Apache-2.0
/* Things to do, and how they stand. */
#include "dcui/choices.h"
#include "dcui/screens/screens.h"

#define LEFT 30

static void render_choice(const struct model *m, struct grid *g, struct rect r,
			  const struct choice *c)
{
	struct page p = { 0 };

	draw_text(g, r.row, r.col, r.cols, STYLE_STRONG, c->title);
	r.row += 2;
	r.rows -= 2;
	r.row += draw_wrapped(g, r, STYLE_BODY, c->text) + 1;
	if (!c->state)
		return;
	c->state(m, &p);
	r.rows = g->rows - 2 - r.row;
	page_draw(&p, g, r, 0);
}

void choices_render(const struct choices *c, const struct list *chosen, const struct model *m,
		    struct grid *g)
{
	struct rect r = screen_frame(m, g, c->title, c->footer);
	struct list list = *chosen;

	list_clamp(&list, c->count, r.rows);
	for (int i = 0; i < r.rows && list.top + i < c->count; i++) {
		bool is_chosen = list.top + i == list.chosen;

		draw_textf(g, r.row + i, r.col, LEFT, is_chosen ? STYLE_SELECTED : STYLE_BODY,
			   " %-*s", LEFT - 1, c->choice[list.top + i].title);
	}
	for (int row = r.row; row < r.row + r.rows; row++)
		grid_put(g, row, r.col + LEFT + 1, 0x2502, STYLE_DIM);
	r.col += LEFT + 4;
	r.cols -= LEFT + 4;
	render_choice(m, g, r, &c->choice[list.chosen]);
}

enum action choices_handle(const struct choices *c, struct list *chosen, struct key key,
			   struct model *m)
{
	int visible = screen_area(m).rows;

	list_clamp(chosen, c->count, visible);
	if (list_handle(chosen, key, c->count, visible))
		return ACTION_NONE;
	if (key.code != KEY_ENTER)
		return ACTION_IGNORED;
	return c->choice[chosen->chosen].open(m);
}
