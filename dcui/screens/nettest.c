// SPDX-License-Identifier: Apache-2.0
/* Test network: link, gateways, name servers and a name, each with its result. */
#include "dcui/screens/screens.h"
#include "dcui/table.h"

#include <stdio.h>

static enum style row(const json_t *row, char buf[static TABLE_ROW])
{
	bool ok = json_is_true(json_object_get(row, "ok"));

	snprintf(buf, TABLE_ROW, "%-7s %-14.14s %-24.24s %s", ok ? "OK" : "Failed",
		 table_text(row, "test"), table_text(row, "target"), table_text(row, "detail"));
	return ok ? STYLE_GOOD : STYLE_BAD;
}

static void details(const struct table *t, const json_t *row, struct page *p)
{
	(void)t;
	page_add(p, STYLE_STRONG, "%s %s", table_text(row, "test"), table_text(row, "target"));
	page_wrapped(p, STYLE_BODY, 70, table_text(row, "detail"));
}

static const struct table_spec spec = {
	.title = "Test Management Network",
	.footer = "<Up/Down> Select  <R> Test Again  <Esc> Back",
	.heading = "Result  Test           Target                   What Came of It",
	.empty = "There is nothing to test.",
	.op = "network.test",
	.row = row,
	.details = details,
	.detail_rows = 4,
};

static void render(const struct model *m, struct grid *g)
{
	table_render(&spec, &m->nettest, m, g);
}

static enum action handle(struct key key, struct model *m)
{
	return table_handle(&spec, &m->nettest, key, m);
}

enum action open_nettest(struct model *m)
{
	return table_open(m, SCREEN_NETTEST, &spec, &m->nettest);
}

const struct screen screen_nettest = {
	.help = "Asks the gateways and name servers for an answer, and looks the host's own name "
		"up. What has failed says why below the list.\n\n<R>    test again\n"
		"<Esc>  back",
	.render = render,
	.handle = handle,
};
