// SPDX-License-Identifier: Apache-2.0
/* The lines of a file that differ from a generation of the configuration. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>

static json_t *params(const struct table *t)
{
	return json_pack("{s:I, s:s}", "generation", t->number, "file", t->subject);
}

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	const char *line = json_string_value(row);

	snprintf(buf, TABLE_ROW, "%s", line ? line : "");
	return buf[0] == '+' ? STYLE_GOOD : buf[0] == '-' ? STYLE_BAD : STYLE_BODY;
}

static const struct table_spec spec = {
	.title = "Lines That Differ",
	.footer = "<Up/Down> Scroll  <R> Read Again  <Esc> Back",
	.heading = "- as it was then, + as it is now",
	.empty = "The lines are the same: owner or permissions differ.",
	.op = "system.state.diff",
	.key = "lines",
	.params = params,
	.row = row,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->diff, m, g);
}

static enum action handle(struct key key, struct model *m)
{
	return table_handle(&spec, &m->diff, key, m);
}

enum action open_diff(struct model *m, json_int_t generation, const char *path)
{
	m->diff.number = generation;
	snprintf(m->diff.subject, sizeof(m->diff.subject), "%s", path);
	return table_open(m, SCREEN_DIFF, &spec, &m->diff);
}

const struct screen screen_diff = {
	.help = "A line that begins with - was in the file then, one with + is in it now. Such "
		"files may have secrets in them.\n\n<R>    read again\n<Esc>  back",
	.render = render,
	.handle = handle,
};
