// SPDX-License-Identifier: Apache-2.0
/* Time-outs of the shells, and the other settings: numbers, and the welcome text. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>
#include <string.h>

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	if (!strcmp(table_text(row, "type"), "string")) {
		snprintf(buf, TABLE_ROW, "%-42.42s %s", table_text(row, "option"),
			 table_text(row, "string_value")[0] ? "    text" : "   empty");
		return STYLE_BODY;
	}
	snprintf(buf, TABLE_ROW, "%-42.42s %8lld %8lld", table_text(row, "option"),
		 (long long)table_number(row, "value"), (long long)table_number(row, "default"));
	return STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	(void)t;
	page_add(p, STYLE_STRONG, "%s", table_text(row, "option"));
	page_wrapped(p, STYLE_BODY, 70, table_text(row, "description"));
	page_value(p, "Largest value", "%lld", (long long)table_number(row, "max"));
}

static enum action edit(struct model *m, const json_t *row)
{
	const char *option = table_text(row, "option");
	char number[24];

	if (!strcmp(option, WELCOME_OPTION))
		return open_welcome(m, table_text(row, "string_value"));
	ui_change(m, "system.setting.set", json_pack("{s:s}", "option", option), "Settings");
	ui_change_words(m, "Changing the setting", "The setting was changed.", "set %.80s", option);
	form_begin(m, "Change Setting", "%s\n\n%.300s.", option, table_text(row, "description"));
	snprintf(number, sizeof(number), "%lld", (long long)table_number(row, "value"));
	form_field(m, "Value:", number);
	m->form.key = "value";
	m->form.factor = 1;
	return form_open(m);
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	return key.code == KEY_ENTER && row ? edit(m, row) : ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Time-outs and Settings",
	.footer = "<Up/Down> Select  <Enter> Change  <R> Read Again  <Esc> Back",
	.heading = "Setting                                       Value  Default",
	.empty = "This host has no such settings.",
	.op = "system.setting.list",
	.row = row,
	.details = details,
	.detail_rows = 5,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->settings, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->settings, key, m);
}

enum action open_settings(struct model *m)
{
	return table_open(m, SCREEN_SETTINGS, &spec, &m->settings);
}

const struct screen screen_settings = {
	.help = "Settings of this host. What each does stands below the list.\n\n"
		"<Enter>  change the chosen one\n<R>      read again\n<Esc>    back",
	.render = render,
	.handle = handle_key,
};
