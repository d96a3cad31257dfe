// SPDX-License-Identifier: Apache-2.0
/* Install to disk: the disks, and what is on them. */
#include "dcui/page.h"
#include "dcui/screens/screens.h"
#include "dcui/text.h"

#include <stdio.h>

#define DETAILS 6 /* rows below the list, and one that is empty */

/* Room for disks between the heading and the details. */
static int visible_rows(struct rect area)
{
	return area.rows - 2 - DETAILS - 1;
}

static const char *content(const struct disk *d)
{
	return d->running ? "this host runs from it" : d->content;
}

static void render_disk(struct grid *g, struct rect r, int row, const struct disk *d, bool chosen)
{
	enum style style = chosen ? STYLE_SELECTED : STYLE_BODY;
	char size[32];

	draw_fill(g, (struct rect){ row, r.col, 1, r.cols }, style);
	draw_textf(g, row, r.col, r.cols, style, " %-12s %10s  %-20.20s  %s", d->device,
		   text_size(d->size, size, sizeof(size)), d->model[0] ? d->model : "-",
		   content(d));
}

static void render_details(const struct model *m, struct grid *g, struct rect r,
			   const struct disk *d)
{
	const struct install *in = &m->install;
	struct page p = { 0 };

	page_add(&p, STYLE_STRONG, "%s", d->device);
	page_value(&p, "Model", "%s", d->model);
	page_value(&p, "Serial number", "%s", d->serial);
	page_value(&p, "Plugged in at", "%s", d->path);
	page_value(&p, "On it", "%s", content(d));
	page_value(&p, "Image to install", "%s",
		   in->image.value[0] ? in->image.value : "the one that this host has");
	r.row += r.rows - DETAILS;
	r.rows = DETAILS;
	page_draw(&p, g, r, 0);
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r = screen_frame(m, g, "Install to Disk",
				     "<Enter> Install  <I> Image  <R> Look Again  <Esc> Back");
	const struct install *in = &m->install;
	int visible = visible_rows(r), count = (int)in->count;
	struct list list = in->list;

	if (!count) {
		draw_wrapped(g, r, in->why[0] ? STYLE_BAD : STYLE_BODY,
			     in->why[0]		      ? in->why
			     : m->busy == ACTION_NONE ? "This host has no disk."
						      : "");
		return;
	}
	list_clamp(&list, count, visible);
	draw_textf(g, r.row, r.col, r.cols, STYLE_STRONG, " %-12s %10s  %-20s  %s", "Disk", "Size",
		   "Model", "On It");
	render_details(m, g, r, &in->disks[list.chosen]);
	r.row += 2;
	r.rows = visible;
	for (int i = 0; i < visible && list.top + i < count; i++)
		render_disk(g, r, r.row + i, &in->disks[list.top + i], list.top + i == list.chosen);
	draw_more(g, r, list.top > 0, list.top + visible < count);
}

static enum action handle(struct key key, struct model *m)
{
	struct install *in = &m->install;
	int visible = visible_rows(screen_area(m)), count = (int)in->count;

	if (key_is(key, 'r') || key_is(key, 'R'))
		return ACTION_LIST_DISKS;
	if (key_is(key, 'i') || key_is(key, 'I')) {
		ui_push(m, SCREEN_IMAGE);
		return ACTION_NONE;
	}
	list_clamp(&in->list, count, visible);
	if (list_handle(&in->list, key, count, visible))
		return ACTION_NONE;
	if (key.code != KEY_ENTER || !count)
		return ACTION_IGNORED;
	in->disk = in->disks[in->list.chosen];
	return ACTION_CHECK_DISK;
}

static void enter(struct model *m)
{
	m->install = (struct install){ 0 };
}

const struct screen screen_install = {
	.help = "The disks of this host, and what is on them. The image goes to the chosen disk, "
		"which then starts a host by itself: with two banks, and no configuration yet.\n\n"
		"<Enter>  check the disk; nothing is written before its name was typed\n"
		"<I>      fetch the image from a web server: a host that was started from a CD or "
		"by TFTP has none to copy\n"
		"<R>      look again, after a disk was plugged in\n"
		"<Esc>    back\n\n"
		"What cannot be overwritten is refused, with the reason: the disk of this host, "
		"one "
		"that is in use, write-protected or too small.",
	.render = render,
	.handle = handle,
	.enter = enter,
};
