// SPDX-License-Identifier: Apache-2.0
/* View system logs: which one. */
#include "dcui/screens/screens.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *log;       /* below /var/log, or VIEWER_FAILED */
	const char *component; /* whose lines in vmkernel.log stand for it where it has no file */
	const char *text;
} logs[] = {
	{ "vmkernel", "", "Kernel and userworlds" },
	{ "hostd", "hostd", "Management agent" },
	{ "shell", "shell", "Commands typed in the shell" },
	/* The last one: it is there only if a build failed. */
	{ VIEWER_FAILED, "", "" },
};

static int count(const struct model *m)
{
	return (int)ARRAY_SIZE(logs) - (m->facts.failed_build[0] == '\0');
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r = draw_dialog(g, count(m), 50, "View System Logs",
				    "<Up/Down> Select   <Enter> View   <Esc> Back");

	for (int i = 0; i < count(m); i++) {
		bool chosen = i == m->logs.chosen;
		const char *text = logs[i].text[0] ? logs[i].text : m->facts.failed_build;

		draw_textf(g, r.row + i, r.col, r.cols, chosen ? STYLE_SELECTED : STYLE_DIALOG,
			   " <%d> %-12s %-*s", i + 1, logs[i].log, r.cols - 18, text);
	}
}

static enum action view(struct model *m, int which)
{
	struct viewer *v = &m->viewer;

	m->logs.chosen = which;
	snprintf(v->log, sizeof(v->log), "%s", logs[which].log);
	snprintf(v->component, sizeof(v->component), "%s", logs[which].component);
	v->failed = strcmp(logs[which].log, VIEWER_FAILED) == 0;
	ui_push(m, SCREEN_VIEWER);
	return ACTION_READ_LOG;
}

static enum action handle(struct key key, struct model *m)
{
	if (list_handle(&m->logs, key, count(m), count(m)))
		return ACTION_NONE;
	if (key.code == KEY_ENTER)
		return view(m, m->logs.chosen < count(m) ? m->logs.chosen : 0);
	if (key.code == KEY_CHAR && key.ch >= '1' && key.ch < '1' + (uint32_t)count(m))
		return view(m, (int)(key.ch - '1'));
	return ACTION_IGNORED;
}

const struct screen screen_logs = {
	.dialog = true,
	.help = "vmkernel is where trouble is read: the kernel, all userworlds, ramdisks that "
		"fill up, and what the OOM killer ended and why.\n\n"
		"If a build failed to start, <4> is the end of its vmkernel.log.\n\n"
		"<1> to <4>  view that log\n<Enter>     view the chosen one\n<Esc>       back",
	.render = render,
	.handle = handle,
};
