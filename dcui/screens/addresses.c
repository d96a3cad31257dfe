// SPDX-License-Identifier: Apache-2.0
/* What the host uses now: adapters, addresses, name servers. */
#include "dcui/screens/screens.h"

#include <stdio.h>
#include <string.h>

static void build_dns(const struct facts *f, struct page *p)
{
	for (size_t i = 0; i < f->dns_count; i++)
		page_value(p, i ? "" : "DNS servers", "%s", f->dns[i]);
	if (!f->dns_count)
		page_value(p, "DNS servers", "none");
	if (f->search[0])
		page_value(p, "DNS suffixes", "%s", f->search);
}

static void build_ipv6(const struct facts *f, const struct nic *n, struct page *p)
{
	bool any = false;

	for (size_t i = 0; i < f->address6_count; i++) {
		const struct address6 *a = &f->addresses6[i];

		if (strcmp(a->device, n->name) != 0)
			continue;
		page_value(p, any ? "" : "IPv6 addresses", "%s/%u (%s)", a->address, a->prefix,
			   a->type);
		any = true;
	}
}

void addresses_page(const struct facts *f, struct page *p)
{
	char from[24];

	page_value(p, "Host name", "%s", f->hostname);
	build_dns(f, p);
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
		build_ipv6(f, n, p);
	}
	if (!f->nic_count) {
		page_add(p, STYLE_BODY, "%s", "");
		page_add(p, STYLE_BAD, "No network adapter was found.");
	}
}

static void render(const struct model *m, struct grid *g)
{
	struct rect r =
		screen_frame(m, g, "Adapters and Addresses", "<Up/Down> Scroll  <Esc> Back");
	struct page p = { 0 };

	addresses_page(&m->facts, &p);
	page_draw(&p, g, r, m->network.top);
}

static enum action handle(struct key key, struct model *m)
{
	struct page p = { 0 };

	addresses_page(&m->facts, &p);
	return page_handle(&p, key, screen_area(m).rows, &m->network.top) ? ACTION_NONE
									  : ACTION_IGNORED;
}

enum action open_addresses(struct model *m)
{
	m->network.top = 0;
	ui_push(m, SCREEN_ADDRESSES);
	return ACTION_NONE;
}

const struct screen screen_addresses = {
	.help = "What the host uses now: each adapter with its link and addresses, and the name "
		"servers. The origin of an address stands behind it in parentheses.\n\n"
		"<Up> <Down>  scroll\n<Esc>        back",
	.render = render,
	.handle = handle,
};
