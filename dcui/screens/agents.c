// SPDX-License-Identifier: Apache-2.0
/* Restart management agents: the userworlds with their states. */
#include "dcui/screens/screens.h"

#include <stdio.h>
#include <string.h>

#define AGENT_POOL "host/vim/vmvisor/" /* pools of the management agents */
#define SELF "dcui"

static int row_count(const struct model *m)
{
	return 1 + (int)m->facts.service_count;
}

/* Room for rows below the heading of the table. */
static int visible_rows(struct rect area)
{
	return area.rows - 2;
}

static bool is_console(const struct service *s)
{
	return !strncmp(s->name, SELF, strlen(SELF));
}

/* What has been stopped, or has done its work, is not started by the way. */
static bool is_agent(const struct service *s)
{
	return !strncmp(s->pool, AGENT_POOL, strlen(AGENT_POOL)) && !is_console(s) &&
	       strcmp(s->state, "down") != 0 && strcmp(s->state, "done") != 0;
}

static enum style state_style(const char *state)
{
	if (!strcmp(state, "running"))
		return STYLE_GOOD;
	if (!strcmp(state, "failed") || !strcmp(state, "backoff"))
		return STYLE_BAD;
	return STYLE_DIM;
}

static void render_service(struct grid *g, struct rect r, int row, const struct service *s,
			   bool chosen)
{
	enum style style = chosen ? STYLE_SELECTED : STYLE_BODY;
	char pid[16] = "-";

	if (s->pid)
		snprintf(pid, sizeof(pid), "%d", (int)s->pid);
	draw_fill(g, (struct rect){ row, r.col, 1, r.cols }, style);
	draw_textf(g, row, r.col, r.cols, style, " %-16.16s %-9.9s %7s %8u  %s", s->name, s->state,
		   pid, s->restarts, s->pool);
	if (!chosen)
		grid_restyle(g, row, r.col + 18, 9, state_style(s->state));
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r = screen_frame(m, g, "Restart Management Agents",
				     "<Up/Down> Select  <Enter> Restart  <Esc> Back");
	const char *error = facts_error(&m->facts, "system.service.list");
	struct list list = m->agents.list;
	int visible = visible_rows(r);

	list_clamp(&list, row_count(m), visible);
	draw_textf(g, r.row, r.col, r.cols, STYLE_STRONG, " %-16s %-9s %7s %8s  %s", "Name",
		   "State", "PID", "Restarts", "Pool");
	r.row += 2;
	r.rows = visible;
	for (int i = 0; i < visible && list.top + i < row_count(m); i++) {
		int n = list.top + i;
		bool chosen = n == list.chosen;

		if (n > 0)
			render_service(g, r, r.row + i, &m->facts.services[n - 1], chosen);
		else
			draw_textf(g, r.row + i, r.col, r.cols,
				   chosen ? STYLE_SELECTED : STYLE_BODY, " %-*s", r.cols - 1,
				   "All management agents");
	}
	draw_more(g, r, list.top > 0, list.top + visible < row_count(m));
	if (m->facts.service_count == 0)
		draw_wrapped(g, (struct rect){ r.row + 2, r.col + 1, 3, r.cols - 2 }, STYLE_BAD,
			     error ? error : "The supervisor has not told its userworlds.");
}

static void take(struct agents *a, const struct service *s)
{
	snprintf(a->names[a->count++], sizeof(a->names[0]), "%s", s->name);
}

static void ask_all(struct model *m)
{
	struct agents *a = &m->agents;
	char names[256] = "";

	for (size_t i = 0; i < m->facts.service_count; i++) {
		const struct service *s = &m->facts.services[i];
		size_t len = strlen(names);

		if (!is_agent(s))
			continue;
		take(a, s);
		snprintf(names + len, sizeof(names) - len, "%s%s", len ? ", " : "", s->name);
	}
	if (a->count)
		ui_confirm(m, ACTION_RESTART_AGENTS, true, "Restart Management Agents",
			   "Restart %s? Sessions of the management page and running tasks of the "
			   "command line end. Other userworlds go on.",
			   names);
}

static void ask_one(struct model *m, const struct service *s)
{
	const char *effect = "Its connections and unfinished work end. Other userworlds go on.";

	if (is_console(s))
		effect = "It is a console: the session on it ends.";
	else if (s->essential)
		effect = "It is essential: what depends on it waits until it is back.";
	take(&m->agents, s);
	ui_confirm(m, ACTION_RESTART_AGENTS, true, "Restart Userworld", "Restart %s? %s", s->name,
		   effect);
}

static enum action handle(struct key key, struct model *m)
{
	struct agents *a = &m->agents;
	int visible = visible_rows(screen_area(m));

	list_clamp(&a->list, row_count(m), visible);
	if (list_handle(&a->list, key, row_count(m), visible))
		return ACTION_NONE;
	if (key.code != KEY_ENTER && key.code != KEY_F11)
		return ACTION_IGNORED;
	a->count = a->next = 0;
	if (a->list.chosen == 0)
		ask_all(m);
	else
		ask_one(m, &m->facts.services[a->list.chosen - 1]);
	return ACTION_NONE;
}

static void enter(struct model *m)
{
	m->agents.list = (struct list){ 0 };
}

const struct screen screen_agents = {
	.help = "Every userworld that the supervisor runs, with its state, process, how often it "
		"was started again, and the pool it may use memory and processor of.\n\n"
		"<Enter>  restart the chosen one, after a question\n"
		"<Esc>    back\n\n"
		"The first line restarts all management agents but the consoles. The supervisor "
		"restarts by itself what ends; \"backoff\" is one that ends again and again, "
		"\"failed\" one that it has given up.",
	.render = render,
	.handle = handle,
	.enter = enter,
};
