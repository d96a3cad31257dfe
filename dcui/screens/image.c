// SPDX-License-Identifier: Apache-2.0
/* Which image is installed. */
#include "dcui/screens/screens.h"

#define WIDTH 60
#define LABEL 5

static const char text[] =
	"The folder of the image on a web server, as \"make pxe\" makes it, or nothing for the "
	"image that this host was started from.";

static void render(const struct model *m, struct grid *g)
{
	int rows = draw_wrapped_rows(text, WIDTH);
	struct rect r =
		draw_dialog(g, rows + 2, WIDTH, "Image to Install", "<Enter> OK   <Ctrl-U> Empty");

	draw_wrapped(g, r, STYLE_DIALOG, text);
	draw_input(g, r.row + rows + 1, r.col, LABEL, WIDTH - LABEL,
		   &(struct input){ .label = "URL:",
				    .value = m->install.image.value,
				    .cursor = m->install.image.cursor,
				    .focus = true });
}

static enum action handle(struct key key, struct model *m)
{
	if (key.code == KEY_ENTER)
		return ui_pop(m);
	return field_handle(&m->install.image, key) ? ACTION_NONE : ACTION_IGNORED;
}

const struct screen screen_image = {
	.dialog = true,
	.help = "The address begins with http:// or https://. What comes from there is compared "
		"with the digests of its boot.cfg.\n\n"
		"<Ctrl-U>  empties the field\n<Enter> <Esc>  back",
	.render = render,
	.handle = handle,
};
