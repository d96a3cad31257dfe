// SPDX-License-Identifier: Apache-2.0
/* Troubleshooting: ways into the host, and what is short on it. */
#include "dcui/choices.h"
#include "dcui/screens/screens.h"
#include "dcui/warnings.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static bool runs(const struct model *m, const char *name)
{
	const struct service *s = facts_service(&m->facts, name);

	return s && s->pid != 0;
}

static const char *service_word(const struct model *m, const char *name)
{
	const struct service *s = facts_service(&m->facts, name);

	return !s ? "not on this host" : s->pid ? "enabled" : "disabled";
}

static void shell_state(const struct model *m, struct page *p)
{
	page_value(p, "Shell", "%s", service_word(m, "shell"));
}

static void ssh_state(const struct model *m, struct page *p)
{
	page_value(p, "SSH", "%s", service_word(m, "ssh"));
}

static void ramdisks_state(const struct model *m, struct page *p)
{
	int full = 0;

	for (size_t i = 0; i < m->facts.ramdisk_count; i++)
		full += facts_ramdisk_percent(&m->facts.ramdisks[i]) >= WARNING_RAMDISK_PERCENT;
	page_value(p, "Ramdisks", "%zu", m->facts.ramdisk_count);
	page_value(p, "Over 80 % full", "%d", full);
}

void trouble_state(const struct model *m, struct page *p)
{
	shell_state(m, p);
	ssh_state(m, p);
	ramdisks_state(m, p);
}

/* Both are off until somebody needs them, and off again with the next restart. */
static enum action toggle(struct model *m, const char *name, const char *words, const char *effect)
{
	bool on = runs(m, name);
	char title[48], busy[64], done[96];

	snprintf(title, sizeof(title), "%s %s", on ? "Disable" : "Enable", words);
	snprintf(busy, sizeof(busy), "%s %s", on ? "Stopping" : "Starting", words);
	snprintf(done, sizeof(done), "%s is %s now.", words, on ? "disabled" : "enabled");
	ui_change(m, on ? "system.service.stop" : "system.service.start",
		  json_pack("{s:s}", "name", name), title);
	ui_change_words(m, busy, done, "%s %s", on ? "stop" : "start", name);
	m->reading.into = NULL;
	ui_confirm(m, ACTION_CHANGE, true, title, "%s? %s", title,
		   on ? "Sessions that are open end." : effect);
	return ACTION_NONE;
}

static enum action toggle_shell(struct model *m)
{
	return toggle(m, "shell", "Shell",
		      "Who has a password of this host can log in on this machine's first "
		      "console, <Alt-F1>. What is typed there is logged.");
}

static enum action toggle_ssh(struct model *m)
{
	return toggle(m, "ssh", "SSH",
		      "Who has a password of this host can log in over the network. What is typed "
		      "there is logged.");
}

static enum action open_agents(struct model *m)
{
	ui_push(m, SCREEN_AGENTS);
	return ACTION_NONE;
}

static const struct choice items[] = {
	{ "Enable or Disable Shell",
	  "The shell on the first console of this machine. It is for support, and off unless "
	  "somebody needs it.",
	  toggle_shell, shell_state },
	{ "Enable or Disable SSH", "Logins over the network with SSH.", toggle_ssh, ssh_state },
	{ "Time-outs and Settings",
	  "After which time the shell and SSH are stopped, and sessions without a key ended; and "
	  "other settings that are a number.",
	  open_settings, NULL },
	{ "Ramdisks",
	  "How full they are, with the biggest files in each. Empties logs, gives a ramdisk more "
	  "room.",
	  open_ramdisks, ramdisks_state },
	{ "Memory and Pools",
	  "What each userworld uses and may use; when memory was short, and who was ended.",
	  open_pools, NULL },
	{ "Restart Management Agents", "Restarts hostd or another userworld of this host.",
	  open_agents, NULL },
};

static const struct choices choices = {
	.title = "Troubleshooting",
	.footer = "<Up/Down> Select  <Enter> Open  <Esc> Back",
	.choice = items,
	.count = ARRAY_SIZE(items),
};

static void render(const struct model *m, struct grid *g)
{
	choices_render(&choices, &m->trouble, m, g);
}

static enum action handle(struct key key, struct model *m)
{
	return choices_handle(&choices, &m->trouble, key, m);
}

static void enter(struct model *m)
{
	m->trouble = (struct list){ 0 };
}

const struct screen screen_trouble = {
	.help = "Ways into a host that does not do what it should, and the views of what is short "
		"on it.\n\n<Up> <Down>  choose\n<Enter>      open, or do after a question\n"
		"<Esc>        back",
	.render = render,
	.handle = handle,
	.enter = enter,
};
