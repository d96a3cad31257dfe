// SPDX-License-Identifier: Apache-2.0
/* The biggest files of a ramdisk. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include "human.h"

#include <stdio.h>

static json_t *params(const struct table *t)
{
	return json_pack("{s:s}", "name", t->subject);
}

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	char size[HUMAN_MAX];

	snprintf(buf, TABLE_ROW, "%8s  %-19.19s  %6lld  %s",
		 human_size((uint64_t)table_number(row, "bytes"), size),
		 table_text(row, "modified"), (long long)table_number(row, "uid"),
		 table_text(row, "path"));
	return STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	page_add(p, STYLE_STRONG, "In ramdisk %s", t->subject);
	page_add(p, STYLE_BODY, "%s", table_text(row, "path"));
}

static const struct table_spec spec = {
	.title = "Biggest Files",
	.footer = "<Up/Down> Select  <R> Read Again  <Esc> Back",
	.heading = "    Size  Modified               User  Path",
	.empty = "No file takes room in this ramdisk. What was deleted and is still open does: "
		 "restart who has it open.",
	.op = "system.ramdisk.files",
	.params = params,
	.row = row,
	.details = details,
	.detail_rows = 3,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->files, m, g);
}

static enum action handle(struct key key, struct model *m)
{
	return table_handle(&spec, &m->files, key, m);
}

enum action open_files(struct model *m, const char *ramdisk)
{
	snprintf(m->files.subject, sizeof(m->files.subject), "%s", ramdisk);
	return table_open(m, SCREEN_FILES, &spec, &m->files);
}

const struct screen screen_files = {
	.help = "The files that take most of the chosen ramdisk. Files as they were shipped take "
		"nothing of it.\n\n<R>    read again\n<Esc>  back",
	.render = render,
	.handle = handle,
};
