// SPDX-License-Identifier: Apache-2.0
/* What differs between a generation of the configuration and now. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>

static json_t *params(const struct table *t)
{
	return json_pack("{s:I}", "generation", t->number);
}

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	snprintf(buf, TABLE_ROW, "%-11.11s %s", table_text(row, "change"), table_text(row, "path"));
	return STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	(void)row;
	page_add(p, STYLE_STRONG, "Since generation %lld", (long long)t->number);
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	if (key.code != KEY_ENTER || !row)
		return ACTION_IGNORED;
	return open_diff(m, m->changes.number, table_text(row, "path"));
}

static const struct table_spec spec = {
	.title = "What Differs",
	.footer = "<Enter> Lines of the File  <R> Read Again  <Esc> Back",
	.heading = "Change      File",
	.empty = "Nothing differs: the configuration is as it was then.",
	.op = "system.state.diff",
	.params = params,
	.row = row,
	.details = details,
	.detail_rows = 1,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->changes, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->changes, key, m);
}

enum action open_changes(struct model *m, json_int_t generation)
{
	m->changes.number = generation;
	return table_open(m, SCREEN_CHANGES, &spec, &m->changes);
}

const struct screen screen_changes = {
	.help = "Files of the configuration that are not as they were in that "
		"generation.\n\n<Enter>  the lines that differ\n<R>      read again\n"
		"<Esc>    back",
	.render = render,
	.handle = handle_key,
};
