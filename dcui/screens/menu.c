// SPDX-License-Identifier: Apache-2.0
/* System customization: what can be done on the left, how it stands on the right. */
#include "dcui/screens/screens.h"
#include "dcui/choices.h"
#include "dcui/text.h"
#include "dcui/warnings.h"

#include "cleanup.h"

#include <string.h>

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

static void lockdown_state(const struct model *m, struct page *p)
{
	page_value(p, "Mode", "%s", m->facts.lockdown);
	page_value(p, "Exceptions", "%s", m->facts.lockdown_exceptions);
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

static void bank_state(const struct model *m, struct page *p)
{
	medium_state(m, p);
	page_value(p, "State", "%s", m->facts.boot_state);
	page_value(p, "Failed build", "%s",
		   m->facts.failed_build[0] ? m->facts.failed_build : "none");
}

static void saved_state(const struct model *m, struct page *p)
{
	page_value(p, "State", "%s", m->facts.state.mode);
	if (m->facts.state.why[0])
		page_value(p, "Because", "%s", m->facts.state.why);
	page_value(p, "On trial", "%s", m->facts.state.trial ? "yes" : "no");
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

static enum action open_password(struct model *m)
{
	ui_push(m, SCREEN_PASSWORD);
	return ACTION_NONE;
}

static enum action open_logs(struct model *m)
{
	ui_push(m, SCREEN_LOGS);
	return ACTION_NONE;
}

static enum action open_agents(struct model *m)
{
	ui_push(m, SCREEN_AGENTS);
	return ACTION_NONE;
}

static enum action open_network(struct model *m)
{
	ui_push(m, SCREEN_NETWORK);
	return ACTION_NONE;
}

static enum action open_trouble(struct model *m)
{
	ui_push(m, SCREEN_TROUBLE);
	return ACTION_NONE;
}

static enum action open_install(struct model *m)
{
	ui_push(m, SCREEN_INSTALL);
	return ACTION_LIST_DISKS;
}

static enum action open_support(struct model *m)
{
	ui_push(m, SCREEN_SUPPORT);
	return ACTION_NONE;
}

static enum action change_welcome(struct model *m)
{
	m->reading.into = NULL;
	return open_welcome(m, m->facts.welcome);
}

static void welcome_state(const struct model *m, struct page *p)
{
	page_value(p, "Welcome text", "%s", m->facts.welcome[0] ? "set" : "none");
}

static const struct choice items[] = {
	{ "Configure Password", "Changes the password of the account you are logged in with.",
	  open_password, password_state },
	{ "View System Logs",
	  "Shows what the kernel, the management agent and the shell have reported, with search "
	  "and live follow.",
	  open_logs, NULL },
	{ "Restart Management Agents",
	  "Restarts hostd or another userworld of this host. Use it when the management page or "
	  "the command line does not answer.",
	  open_agents, agents_state },
	{ "Management Network",
	  "Shows the adapters, addresses and name servers in use; changes address, VLAN and host "
	  "name, tests the network, starts it again.",
	  open_network, network_state },
	{ "Troubleshooting",
	  "Shell and SSH, ramdisks that are full, memory that is short, and what limits the "
	  "services.",
	  open_trouble, trouble_state },
	{ "Bundles", "Shows the software that is installed, and takes bundles off this host.",
	  open_bundles, NULL },
	{ "Boot Banks",
	  "Shows the two images on the boot medium, and chooses which one is started next.",
	  open_banks, bank_state },
	{ "Configuration History",
	  "Shows when and by whom the configuration was changed, what differs since then, and "
	  "takes it back.",
	  open_history, saved_state },
	{ "Reset Configuration",
	  "Gives the host its factory settings with the next restart. The image stays, and "
	  "bundles with it.",
	  open_reset, saved_state },
	{ "Welcome Text",
	  "What the home screen says in place of the hardware: a name, a rack, whom to call. "
	  "Variables show what is known of the host.",
	  change_welcome, welcome_state },
	{ "Lockdown Mode", "Says who may come in: everybody with an account, or exceptions only.",
	  open_lockdown, lockdown_state },
	{ "Configure Keyboard",
	  "The layout of the keyboard at this host's own screen; a field tries it.", open_keyboard,
	  NULL },
	{ "Install to Disk",
	  "Writes the image that this host runs to a disk, which then starts a host by itself. "
	  "All that is on that disk is lost; this host stays as it is.",
	  open_install, medium_state },
	{ "View Support Information",
	  "Shows what a support request needs: build, serial number, certificate thumbprint, "
	  "ramdisks, and every warning in full.",
	  open_support, support_state },
};

static const struct choices choices = {
	.title = "System Customization",
	.footer = "<Up/Down> Select  <Enter> Open  <F12> Power  <Esc> Log Out",
	.choice = items,
	.count = ARRAY_SIZE(items),
};

static void render(const struct model *m, struct grid *g)
{
	choices_render(&choices, &m->menu, m, g);
}

static enum action handle(struct key key, struct model *m)
{
	if (key.code != KEY_F12)
		return choices_handle(&choices, &m->menu, key, m);
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
		"After 10 minutes (as shipped) without a key the session ends.",
	.render = render,
	.handle = handle,
	.enter = enter,
};
