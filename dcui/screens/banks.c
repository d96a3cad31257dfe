// SPDX-License-Identifier: Apache-2.0
/* The two images on the boot medium. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>
#include <string.h>

#define BUNDLES_MAX 512 /* bytes of text: more than a line shows */

static const char *part(const json_t *row)
{
	bool runs = json_is_true(json_object_get(row, "running"));
	bool next = json_is_true(json_object_get(row, "next"));

	return runs && next ? "runs, and is next" : runs ? "runs" : next ? "is next" : "";
}

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	const char *state = table_text(row, "state");

	snprintf(buf, TABLE_ROW, "%4lld  %-28.28s %-10.10s %s",
		 (long long)table_number(row, "bank"), table_text(row, "build"), state, part(row));
	return !strcmp(state, "invalid") || !strcmp(state, "damaged") ? STYLE_BAD : STYLE_BODY;
}

/* Of VENDOR_TYPE_NAME_VERSION, as an id is, what tells bundles of a host apart. */
static int short_id(char *out, size_t size, const char *before, const char *id)
{
	const char *version = strrchr(id, '_'), *name = version;

	while (name && name > id && name[-1] != '_')
		name--;
	if (!version)
		return snprintf(out, size, "%s%s", before, id);
	return snprintf(out, size, "%s%.*s %s", before, (int)(version - name), name, version + 1);
}

/* Those that come with it, beside what is part of the image. */
static const char *bundles(const json_t *row, char list[static BUNDLES_MAX])
{
	const json_t *id;
	size_t i, len = 0;

	snprintf(list, BUNDLES_MAX, "%s", "none but the image's");
	json_array_foreach (json_object_get(row, "bundles"), i, id)
		if (len < BUNDLES_MAX)
			len += (size_t)short_id(list + len, BUNDLES_MAX - len, i ? ", " : "",
						json_string_value(id) ?: "");
	return list;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	char list[BUNDLES_MAX];

	(void)t;
	page_value(p, "Bank", "%lld", (long long)table_number(row, "bank"));
	page_value(p, "Build", "%s", table_text(row, "build"));
	page_value(p, "Written", "%lld times", (long long)table_number(row, "updated"));
	page_value(p, "Bundles", "%s", bundles(row, list));
	page_value(p, "Problem", "%s", table_text(row, "problem"));
}

static enum action choose(struct model *m, const json_t *row)
{
	json_int_t bank = table_number(row, "bank");
	const char *build = table_text(row, "build");
	char done[160];

	ui_change(m, "system.boot.bank.set", json_pack("{s:I}", "bank", bank), "Boot Banks");
	snprintf(done, sizeof(done), "Build %.60s is started next.", build);
	ui_change_words(m, "Verifying the bank", done, "start bank %lld next", (long long)bank);
	m->change.power = true;
	ui_confirm(m, ACTION_CHANGE, true, "Boot Banks",
		   "Start build %s, of bank %lld, with the next restart? The one that runs now "
		   "stays in its bank. If the other one does not come up, the host goes back by "
		   "itself.",
		   build, (long long)bank);
	return ACTION_NONE;
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	return key.code == KEY_ENTER && row ? choose(m, row) : ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Boot Banks",
	.footer = "<Up/Down> Select  <Enter> Start Next  <R> Read Again  <Esc> Back",
	.heading = "Bank  Build                        State",
	.empty = "This host has no banks.",
	.op = "system.boot.bank.list",
	.row = row,
	.details = details,
	.detail_rows = 6,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->banks, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->banks, key, m);
}

enum action open_banks(struct model *m)
{
	return table_open(m, SCREEN_BANKS, &spec, &m->banks);
}

const struct screen screen_banks = {
	.help = "The boot medium has room for two images. An update is written to the one that "
		"does not run, so that the host can go back. So is a change of the bundles: the "
		"other bank has the set of before, or that of the next restart.\n\n"
		"<Enter>  start the chosen one next, after a question\n"
		"<R>      read again\n<Esc>    back",
	.render = render,
	.handle = handle_key,
};
