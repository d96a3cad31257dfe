// SPDX-License-Identifier: Apache-2.0
/* Network adapters of the host; the chosen one can become that of an interface, on trial. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>
#include <string.h>

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	char speed[24] = "-";

	if (table_number(row, "speed"))
		snprintf(speed, sizeof(speed), "%lld", (long long)table_number(row, "speed"));
	snprintf(buf, TABLE_ROW, "%-10.10s %-5.5s %7s  %-17.17s  %-14.14s", table_text(row, "name"),
		 table_text(row, "link"), speed, table_text(row, "mac"), table_text(row, "driver"));
	return strcmp(table_text(row, "link"), "up") ? STYLE_DIM : STYLE_BODY;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	page_add(p, STYLE_STRONG, "%s", table_text(row, "name"));
	page_value(p, "Device", "%s", table_text(row, "description"));
	page_value(p, "PCI address", "%s", table_text(row, "pci"));
	page_value(p, "Duplex, MTU", "%s, %lld", table_text(row, "duplex"),
		   (long long)table_number(row, "mtu"));
	page_value(p, "To be used by", "%s", t->subject);
}

static enum action use(struct model *m, const json_t *row)
{
	const char *name = table_text(row, "name"), *interface = network_interface_name(m);

	ui_change(m, "network.interface.set",
		  json_pack("{s:s, s:s, s:i}", "name", interface, "adapter", name, "confirm",
			    TRIAL_SECONDS),
		  "Network Adapter");
	ui_change_words(m, "Changing the adapter", "The adapter was changed.",
			"put %.16s on adapter %.32s", interface, name);
	m->change.trial = true;
	ui_confirm(
		m, ACTION_CHANGE, true, "Network Adapter",
		"Put %.16s on adapter %.32s (%.20s, link %.8s)? Connections over the network may "
		"end. Unless you keep it within two minutes, what was before comes back by "
		"itself.",
		interface, name, table_text(row, "mac"), table_text(row, "link"));
	return ACTION_NONE;
}

static enum action handle(struct key key, struct model *m, const json_t *row)
{
	return key.code == KEY_ENTER && row ? use(m, row) : ACTION_IGNORED;
}

static const struct table_spec spec = {
	.title = "Network Adapters",
	.footer = "<Up/Down> Select  <Enter> Use It  <R> Read Again  <Esc> Back",
	.heading = "Name       Link   Mbit/s  MAC Address        Driver",
	.empty = "No network adapter was found.",
	.op = "network.nic.list",
	.row = row,
	.details = details,
	.detail_rows = 5,
	.handle = handle,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->adapters, m, g);
}

static enum action handle_key(struct key key, struct model *m)
{
	return table_handle(&spec, &m->adapters, key, m);
}

enum action open_adapters(struct model *m)
{
	snprintf(m->adapters.subject, sizeof(m->adapters.subject), "%s", network_interface_name(m));
	return table_open(m, SCREEN_ADAPTERS, &spec, &m->adapters);
}

const struct screen screen_adapters = {
	.help = "The network adapters of this host, with link and MAC address. The interface that "
		"the list is for can be put on another one.\n\n<Enter>  use the chosen one\n"
		"<R>      read again: after a cable was plugged in\n<Esc>    back",
	.render = render,
	.handle = handle_key,
};
