// SPDX-License-Identifier: Apache-2.0
/* Network: adapters, addresses, name servers. */
#include "dcui/page.h"
#include "dcui/screens/screens.h"

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
	struct rect r = screen_frame(m, g, "Network", "<Up/Down> Scroll  <Esc> Back");
	struct page p = { 0 };

	build(&m->facts, &p);
	page_draw(&p, g, r, m->network_top);
}

static enum action handle(struct key key, struct model *m)
{
	struct page p = { 0 };

	build(&m->facts, &p);
	if (page_handle(&p, key, screen_area(m).rows, &m->network_top))
		return ACTION_NONE;
	return ACTION_IGNORED;
}

static void enter(struct model *m)
{
	m->network_top = 0;
}

const struct screen screen_network = {
	.help = "What the host uses now: each adapter with its link and addresses, and the name "
		"servers. The origin of an address stands behind it in parentheses.\n\n"
		"<Up> <Down> <PageUp> <PageDown>  scroll\n<Esc>  back",
	.render = render,
	.handle = handle,
	.enter = enter,
};
