// SPDX-License-Identifier: Apache-2.0
/* Network: adapters, addresses, name servers. */
#include "dcui/page.h"
#include "dcui/screens/screens.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static void build(const struct facts *f, struct page *p)
{
	char from[24];

	page_value(p, "Host name", "%s", f->hostname);
	for (size_t i = 0; i < f->dns_count; i++)
		page_value(p, i ? "" : "DNS servers", "%s", f->dns[i]);
	if (!f->dns_count)
		page_value(p, "DNS servers", "none");
	for (size_t i = 0; i < f->nic_count; i++) {
		const struct nic *n = &f->nics[i];

		page_add(p, STYLE_BODY, "%s", "");
		page_add(p, STYLE_STRONG, "Adapter %s", n->name);
		page_value(p, "Link", "%s", n->link);
		page_value(p, "MAC address", "%s", n->mac);
		facts_origin(n, from, sizeof(from));
		page_value(p, "IPv4 address", "%s%s%s%s", n->address, from[0] ? " (" : "", from,
			   from[0] ? ")" : "");
		page_value(p, "Netmask", "%s", n->netmask);
		page_value(p, "Gateway", "%s", n->gateway);
	}
	if (!f->nic_count) {
		page_add(p, STYLE_BODY, "%s", "");
		page_add(p, STYLE_BAD, "No network adapter was found.");
	}
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r =
		screen_frame(m, g, "Management Network",
			     "<I> IPv4  <V> VLAN  <H> Name  <T> Test  <R> Restart  <B> Restore");
	struct page p = { 0 };

	build(&m->facts, &p);
	page_draw(&p, g, r, m->network_top);
}

static void prepare(struct model *m, const char *op, json_t *params, const char *title)
{
	ui_change(m, op, params, title);
	ui_change_words(m, "Changing the network", "It was changed.", "%c%s", title[0] | 0x20,
			title + 1);
	m->reading.into = NULL;
}

static enum action type(struct model *m, const char *key, json_int_t factor, const char *label,
			const char *text)
{
	struct value *v = &m->value;

	*v = (struct value){ .key = key, .factor = factor };
	snprintf(v->title, sizeof(v->title), "%s", m->change.title);
	snprintf(v->label, sizeof(v->label), "%s", label);
	snprintf(v->text, sizeof(v->text), "%s", text);
	ui_push(m, SCREEN_VALUE);
	return ACTION_NONE;
}

static enum action type_vlan(struct model *m)
{
	prepare(m, "network.interface.set",
		json_pack("{s:s, s:i}", "name", MANAGEMENT, "confirm", TRIAL_SECONDS), "Set VLAN");
	m->change.trial = true;
	return type(m, "vlan", 1, "VLAN:",
		    "VLAN of the management network, 1 to 4094; 0: none. Unless you keep it within "
		    "two minutes, what was before comes back by itself.");
}

static enum action type_hostname(struct model *m)
{
	prepare(m, "system.hostname.set", json_object(), "Set Host Name");
	type(m, "hostname", 0, "Host name:", "Name of this host, with its domain if it has one.");
	field_set(&m->value.field, m->facts.hostname);
	return ACTION_NONE;
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

static enum action act(struct key key, struct model *m)
{
	switch (key.code == KEY_CHAR ? key.ch | 0x20 : 0) {
	case 'i':
		ui_push(m, SCREEN_ADDRESS);
		return ACTION_NONE;
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
	struct page p = { 0 };

	build(&m->facts, &p);
	if (page_handle(&p, key, screen_area(m).rows, &m->network_top))
		return ACTION_NONE;
	return act(key, m);
}

static void enter(struct model *m)
{
	m->network_top = 0;
}

const struct screen screen_network = {
	.help = "What the host uses now: each adapter with its link and addresses, and the name "
		"servers. The origin of an address stands behind it in parentheses.\n\n"
		"<I>  address and gateway: dhcp, static or none\n<V>  VLAN\n<H>  host name\n"
		"<T>  test gateways, name servers and the host's name\n"
		"<R>  restart the agents that look after addresses\n"
		"<B>  back to what was shipped\n<Up> <Down>  scroll\n<Esc>  back\n\n"
		"A new address or VLAN is taken back after two minutes unless you keep it.",
	.render = render,
	.handle = handle,
	.enter = enter,
};
