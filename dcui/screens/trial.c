// SPDX-License-Identifier: Apache-2.0
/* A change that is taken back by itself unless it is kept. */
#include "dcui/screens/screens.h"

#include <stdio.h>

#define WIDTH 56

static void render(const struct model *m, struct grid *g)
{
	const struct trial *t = &m->trial;
	unsigned long long left = t->until > m->now ? t->until - m->now : 0;
	char text[UI_MESSAGE];
	struct rect r;

	snprintf(text, sizeof(text),
		 "%s Look whether you can reach the host. In %llu s what was before comes back by "
		 "itself, unless you keep the change.",
		 t->done, left);
	r = draw_dialog(g, draw_wrapped_rows(text, WIDTH), WIDTH, t->title,
			"<Enter> Keep   <Esc> Take Back Now");
	draw_wrapped(g, r, STYLE_DIALOG, text);
}

/* The answer to the question closes this dialog, too (steps/table.c). */
static enum action ask_back(struct model *m)
{
	ui_change(m, "system.state.cancel", NULL, "Take Back Changes");
	ui_change_words(m, "Taking it back", "All is as it was before.", "take back changes");
	m->reading.into = NULL;
	ui_confirm(m, ACTION_CHANGE, true, "Take Back Changes",
		   "Take back now what is on trial? <Esc> leaves it on trial: it is taken back by "
		   "itself when the time is up.");
	return ACTION_NONE;
}

static enum action handle(struct key key, struct model *m)
{
	if (key.code == KEY_ESC)
		return ask_back(m);
	if (key.code != KEY_ENTER)
		return ACTION_IGNORED;
	ui_change(m, "system.state.confirm", NULL, "Keep Changes");
	ui_change_words(m, "Saving", "The changes are kept.", "keep changes");
	m->reading.into = NULL;
	ui_pop(m);
	m->granted = ACTION_CHANGE;
	return ACTION_CHANGE;
}

const struct screen screen_trial = {
	.dialog = true,
	.help = "The change counts already. If it has cut you off, take it back, or do nothing: "
		"what was before comes back by itself.\n\n<Enter>  keep it\n"
		"<Esc>    take it back now, after a question",
	.render = render,
	.handle = handle,
};
