// SPDX-License-Identifier: Apache-2.0
/* Name servers and domains that the host is given; what is set is on trial. */
#include "dcui/screens/screens.h"

#include <string.h>

static bool take(struct model *m)
{
	const struct field *f = m->form.field;
	bool yes = !strcmp(f[2].value, "yes");

	if (!yes && strcmp(f[2].value, "no") != 0) {
		strcpy(m->form.message, "From DHCP: yes or no.");
		return false;
	}
	json_decref(m->change.params);
	m->change.params = json_pack("{s:s, s:s, s:b, s:i}", "servers", f[0].value, "search",
				     f[1].value, "dhcp_dns", yes, "confirm", TRIAL_SECONDS);
	return true;
}

enum action open_dns(struct model *m)
{
	const struct facts *f = &m->facts;

	ui_change(m, "network.dns.set", NULL, "DNS Configuration");
	ui_change_words(m, "Changing the name servers", "The name servers were changed.",
			"set name servers");
	m->change.trial = true;
	m->reading.into = NULL;
	form_begin(
		m, "DNS Configuration",
		"Addresses of name servers and domains that names are looked for in, with blanks "
		"between them; whether those that DHCP names are asked, too (yes, no). Unless you "
		"keep it within two minutes, what was before comes back by itself.");
	form_field(m, "Servers:", f->given_servers);
	form_field(m, "Search:", f->given_search);
	form_field(m, "From DHCP:", f->dhcp_dns == NO ? "no" : "yes");
	m->form.take = take;
	return form_open(m);
}
