// SPDX-License-Identifier: Apache-2.0
/* View system logs: which one. */
#include "dcui/screens/screens.h"

#include "cleanup.h"

#include <stdio.h>

static const struct {
	const char *log;       /* below /var/log */
	const char *component; /* whose lines in vmkernel.log stand for it where it has no file */
	const char *text;
} logs[] = {
	{ "vmkernel", "", "Kernel and userworlds" },
	{ "hostd", "hostd", "Management agent" },
	{ "shell", "shell", "Commands typed in the shell" },
};

static void render(const struct model *m, struct grid *g)
{
	struct rect r = draw_dialog(g, ARRAY_SIZE(logs), 50, "View System Logs",
				    "<Up/Down> Select   <Enter> View   <Esc> Back");

	for (int i = 0; i < (int)ARRAY_SIZE(logs); i++) {
		bool chosen = i == m->logs.chosen;

		draw_textf(g, r.row + i, r.col, r.cols, chosen ? STYLE_SELECTED : STYLE_DIALOG,
			   " <%d> %-10s %-*s", i + 1, logs[i].log, r.cols - 16, logs[i].text);
	}
}

static enum action view(struct model *m, int which)
{
	struct viewer *v = &m->viewer;

	m->logs.chosen = which;
	snprintf(v->log, sizeof(v->log), "%s", logs[which].log);
	snprintf(v->component, sizeof(v->component), "%s", logs[which].component);
	ui_push(m, SCREEN_VIEWER);
	return ACTION_READ_LOG;
}

static enum action handle(struct key key, struct model *m)
{
	int count = ARRAY_SIZE(logs);

	if (list_handle(&m->logs, key, count, count))
		return ACTION_NONE;
	if (key.code == KEY_ENTER)
		return view(m, m->logs.chosen);
	if (key.code == KEY_CHAR && key.ch >= '1' && key.ch < '1' + (uint32_t)count)
		return view(m, (int)(key.ch - '1'));
	return ACTION_IGNORED;
}

const struct screen screen_logs = {
	.dialog = true,
	.help = "vmkernel is where trouble is read: the kernel, all userworlds, ramdisks that "
		"fill up, and what the OOM killer ended and why.\n\n"
		"<1> <2> <3>  view that log\n<Enter>      view the chosen one\n<Esc>        back",
	.render = render,
	.handle = handle,
};
