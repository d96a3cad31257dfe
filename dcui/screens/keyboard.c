// SPDX-License-Identifier: Apache-2.0
/* Keyboard layouts: the chosen one counts at once, and can be tried. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	bool current = json_is_true(json_object_get(row, "current"));

	snprintf(buf, TABLE_ROW, "%-8.8s %-24.24s %s", table_text(row, "layout"),
		 table_text(row, "title"), current ? "in use" : "");
	return current ? STYLE_STRONG : STYLE_BODY;
}

static enum action ask(struct model *m, const json_t *row)
{
	const char *layout = table_text(row, "layout");

	ui_change(m, "system.keyboard.layout.set", json_pack("{s:s}", "layout", layout),
		  "Configure Keyboard");
	ui_change_words(m, "Changing the layout",
			"The layout was changed. <T> in the list tries it.",
			"set the keyboard layout %.32s", layout);
	ui_confirm(m, ACTION_CHANGE, true, "Configure Keyboard",
		   "Use the layout %.32s (%.64s) on this host's own screen, at once and after a "
		   "restart? Look first whether your password can be typed with it.",
		   layout, table_text(row, "title"));
	return ACTION_NONE;
}

/* Nothing is done with what was typed. */
static bool close_trial(struct model *m)
{
	ui_pop(m);
	return false;
}

static enum action try(struct model *m)
{
	form_begin(
		m, "Try the Keyboard",
		"Type what you like, such as the letters of a password that is not yours. Nothing "
		"is done with it. A serial line or SSH has the layout of the terminal.");
	form_field(m, "Try it:", "");
	m->form.take = close_trial;
	return form_open(m);
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	if (key_is(key, 't') || key_is(key, 'T'))
		return try(m);
	return key.code == KEY_ENTER && row ? ask(m, row) : ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Configure Keyboard",
	.footer = "<Up/Down> Select  <Enter> Use It  <T> Try  <Esc> Back",
	.heading = "Layout   Name",
	.empty = "This host has no keyboard layouts.",
	.op = "system.keyboard.layout.list",
	.row = row,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->layouts, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->layouts, key, m);
}

enum action open_keyboard(struct model *m)
{
	return table_open(m, SCREEN_KEYBOARD, &spec, &m->layouts);
}

const struct screen screen_keyboard = {
	.help = "The layout of the keyboard at this host's own screen (VGA). A serial line or SSH "
		"has that of the terminal.\n\n<Enter>  use the chosen one\n"
		"<T>      a field to type into\n<Esc>    back",
	.render = render,
	.handle = handle_key,
};
