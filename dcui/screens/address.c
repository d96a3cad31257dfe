// SPDX-License-Identifier: Apache-2.0
/* IPv4 of the management network. Grants the change, which is on trial. */
#include "dcui/screens/screens.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 60
#define LABEL 12

static const char intro[] = "Address as 192.0.2.10/24, or dhcp, or none. The gateway may be empty. "
			    "What is set counts at once; unless you keep it within two minutes, "
			    "what was before comes back by itself.";

static void render(const struct model *m, struct grid *g)
{
	static const char *const labels[] = { "Address:", "Gateway:" };
	const struct address *a = &m->address;
	struct rect r = draw_dialog(g, draw_wrapped_rows(intro, WIDTH) + 1 + ADDRESS_FIELDS, WIDTH,
				    "IPv4 Configuration", "<Enter> Do it   <Esc> Cancel");

	r.row += draw_wrapped(g, r, STYLE_DIALOG, intro) + 1;
	for (int i = 0; i < ADDRESS_FIELDS; i++)
		draw_input(g, r.row++, r.col, LABEL, WIDTH - LABEL,
			   &(struct input){ .label = labels[i],
					    .value = a->field[i].value,
					    .cursor = a->field[i].cursor,
					    .focus = a->focus == i });
}

static enum action submit(struct model *m)
{
	const char *address = m->address.field[0].value, *gateway = m->address.field[1].value;
	bool fixed = strcmp(address, "dhcp") != 0 && strcmp(address, "none") != 0;
	json_t *params = json_pack("{s:s, s:s, s:i}", "name", MANAGEMENT, "type",
				   fixed ? "static" : address, "confirm", TRIAL_SECONDS);

	if (fixed) {
		json_object_set_new(params, "address", json_string(address));
		json_object_set_new(params, "gateway", json_string(gateway));
	}
	ui_change(m, "network.ipv4.set", params, "IPv4 Configuration");
	ui_change_words(m, "Changing the address", "The address was changed.",
			"set the IPv4 address to %.40s", address);
	m->change.trial = true;
	m->reading.into = NULL;
	ui_pop(m);
	m->granted = ACTION_CHANGE;
	return ACTION_CHANGE;
}

static enum action handle(struct key key, struct model *m)
{
	struct address *a = &m->address;

	switch (key.code) {
	case KEY_TAB:
	case KEY_DOWN:
	case KEY_BACKTAB:
	case KEY_UP:
		a->focus = !a->focus;
		return ACTION_NONE;
	case KEY_ENTER:
		if (a->focus == ADDRESS_FIELDS - 1)
			return submit(m);
		a->focus++;
		return ACTION_NONE;
	default:
		return field_handle(&a->field[a->focus], key) ? ACTION_NONE : ACTION_IGNORED;
	}
}

/* As it is now, to be changed where it is wrong. */
static void enter(struct model *m)
{
	const struct nic *n = m->facts.nic_count ? &m->facts.nics[0] : NULL;
	bool fixed = n && !strcmp(n->type, "static");
	char text[80];

	m->address.focus = 0;
	snprintf(text, sizeof(text), "%s/%d", n ? n->address : "",
		 n ? facts_prefix(n->netmask) : 0);
	field_set(&m->address.field[0], fixed ? text : "dhcp");
	field_set(&m->address.field[1], fixed ? n->gateway : "");
}

const struct screen screen_address = {
	.dialog = true,
	.help = "Where the management network has its address from: dhcp asks the network, none "
		"has none, else give address and length of the network, and the gateway.\n\n"
		"<Tab>    next field\n<Ctrl-U> empties a field\n<Enter>  in the last field does "
		"it\n"
		"<Esc>    leaves all as it is",
	.render = render,
	.handle = handle,
	.enter = enter,
};
