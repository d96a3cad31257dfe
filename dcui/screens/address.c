// SPDX-License-Identifier: Apache-2.0
/* Where the addresses of an interface come from; what is set is on trial. */
#include "dcui/screens/screens.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

#define TRIAL_TEXT                                                                          \
	" The gateway may be empty. What is set counts at once; unless you keep it within " \
	"two minutes, what was before comes back by itself."

static const struct family {
	const char *op, *title, *log, *text, *words[4];
} families[] = {
	{ "network.ipv4.set",
	  "IPv4 Configuration",
	  "IPv4",
	  "Address as 192.0.2.10/24, or dhcp, or none." TRIAL_TEXT,
	  { "dhcp", "none" } },
	{ "network.ipv6.set",
	  "IPv6 Configuration",
	  "IPv6",
	  "Address as 2001:db8::10/64; or auto: as routers say; slaac: without DHCPv6; "
	  "dhcp: by DHCPv6 alone; none." TRIAL_TEXT,
	  { "auto", "slaac", "dhcp", "none" } },
};

static bool is_word(const struct family *f, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(f->words) && f->words[i]; i++)
		if (!strcmp(f->words[i], text))
			return true;
	return false;
}

static bool take(struct model *m)
{
	const char *address = m->form.field[0].value, *gateway = m->form.field[1].value;
	const struct family *f = &families[!strcmp(m->change.op, families[1].op)];
	bool word = is_word(f, address);
	json_t *params = json_pack("{s:s, s:s, s:i}", "name", network_interface_name(m), "type",
				   word ? address : "static", "confirm", TRIAL_SECONDS);

	if (!word) {
		json_object_set_new(params, "address", json_string(address));
		json_object_set_new(params, "gateway", json_string(gateway));
	}
	json_decref(m->change.params);
	m->change.params = params;
	ui_change_words(m, "Changing the address", "The address was changed.",
			"set the %s address to %.40s", f->log, address);
	return true;
}

static enum action open(struct model *m, const struct family *f, const char *address,
			const char *gateway)
{
	ui_change(m, f->op, NULL, f->title);
	m->change.trial = true;
	m->reading.into = NULL;
	form_begin(m, f->title, "%s", f->text);
	form_field(m, "Address:", address);
	form_field(m, "Gateway:", gateway);
	m->form.take = take;
	return form_open(m);
}

/* As it is now, to be changed where it is wrong. */
enum action open_ipv4(struct model *m)
{
	const struct nic *n = network_nic(m);
	bool fixed = n && !strcmp(n->type, "static");
	char text[80];

	snprintf(text, sizeof(text), "%s/%d", n ? n->address : "",
		 n ? facts_prefix(n->netmask) : 0);
	return open(m, &families[0], fixed ? text : "dhcp", fixed ? n->gateway : "");
}

enum action open_ipv6(struct model *m)
{
	const struct interface *i = network_interface_chosen(m);
	bool fixed = i && !strcmp(i->type6, "static");

	return open(m, &families[1],
		    fixed	       ? i->address6
		    : i && i->type6[0] ? i->type6
				       : "auto",
		    fixed ? i->gateway6 : "");
}
