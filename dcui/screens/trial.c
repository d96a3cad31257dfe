// SPDX-License-Identifier: Apache-2.0
/* A change that is taken back by itself unless it is kept. */
#include "dcui/screens/screens.h"

#include <stdio.h>

#define WIDTH 56

static void render(const struct model *m, struct grid *g)
{
	unsigned long long left = m->trial_until > m->now ? m->trial_until - m->now : 0;
	char text[UI_MESSAGE];
	struct rect r;

	snprintf(text, sizeof(text),
		 "%s Look whether you can reach the host. In %llu s what was before comes back by "
		 "itself, unless you keep the change.",
		 m->change.done, left);
	r = draw_dialog(g, draw_wrapped_rows(text, WIDTH), WIDTH, m->change.title,
			"<Enter> Keep   <Esc> Do Not Keep");
	draw_wrapped(g, r, STYLE_DIALOG, text);
}

static enum action handle(struct key key, struct model *m)
{
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
	.help = "The change counts already. If it has cut you off, do nothing: what was before "
		"comes "
		"back by itself.\n\n<Enter>  keep it\n<Esc>    do not; it is taken back when the "
		"time "
		"is up",
	.render = render,
	.handle = handle,
};
