// SPDX-License-Identifier: Apache-2.0
/* When memory was short, and what was done about it. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>
#include <string.h>

static json_t *params(const struct table *t)
{
	(void)t;
	return json_pack("{s:s, s:i}", "id", "oom", "limit", 100);
}

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	snprintf(buf, TABLE_ROW, "%-19.19s  %s", table_text(row, "time"), table_text(row, "text"));
	return strcmp(table_text(row, "severity"), "error") ? STYLE_BODY : STYLE_BAD;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	(void)t;
	page_wrapped(p, STYLE_BODY, 70, table_text(row, "text"));
}

static const struct table_spec spec = {
	.title = "Memory Shortages",
	.footer = "<Up/Down> Select  <R> Read Again  <Esc> Back",
	.heading = "Time                 What Happened",
	.empty = "Memory has not been short.",
	.op = "system.event.list",
	.params = params,
	.row = row,
	.details = details,
	.detail_rows = 4,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->shortages, m, g);
}

static enum action handle(struct key key, struct model *m)
{
	return table_handle(&spec, &m->shortages, key, m);
}

enum action open_shortages(struct model *m)
{
	return table_open(m, SCREEN_SHORTAGES, &spec, &m->shortages);
}

const struct screen screen_shortages = {
	.help = "The newest first. oomd takes what can be had again before it ends a userworld, "
		"and never one that is essential. vmkernel.log has all candidates.\n\n"
		"<R>    read again\n<Esc>  back",
	.render = render,
	.handle = handle,
};
