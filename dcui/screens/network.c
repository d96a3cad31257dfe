// SPDX-License-Identifier: Apache-2.0
/* Management network: what can be done with an interface of it, and how it stands. */
#include "dcui/choices.h"
#include "dcui/screens/screens.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

const struct interface *network_interface_chosen(const struct model *m)
{
	size_t count = m->facts.interface_count;

	return count ? &m->facts.interfaces[m->network.interface % count] : NULL;
}

const char *network_interface_name(const struct model *m)
{
	const struct interface *i = network_interface_chosen(m);

	return i ? i->name : MANAGEMENT;
}

/* Of an interface without a device there is none; while nothing is known of interfaces, the first.
 */
const struct nic *network_nic(const struct model *m)
{
	const struct interface *i = network_interface_chosen(m);
	const struct facts *f = &m->facts;

	if (!i)
		return f->nic_count ? &f->nics[0] : NULL;
	for (size_t n = 0; n < f->nic_count; n++)
		if (!strcmp(f->nics[n].name, i->device))
			return &f->nics[n];
	return NULL;
}

static void prepare(struct model *m, const char *op, json_t *params, const char *title)
{
	ui_change(m, op, params, title);
	ui_change_words(m, "Changing the network", "It was changed.", "%c%s", title[0] | 0x20,
			title + 1);
	m->reading.into = NULL;
}

static enum action type_vlan(struct model *m)
{
	const struct interface *i = network_interface_chosen(m);
	char now[16] = "";

	prepare(m, "network.interface.set",
		json_pack("{s:s, s:i}", "name", network_interface_name(m), "confirm",
			  TRIAL_SECONDS),
		"Set VLAN");
	m->change.trial = true;
	form_begin(m, "Set VLAN",
		   "VLAN of the management network, 1 to 4094; 0: none. Unless you keep it within "
		   "two minutes, what was before comes back by itself.");
	if (i)
		snprintf(now, sizeof(now), "%u", i->vlan);
	form_field(m, "VLAN:", now);
	m->form.key = "vlan";
	m->form.factor = 1;
	return form_open(m);
}

static enum action type_hostname(struct model *m)
{
	prepare(m, "system.hostname.set", json_object(), "Set Host Name");
	form_begin(m, "Set Host Name", "Name of this host, with its domain if it has one.");
	form_field(m, "Host name:", m->facts.hostname);
	m->form.key = "hostname";
	return form_open(m);
}

/* The agents that look after addresses, one after the other. */
static enum action ask_restart(struct model *m)
{
	static const char *const names[] = { "net", "net6" };
	struct agents *a = &m->agents;

	a->count = a->next = 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct service *s = facts_service(&m->facts, names[i]);

		if (s && strcmp(s->state, "down") != 0)
			snprintf(a->names[a->count++], sizeof(a->names[0]), "%s", names[i]);
	}
	if (a->count)
		ui_confirm(m, ACTION_RESTART_AGENTS, true, "Restart Management Network",
			   "Restart %s%s%s? Addresses are asked for again. Connections over the "
			   "network may end.",
			   a->names[0], a->count > 1 ? ", " : "", a->count > 1 ? a->names[1] : "");
	return ACTION_NONE;
}

static enum action ask_restore(struct model *m)
{
	prepare(m, "network.restore", json_object(), "Restore Network");
	ui_confirm(m, ACTION_CHANGE, true, "Restore Network",
		   "Give the management network what it was shipped with: the first adapter, no "
		   "VLAN, addresses by DHCP? Connections over the network may end. Further "
		   "interfaces stay.");
	return ACTION_NONE;
}

static enum action next_interface(struct model *m)
{
	if (m->facts.interface_count)
		m->network.interface = (m->network.interface + 1) % m->facts.interface_count;
	return ACTION_NONE;
}

/* One that began elsewhere, or before this session, is decided here as well. */
static enum action open_running_trial(struct model *m)
{
	if (!m->facts.state.trial_seconds)
		return ACTION_NONE;
	m->trial = (struct trial){ .until = m->now + m->facts.state.trial_seconds };
	snprintf(m->trial.title, sizeof(m->trial.title), "Changes on Trial");
	snprintf(m->trial.done, sizeof(m->trial.done), "Something was changed.");
	ui_push(m, SCREEN_TRIAL);
	return ACTION_NONE;
}

static void addresses_state(const struct model *m, struct page *p)
{
	addresses_page(&m->facts, p);
}

static void interface_state(const struct model *m, struct page *p)
{
	const struct facts *f = &m->facts;

	page_value(p, "Chosen", "%s", network_interface_name(m));
	for (size_t i = 0; i < f->interface_count; i++) {
		const struct interface *n = &f->interfaces[i];

		page_add(p, STYLE_BODY, "%s", "");
		page_value(p, n->name, "%s%s", n->enabled ? n->adapter : "off",
			   n->enabled && strcmp(n->link, "up") ? ", no link" : "");
		page_value(p, "", "%s", n->mac);
	}
}

static void adapter_state(const struct model *m, struct page *p)
{
	const struct interface *i = network_interface_chosen(m);

	page_value(p, "Interface", "%s", network_interface_name(m));
	page_value(p, "Adapter", "%s", i ? i->adapter : "");
	page_value(p, "MAC address", "%s", i ? i->mac : "");
	page_value(p, "Link", "%s", i ? i->link : "");
}

static void vlan_state(const struct model *m, struct page *p)
{
	const struct interface *i = network_interface_chosen(m);

	page_value(p, "Interface", "%s", network_interface_name(m));
	if (i && i->vlan)
		page_value(p, "VLAN", "%u", i->vlan);
	else
		page_value(p, "VLAN", "%s", i ? "none" : "");
}

