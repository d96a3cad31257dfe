// SPDX-License-Identifier: Apache-2.0
/* Ramdisks: how full, and the way to make room. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include "human.h"

#include <stdio.h>
#include <string.h>

#define MIB ((json_int_t)1 << 20)
#define DETAILS 5

static unsigned int percent(const json_t *row)
{
	unsigned int bytes = facts_percent((uint64_t)table_number(row, "used"),
					   (uint64_t)table_number(row, "max"));
	unsigned int files = facts_percent((uint64_t)table_number(row, "used_inodes"),
					   (uint64_t)table_number(row, "max_inodes"));

	return bytes > files ? bytes : files;
}

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	char max[HUMAN_MAX], used[HUMAN_MAX], files[32];

	snprintf(files, sizeof(files), "%lld/%lld", (long long)table_number(row, "used_inodes"),
		 (long long)table_number(row, "max_inodes"));
	snprintf(buf, TABLE_ROW, "%-16.16s %7s %7s %4u%% %13s  %s", table_text(row, "name"),
		 human_size((uint64_t)table_number(row, "max"), max),
		 human_size((uint64_t)table_number(row, "used"), used), percent(row), files,
		 table_text(row, "path"));
	return percent(row) >= 80 ? STYLE_BAD : STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	char size[HUMAN_MAX];

	(void)t;
	page_add(p, STYLE_STRONG, "%s", table_text(row, "name"));
	page_value(p, "Most it ever held", "%s",
		   human_size((uint64_t)table_number(row, "peak"), size));
	page_value(p, "Found full", "%lld times", (long long)table_number(row, "full_events"));
	page_value(p, "Room kept for it", "%s",
		   human_size((uint64_t)table_number(row, "min"), size));
}

/* Twice as large is the proposal; so are its files, of which there are that many more then. */
static enum action grow(struct model *m, const json_t *row)
{
	const char *name = table_text(row, "name");
	json_int_t max = table_number(row, "max"), inodes = table_number(row, "max_inodes");
	char number[24], done[160];

	ui_change(m, "system.ramdisk.resize",
		  json_pack("{s:s, s:I}", "name", name, "inodes", 2 * inodes), "Grow Ramdisk");
	snprintf(done, sizeof(done), "Ramdisk %.60s is larger now, until the host restarts.", name);
	ui_change_words(m, "Resizing", done, "grow ramdisk %.60s", name);
	form_begin(m, "Grow Ramdisk",
		   "Ramdisk %.60s (%.60s) may hold %lld MiB. It takes memory only as it fills. It "
		   "may also hold twice as many files, %lld. Both until the host restarts.",
		   name, table_text(row, "path"), (long long)(max / MIB), (long long)(2 * inodes));
	snprintf(number, sizeof(number), "%lld", (long long)(max < MIB ? 1 : 2 * max / MIB));
	form_field(m, "New MiB:", number);
	m->form.key = "max";
	m->form.factor = MIB;
	return form_open(m);
}

static enum action ask_empty(struct model *m)
{
	ui_change(m, "system.log.empty", json_object(), "Empty Logs");
	ui_change_words(m, "Emptying logs", "The logs are empty. What comes from now on is kept.",
			"empty logs");
	ui_confirm(m, ACTION_CHANGE, true, "Empty Logs",
		   "Delete what is in the logs below /var/log, and all older ones? Nobody can read "
		   "them any more. What was kept of panics, and the audit log, stay.");
	return ACTION_NONE;
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	if (key_is(key, 'e') || key_is(key, 'E'))
		return ask_empty(m);
	if (!row)
		return ACTION_IGNORED;
	if (key_is(key, 'g') || key_is(key, 'G'))
		return grow(m, row);
	if (key.code == KEY_ENTER)
		return open_files(m, table_text(row, "name"));
	return ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Ramdisks",
	.footer = "<Enter> Files  <G> Grow  <E> Empty Logs  <R> Again  <Esc> Back",
	.heading = "Name                Size    Used  Use%         Files  Path",
	.empty = "This host has no ramdisks.",
	.op = "system.ramdisk.list",
	.row = row,
	.details = details,
	.detail_rows = DETAILS,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->ramdisks, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->ramdisks, key, m);
}

enum action open_ramdisks(struct model *m)
{
	return table_open(m, SCREEN_RAMDISKS, &spec, &m->ramdisks);
}

const struct screen screen_ramdisks = {
	.help = "All files that are written on this host lie in ramdisks, each with a cap of its "
		"own in bytes and in files. If one is full, only what writes there fails.\n\n"
		"<Enter>  the biggest files in the chosen one, and who wrote them\n"
		"<G>      give it more room, until the host restarts\n"
		"<E>      empty the logs\n<R>      read again\n<Esc>    back",
	.render = render,
	.handle = handle_key,
};
