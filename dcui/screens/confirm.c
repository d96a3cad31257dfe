// SPDX-License-Identifier: Apache-2.0
/* The question before whatever cannot be undone. Only this and erase.c grant an action. */
#include "dcui/screens/screens.h"

#define WIDTH 56

static void render(const struct model *m, struct grid *g)
{
	const struct confirm *c = &m->confirm;
	struct rect r = draw_dialog(g, draw_wrapped_rows(c->text, WIDTH), WIDTH, c->title,
				    c->f11 ? "<Enter> or <F11> Yes   <Esc> Cancel"
					   : "<Enter> Yes   <Esc> Cancel");

	draw_wrapped(g, r, STYLE_DIALOG, c->text);
}

static enum action handle(struct key key, struct model *m)
{
	enum action action = m->confirm.action;

	if (key.code != KEY_ENTER && !(m->confirm.f11 && key.code == KEY_F11))
		return ACTION_IGNORED;
	ui_pop(m);
	m->granted = action;
	return action;
}

static void leave(struct model *m)
{
	m->confirm.action = ACTION_NONE;
}

const struct screen screen_confirm = {
	.dialog = true,
	.help = "Nothing has happened yet. <Enter> does what the question says; <Esc> leaves all "
		"as it is.",
	.render = render,
	.handle = handle,
	.leave = leave,
};