static void ipv4_state(const struct model *m, struct page *p)
{
	const struct nic *n = network_nic(m);
	char from[24] = "";

	if (n)
		facts_origin(n, from, sizeof(from));
	page_value(p, "Interface", "%s", network_interface_name(m));
	page_value(p, "IPv4 address", "%s", n ? n->address : "");
	page_value(p, "Netmask", "%s", n ? n->netmask : "");
	page_value(p, "Gateway", "%s", n ? n->gateway : "");
	page_value(p, "From", "%s", from);
}

static void ipv6_state(const struct model *m, struct page *p)
{
	const struct interface *i = network_interface_chosen(m);

	page_value(p, "Interface", "%s", network_interface_name(m));
	page_value(p, "Set", "%s", i ? i->type6 : "");
	for (size_t n = 0; i && n < m->facts.address6_count; n++) {
		const struct address6 *a = &m->facts.addresses6[n];

		if (strcmp(a->device, i->device) != 0)
			continue;
		/* Too long to stand beside a label. */
		page_add(p, STYLE_BODY, "%s/%u", a->address, a->prefix);
		page_add(p, STYLE_DIM, "  %s%s%s", a->type, a->gateway[0] ? ", by " : "",
			 a->gateway);
	}
}

static void dns_state(const struct model *m, struct page *p)
{
	const struct facts *f = &m->facts;

	page_value(p, "Given servers", "%s", f->given_servers);
	page_value(p, "Given suffixes", "%s", f->given_search);
	page_value(p, "From DHCP, too", "%s", f->dhcp_dns == NO ? "no" : "yes");
	page_add(p, STYLE_BODY, "%s", "");
	for (size_t i = 0; i < f->dns_count; i++)
		page_value(p, i ? "" : "In use", "%s", f->dns[i]);
	page_value(p, "", "%s", f->search);
}

static void name_state(const struct model *m, struct page *p)
{
	page_value(p, "Host name", "%s", m->facts.hostname);
}

static void trial_state(const struct model *m, struct page *p)
{
	page_value(p, "On trial", "%s", m->facts.state.trial ? "yes" : "no");
}

static const struct choice items[] = {
	{ "Adapters and Addresses",
	  "What is in use now; <Enter> shows all of it. Most lines have a key: <F1>.",
	  open_addresses, addresses_state },
	{ "Interface",
	  "Which interface of the management network the next lines are for; <Enter> takes the "
	  "next one.",
	  next_interface, interface_state },
	{ "Network Adapter", "The adapter that the interface uses. On trial until you keep it.",
	  open_adapters, adapter_state },
	{ "VLAN", "The VLAN that the interface is on. On trial until you keep it.", type_vlan,
	  vlan_state },
	{ "IPv4 Configuration",
	  "Address by DHCP, a static one, or none. On trial until you keep it.", open_ipv4,
	  ipv4_state },
	{ "IPv6 Configuration",
	  "Addresses as routers say, a static one, or none. On trial until you keep it.", open_ipv6,
	  ipv6_state },
	{ "DNS Configuration",
	  "Name servers, and domains that names are looked for in. On trial until you keep it.",
	  open_dns, dns_state },
	{ "Host Name", "The name of this host.", type_hostname, name_state },
	{ "Changes on Trial", "Keeps what is on trial, or takes it back now.", open_running_trial,
	  trial_state },
	{ "Test Management Network", "Asks gateways and name servers for an answer.", open_nettest,
	  NULL },
	{ "Restart Management Network", "Restarts the agents that look after addresses.",
	  ask_restart, NULL },
	{ "Restore Network", "Gives the management network what it was shipped with.", ask_restore,
	  NULL },
};

static const struct choices choices = {
	.title = "Management Network",
	.footer = "<Up/Down> Select  <Enter> Open  <Esc> Back",
	.choice = items,
	.count = ARRAY_SIZE(items),
};

static void render(const struct model *m, struct grid *g)
{
	choices_render(&choices, &m->network.list, m, g);
}

static enum action act(struct key key, struct model *m)
{
	switch (key.code == KEY_CHAR ? key.ch | 0x20 : 0) {
	case 'i':
		return open_ipv4(m);
	case '6' | 0x20:
		return open_ipv6(m);
	case 'd':
		return open_dns(m);
	case 'a':
		return open_adapters(m);
	case 'v':
		return type_vlan(m);
	case 'h':
		return type_hostname(m);
	case 't':
		return open_nettest(m);
	case 'r':
		return ask_restart(m);
	case 'b':
		return ask_restore(m);
	default:
		return ACTION_IGNORED;
	}
}

static enum action handle(struct key key, struct model *m)
{
	enum action action = choices_handle(&choices, &m->network.list, key, m);

	return action == ACTION_IGNORED ? act(key, m) : action;
}

static void enter(struct model *m)
{
	m->network = (struct network){ 0 };
}

const struct screen screen_network = {
	.help = "What can be changed in the management network; the right side shows how it "
		"stands.\n\n<Up> <Down>  choose\n<Enter>      open\n"
		"<I> <6>      IPv4, IPv6: address and gateway\n<D>          name servers\n"
		"<A> <V>      adapter, VLAN\n<H>          host name\n"
		"<T> <R> <B>  test, restart, restore\n<Esc>        back\n\n"
		"What cuts off who manages the host is taken back after two minutes unless you "
		"keep "
		"it.",
	.render = render,
	.handle = handle,
	.enter = enter,
};
