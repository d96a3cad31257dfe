// SPDX-License-Identifier: Apache-2.0
/* The home screen for whoever only looks: on a console of its own, which takes no keys. */
#include "dcui/screens/screens.h"

static void render(const struct model *m, struct grid *g)
{
	home_body(m, g);
	draw_footer(g, "<Alt-F2> Customize System/View Logs", "<Alt-F12> vmkernel.log");
}

static enum action handle(struct key key, struct model *m)
{
	(void)key;
	(void)m;
	return ACTION_NONE;
}

const struct screen screen_status = {
	.help = "",
	.render = render,
	.handle = handle,
};
