// SPDX-License-Identifier: Apache-2.0
/* Bundles: what is installed, and taking it off. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>
#include <string.h>

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	const char *date = table_text(row, "install_date");

	snprintf(buf, TABLE_ROW, "%-22.22s %-20.20s %-16.16s %s", table_text(row, "name"),
		 table_text(row, "version"), table_text(row, "vendor"), *date ? date : "(image)");
	return STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	const char *newest = "", *name = "";
	const json_t *one;
	size_t i;

	json_array_foreach (t->rows, i, one)
		if (strcmp(table_text(one, "install_date"), newest) > 0) {
			newest = table_text(one, "install_date");
			name = table_text(one, "name");
		}
	page_value(p, "Bundle", "%s %s", table_text(row, "name"), table_text(row, "version"));
	page_value(p, "Acceptance level", "%s", table_text(row, "acceptance"));
	page_value(p, "Last change", "%s%s%s", newest, *name ? ", " : "", name);
}

static enum action remove_one(struct model *m, const json_t *row)
{
	const char *name = table_text(row, "name");
	char done[160];

	ui_change(m, "software.bundle.remove", json_pack("{s:s}", "name", name), "Remove Bundle");
	snprintf(done, sizeof(done), "Bundle %.60s is no longer on this host.", name);
	ui_change_words(m, "Removing the bundle", done, "remove bundle %.60s", name);
	ui_confirm(m, ACTION_CHANGE, true, "Remove Bundle",
		   "Take bundle %s %s off this host, now and for later starts? Its services end. "
		   "To have it again, it has to be installed.",
		   name, table_text(row, "version"));
	return ACTION_NONE;
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	if (key_is(key, 'b') || key_is(key, 'B'))
		return open_banks(m);
	return key.code == KEY_ENTER && row ? remove_one(m, row) : ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Bundles",
	.footer = "<Enter> Remove  <B> Roll Back  <R> Read Again  <Esc> Back",
	.heading = "Name                   Version              Vendor           Installed",
	.empty = "This host has no bundles.",
	.op = "software.bundle.list",
	.row = row,
	.details = details,
	.detail_rows = 4,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->bundles, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->bundles, key, m);
}

enum action open_bundles(struct model *m)
{
	return table_open(m, SCREEN_BUNDLES, &spec, &m->bundles);
}

const struct screen screen_bundles = {
	.help = "Software of this host: what is part of the image, and what was installed since. "
		"One that makes trouble can be taken off; what is part of the image is "
		"refused.\n\n<Enter>  remove the chosen one, after a question\n"
		"<B>      roll back: choose the bank that has the set of before for the next "
		"restart\n"
		"<R>      read again\n<Esc>    back",
	.render = render,
	.handle = handle_key,
};
