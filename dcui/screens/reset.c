// SPDX-License-Identifier: Apache-2.0
/* Factory settings: who means this host types its name. */
#include "dcui/screens/screens.h"

enum action open_reset(struct model *m)
{
	ui_change(m, "system.state.reset", json_object(), "Reset Configuration");
	ui_change_words(m, "Writing an empty configuration",
			"Factory settings count from the next restart on.", "reset configuration");
	m->change.power = true;
	m->reading.into = NULL;
	form_begin(m, "Reset Configuration",
		   "With the next restart this host has its factory settings: no password, no host "
		   "name, addresses by DHCP. Until then it goes on as it is. Configuration History "
		   "can take it back.\n\nTo reset it, type its name: %s",
		   m->facts.hostname);
	form_field(m, "Host name:", "");
	m->form.key = "hostname";
	return form_open(m);
}
