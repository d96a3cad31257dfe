// SPDX-License-Identifier: Apache-2.0
/* The welcome text: typed above, and below as the home screen will show it. Grants the change. */
#include "dcui/screens/screens.h"

#include <stdio.h>
#include <string.h>

/* Where it is typed: below a heading, above the preview and that one's heading. */
static struct rect typing_area(struct rect r, int preview)
{
	return (struct rect){ r.row + 1, r.col, r.rows - preview - 3, r.cols };
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r = screen_frame(m, g, "Welcome Text",
				     "<F10> Set It  <Ctrl-U> Empty It  <Esc> Leave It As It Is");
	struct rect p = home_welcome_area(g->rows, g->cols), typing = typing_area(r, p.rows);
	char bytes[48];

	draw_text(g, r.row, r.col, r.cols, STYLE_STRONG, "Text, with variables such as {hostname}");
	snprintf(bytes, sizeof(bytes), "%zu of %d bytes", strlen(m->welcome.text), AREA_MAX);
	draw_right(g, r.row, r.col + r.cols, 20, STYLE_DIM, bytes);
	area_draw(&m->welcome, g, typing);
	p.row = r.row + r.rows - p.rows;
	draw_text(g, p.row - 1, r.col, r.cols, STYLE_STRONG, "On the home screen");
	draw_fill(g, (struct rect){ p.row, 0, p.rows, g->cols }, STYLE_UPPER);
	if (m->welcome.text[0])
		home_welcome(&m->facts, m->welcome.text, g, p);
	else
		draw_text(g, p.row, p.col, p.cols, STYLE_UPPER, "Hardware, memory and uptime.");
}

static enum action set(struct model *m)
{
	const char *text = m->welcome.text;

	ui_change(m, "system.setting.set",
		  json_pack("{s:s, s:s}", "option", WELCOME_OPTION, "string", text),
		  "Welcome Text");
	ui_change_words(
		m, "Changing the welcome text",
		*text ? "The welcome text was changed."
		      : "The welcome text was taken away: the home screen shows the hardware.",
		"set the welcome text");
	m->granted = ACTION_CHANGE;
	return ACTION_CHANGE;
}

static enum action handle(struct key key, struct model *m)
{
	int preview = home_welcome_area(m->rows, m->cols).rows;
	struct rect typing = typing_area(screen_area(m), preview);

	if (key.code == KEY_F10)
		return set(m);
	return area_handle(&m->welcome, key, typing.cols, typing.rows) ? ACTION_NONE
								       : ACTION_IGNORED;
}

enum action open_welcome(struct model *m, const char *text)
{
	area_set(&m->welcome, text);
	ui_push(m, SCREEN_WELCOME);
	return ACTION_NONE;
}

const struct screen screen_welcome = {
	.help = "What the home screen says below the product's name, in place of the hardware. "
		"An empty text gives that back.\n\n"
		"{hostname} {address} {url} {thumbprint} {serial} {product} {version} {build} "
		"{memory} {cpu} are replaced by what is known of the host, or by -.\n\n"
		"<Enter>   a new line\n<Ctrl-U>  empty it all\n<F10>     set it, at once and for "
		"later starts (Esc 0 where function keys do not get through)\n<Esc>     leave it "
		"as "
		"it is",
	.render = render,
	.handle = handle,
};
