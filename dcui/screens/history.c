// SPDX-License-Identifier: Apache-2.0
/* Configuration history: generations on the boot medium. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	bool current = json_is_true(json_object_get(row, "current"));

	snprintf(buf, TABLE_ROW, "%6lld%s %-19.19s  %-16.16s %s",
		 (long long)table_number(row, "generation"), current ? "*" : " ",
		 table_text(row, "time"), table_text(row, "who"), table_text(row, "why"));
	return current ? STYLE_STRONG : STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	(void)t;
	page_value(p, "Generation", "%lld%s", (long long)table_number(row, "generation"),
		   json_is_true(json_object_get(row, "current")) ? ", the one in force" : "");
	page_value(p, "Who", "%s", table_text(row, "who"));
	page_value(p, "Build", "%s", table_text(row, "build"));
	page_wrapped(p, STYLE_BODY, 70, table_text(row, "why"));
}

static enum action revert(struct model *m, const json_t *row)
{
	json_int_t generation = table_number(row, "generation");
	char done[160];

	ui_change(m, "system.state.revert", json_pack("{s:I}", "generation", generation),
		  "Configuration History");
	snprintf(done, sizeof(done), "The configuration is as it was in generation %lld.",
		 (long long)generation);
	ui_change_words(m, "Taking changes back", done, "revert to generation %lld",
			(long long)generation);
	ui_confirm(m, ACTION_CHANGE, true, "Configuration History",
		   "Make the configuration as it was in generation %lld, of %s? Passwords, "
		   "addresses and settings of services are as they were then, at once. That is "
		   "a generation of its own, so it can be taken back.",
		   (long long)generation, table_text(row, "time"));
	return ACTION_NONE;
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	if (row && (key_is(key, 'v') || key_is(key, 'V')))
		return revert(m, row);
	if (row && key.code == KEY_ENTER)
		return open_changes(m, table_number(row, "generation"));
	return ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Configuration History",
	.footer = "<Enter> What Differs  <V> Revert  <R> Read Again  <Esc> Back",
	.heading = "Number  Time                 Who              Why",
	.empty = "Nothing was saved yet.",
	.op = "system.state.history",
	.row = row,
	.details = details,
	.detail_rows = 6,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->history, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->history, key, m);
}

enum action open_history(struct model *m)
{
	return table_open(m, SCREEN_HISTORY, &spec, &m->history);
}

const struct screen screen_history = {
	.help = "Each change of the configuration is kept on the boot medium as a generation, "
		"with who made it. The one in force has a star.\n\n"
		"<Enter>  what differs between the chosen one and now\n"
		"<V>      make everything as it was then, after a question\n"
		"<R>      read again\n<Esc>    back",
	.render = render,
	.handle = handle_key,
};
