// SPDX-License-Identifier: Apache-2.0
/* Shut down or restart: which of them, and what it will interrupt. */
#include "dcui/screens/screens.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 56

/* Userworlds that are neither the system's own nor the management's. */
static int describe(const struct model *m, char *buf, size_t len)
{
	const struct facts *f = &m->facts;
	size_t running = 0, used = 0;
	char names[200] = "";

	for (size_t i = 0; i < f->service_count; i++) {
		const struct service *s = &f->services[i];

		if (strcmp(s->state, "running") != 0)
			continue;
		running++;
		if (strncmp(s->pool, "host/user/", 10) != 0 || used + 40 > sizeof(names))
			continue;
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : ": among them ", s->name);
	}
	return snprintf(buf, len,
			"It ends all %zu running userworlds%s. The management page, the command "
			"line and all shells lose their connection. Files outside the saved "
			"state are gone after it.",
			running, names);
}

static void render(const struct model *m, struct grid *g)
{
	char text[UI_MESSAGE];
	struct rect r;

	describe(m, text, sizeof(text));
	r = draw_dialog(g, draw_wrapped_rows(text, WIDTH), WIDTH, "Shut Down or Restart the Host",
			m->facts.maintenance == YES
				? "<F2> Shut Down  <F11> Restart  <F5> Maintenance Ends  <Esc>"
				: "<F2> Shut Down  <F11> Restart  <F5> Maintenance  <Esc> No");
	draw_wrapped(g, r, STYLE_DIALOG, text);
}

static enum action ask_maintenance(struct model *m)
{
	bool on = m->facts.maintenance == YES;

	ui_change(m, "system.maintenance.set", json_pack("{s:b}", "enable", !on),
		  "Maintenance Mode");
	ui_change_words(m, on ? "Starting userworlds" : "Stopping userworlds",
			on ? "The host is out of maintenance mode."
			   : "The host is in maintenance mode.",
			"%s maintenance mode", on ? "leave" : "enter");
	m->reading.into = NULL;
	ui_confirm(m, ACTION_CHANGE, true, "Maintenance Mode", "%s",
		   on ? "Leave maintenance mode? What it has stopped is started again."
		      : "Enter maintenance mode? It stops the userworlds of the pools below "
			"host/user: what this host is there for. Management goes on.");
	return ACTION_NONE;
}

static enum action handle(struct key key, struct model *m)
{
	char text[UI_MESSAGE];

	if (key.code == KEY_F5)
		return ask_maintenance(m);
	if (key.code != KEY_F2 && key.code != KEY_F11)
		return ACTION_IGNORED;
	describe(m, text, sizeof(text));
	/* Only Enter says yes: a repeating F11 must not get from the question to the answer. */
	if (key.code == KEY_F2)
		ui_confirm(m, ACTION_SHUTDOWN, false, "Shut Down", "Shut down %s now? %s",
			   m->facts.hostname, text);
	else
		ui_confirm(m, ACTION_REBOOT, false, "Restart", "Restart %s now? %s",
			   m->facts.hostname, text);
	return ACTION_NONE;
}

const struct screen screen_power = {
	.dialog = true,
	.help = "Both end all userworlds in order, save the state and then switch the machine off "
		"or boot it again. Another question follows before anything happens.\n\n"
		"<F2>   shut down (serial: Esc 2)\n<F11>  restart (serial: Esc ! or Esc -)\n"
		"<F5>   stop what the host is there for, or start it again\n"
		"<Esc>  neither",
	.render = render,
	.handle = handle,
};
