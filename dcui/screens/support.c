// SPDX-License-Identifier: Apache-2.0
/* Support information: what a request for help needs, and every warning in full. */
#include "dcui/page.h"
#include "dcui/screens/screens.h"
#include "dcui/text.h"
#include "dcui/warnings.h"

#include "human.h"

#include <string.h>

#define THUMBPRINT_ROW 48 /* characters: 16 bytes of "AB:" */

static void build_host(const struct facts *f, struct page *p)
{
	char buf[32];

	page_value(p, "Product", "%s %s", f->product, f->version);
	page_value(p, "Build", "%s", f->build);
	page_value(p, "Kernel", "%s", f->kernel);
	page_value(p, "Up", "%s", f->uptime ? text_uptime(f->uptime, buf, sizeof(buf)) : "");
	page_value(p, "Vendor", "%s", f->vendor);
	page_value(p, "Model", "%s", f->model);
	page_value(p, "Serial number", "%s", f->serial);
	if (f->cpu_count)
		page_value(p, "Processors", "%u x %s", f->cpu_count, f->cpu_model);
	if (f->memory)
		page_value(p, "Memory", "%s", text_size(f->memory, buf, sizeof(buf)));
	page_value(p, "Certificate SHA-256", "%.*s", THUMBPRINT_ROW, f->thumbprint);
	if (strlen(f->thumbprint) > THUMBPRINT_ROW)
		page_value(p, "", "%s", f->thumbprint + THUMBPRINT_ROW);
}

static void build_ramdisks(const struct facts *f, struct page *p)
{
	char max[HUMAN_MAX], used[HUMAN_MAX], files[48];

	page_add(p, STYLE_BODY, "%s", "");
	page_add(p, STYLE_STRONG, "%-16s %8s %8s %5s %14s", "Ramdisk", "Size", "Used", "Use%",
		 "Files");
	for (size_t i = 0; i < f->ramdisk_count; i++) {
		const struct ramdisk *r = &f->ramdisks[i];
		unsigned int percent = facts_ramdisk_percent(r);

		snprintf(files, sizeof(files), "%llu/%llu", (unsigned long long)r->used_inodes,
			 (unsigned long long)r->max_inodes);
		page_gauge(p, percent, percent >= WARNING_RAMDISK_PERCENT,
			   "%-16.16s %8s %8s %4u%% %14s", r->name, human_size(r->max, max),
			   human_size(r->used, used), facts_percent(r->used, r->max), files);
	}
	if (!f->ramdisk_count)
		page_add(p, STYLE_DIM, "unknown");
}

/* Warnings are wrapped by hand: a page does not wrap. */
static void build_warnings(const struct facts *f, struct page *p, int width)
{
	struct warning w[WARNINGS_MAX];
	size_t count = warnings_of(f, w);

	page_add(p, STYLE_STRONG, count ? "Warnings" : "No warnings");
	for (size_t i = 0; i < count; i++) {
		const char *text = w[i].text;

		for (int row = 0; *text; row++) {
			const char *next;
			size_t len = text_wrap(text, width - 4, &next);

			page_add(p, w[i].notice ? STYLE_BODY : STYLE_BAD, " %c  %.*s",
				 row	       ? ' '
				 : w[i].notice ? 'i'
					       : '!',
				 (int)len, text);
			text = next;
		}
	}
	page_add(p, STYLE_BODY, "%s", "");
}

static void build(const struct facts *f, struct page *p, int width)
{
	build_warnings(f, p, width);
	build_host(f, p);
	build_ramdisks(f, p);
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r = screen_frame(m, g, "Support Information", "<Up/Down> Scroll  <Esc> Back");
	struct page p = { 0 };

	build(&m->facts, &p, r.cols - 2);
	page_draw(&p, g, r, m->support_top);
}

static enum action handle(struct key key, struct model *m)
{
	struct rect r = screen_area(m);
	struct page p = { 0 };

	build(&m->facts, &p, r.cols - 2);
	if (page_handle(&p, key, r.rows, &m->support_top))
		return ACTION_NONE;
	return ACTION_IGNORED;
}

static void enter(struct model *m)
{
	m->support_top = 0;
}

const struct screen screen_support = {
	.help = "Read this to whoever helps you, or photograph it. The table at the end is what "
		"the command vdf shows: ramdisks are all the room that files have on this host; "
		"a full one is trouble. Compare the thumbprint with what your browser shows "
		"before you trust the management page for the first time.\n\n"
		"<Up> <Down> <PageUp> <PageDown>  scroll\n<Esc>  back",
	.render = render,
	.handle = handle,
	.enter = enter,
};
