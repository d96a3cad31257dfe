// SPDX-License-Identifier: Apache-2.0
/* System customization: what can be done on the left, how it stands on the right. */
#include "dcui/screens/screens.h"
#include "dcui/page.h"
#include "dcui/text.h"
#include "dcui/warnings.h"

#include "cleanup.h"

#include <string.h>

#define LEFT 30

static void password_state(const struct model *m, struct page *p)
{
	static const char *const words[] = {
		[UNKNOWN] = "unknown", [NO] = "not set", [YES] = "set"
	};

	page_value(p, "Logged in as", "%s", m->user);
	page_value(p, "Password of root", "%s", words[m->facts.password_set]);
}

static void agents_state(const struct model *m, struct page *p)
{
	static const char *const words[] = {
		[UNKNOWN] = "unknown", [NO] = "does not answer", [YES] = "answers"
	};
	const struct service *hostd = facts_service(&m->facts, "hostd");
	size_t running = 0;

	for (size_t i = 0; i < m->facts.service_count; i++)
		running += !strcmp(m->facts.services[i].state, "running");
	page_value(p, "hostd", "%s", words[m->facts.hostd_answers]);
	if (hostd)
		page_value(p, "", "%s, %u restart%s", hostd->state, hostd->restarts,
			   hostd->restarts == 1 ? "" : "s");
	page_value(p, "Userworlds", "%zu, %zu of them running", m->facts.service_count, running);
}

static void network_state(const struct model *m, struct page *p)
{
	const struct facts *f = &m->facts;

	page_value(p, "Host name", "%s", f->hostname);
	for (size_t i = 0; i < f->nic_count && i < 6; i++)
		page_value(p, f->nics[i].name, "%s",
			   f->nics[i].address[0] ? f->nics[i].address : "no address");
	for (size_t i = 0; i < f->dns_count; i++)
		page_value(p, i ? "" : "DNS servers", "%s", f->dns[i]);
}

static void medium_state(const struct model *m, struct page *p)
{
	static const char *const words[][2] = { { "present", "a medium" },
						{ "lost", "a medium, which is gone" },
						{ "copied", "a medium, of which there are two" },
						{ "none", "the network or a CD" } };
	const char *from = "unknown";

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(m->facts.boot_medium, words[i][0]))
			from = words[i][1];
	page_value(p, "Started from", "%s", from);
	page_value(p, "Build", "%s", m->facts.build);
}

static void support_state(const struct model *m, struct page *p)
{
	struct warning w[WARNINGS_MAX];
	char uptime[32];

	page_value(p, "Version", "%s", m->facts.version);
	page_value(p, "Build", "%s", m->facts.build);
	page_value(p, "Up", "%s", text_uptime(m->facts.uptime, uptime, sizeof(uptime)));
	page_value(p, "Warnings", "%zu", warnings_of(&m->facts, w));
}

static const struct item {
	const char *title;
	const char *text;
	enum screen_id screen;
	enum action action; /* what the screen needs, or ACTION_NONE */
	void (*state)(const struct model *m, struct page *p);
} items[] = {
	{ "Configure Password", "Changes the password of the account you are logged in with.",
	  SCREEN_PASSWORD, ACTION_NONE, password_state },
	{ "View System Logs",
	  "Shows what the kernel, the management agent and the shell have reported, with search "
	  "and live follow.",
	  SCREEN_LOGS, ACTION_NONE, NULL },
	{ "Restart Management Agents",
	  "Restarts hostd or another userworld of this host. Use it when the management page or "
	  "the command line does not answer.",
	  SCREEN_AGENTS, ACTION_NONE, agents_state },
	{ "Network", "Shows the adapters, addresses and name servers in use.", SCREEN_NETWORK,
	  ACTION_NONE, network_state },
	{ "Install to Disk",
	  "Writes the image that this host runs to a disk, which then starts a host by itself. "
	  "All that is on that disk is lost; this host stays as it is.",
	  SCREEN_INSTALL, ACTION_LIST_DISKS, medium_state },
	{ "View Support Information",
	  "Shows what a support request needs: build, serial number, certificate thumbprint, "
	  "ramdisks, and every warning in full.",
	  SCREEN_SUPPORT, ACTION_NONE, support_state },
};

static void render_choice(const struct model *m, struct grid *g, struct rect r,
			  const struct item *item)
{
	struct page p = { 0 };

	draw_text(g, r.row, r.col, r.cols, STYLE_STRONG, item->title);
	r.row += 2;
	r.rows -= 2;
	r.row += draw_wrapped(g, r, STYLE_BODY, item->text) + 1;
	if (!item->state)
		return;
	item->state(m, &p);
	r.rows = g->rows - 2 - r.row;
	page_draw(&p, g, r, 0);
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r = screen_frame(m, g, "System Customization",
				     "<Up/Down> Select  <Enter> Open  <F12> Power  "
				     "<Esc> Log Out");
	struct list list = m->menu;

	list_clamp(&list, ARRAY_SIZE(items), r.rows);
	for (int i = 0; i < (int)ARRAY_SIZE(items); i++) {
		bool chosen = i == list.chosen;

		draw_textf(g, r.row + i, r.col, LEFT, chosen ? STYLE_SELECTED : STYLE_BODY, " %-*s",
			   LEFT - 1, items[i].title);
	}
	for (int row = r.row; row < r.row + r.rows; row++)
		grid_put(g, row, r.col + LEFT + 1, 0x2502, STYLE_DIM);
	r.col += LEFT + 4;
	r.cols -= LEFT + 4;
	render_choice(m, g, r, &items[list.chosen]);
}

static enum action handle(struct key key, struct model *m)
{
	int count = ARRAY_SIZE(items);

	list_clamp(&m->menu, count, count);
	if (list_handle(&m->menu, key, count, count))
		return ACTION_NONE;
	if (key.code == KEY_ENTER) {
		ui_push(m, items[m->menu.chosen].screen);
		return items[m->menu.chosen].action;
	}
	if (key.code != KEY_F12)
		return ACTION_IGNORED;
	ui_push(m, SCREEN_POWER);
	return ACTION_NONE;
}

static void enter(struct model *m)
{
	m->menu = m->logs = (struct list){ 0 };
}

const struct screen screen_menu = {
	.help = "The list on the left is what can be done here; the right side explains the "
		"chosen line and shows how it stands now.\n\n"
		"<Up> <Down>  choose\n<Enter>      open\n<F12>        shut down or restart\n"
		"<Esc>        log out\n\n"
		"After 10 minutes without a key the session ends by itself.",
	.render = render,
	.handle = handle,
	.enter = enter,
};
