// SPDX-License-Identifier: Apache-2.0
/* Factory settings: who means this host types its name. */
#include "dcui/screens/screens.h"

#include <stdio.h>

enum action open_reset(struct model *m)
{
	struct value *v = &m->value;

	ui_change(m, "system.state.reset", json_object(), "Reset Configuration");
	ui_change_words(m, "Writing an empty configuration",
			"Factory settings count from the next restart on.", "reset configuration");
	m->change.power = true;
	m->reading.into = NULL;
	*v = (struct value){ .key = "hostname" };
	snprintf(v->title, sizeof(v->title), "Reset Configuration");
	snprintf(v->label, sizeof(v->label), "Host name:");
	snprintf(v->text, sizeof(v->text),
		 "With the next restart this host has its factory settings: no password, no host "
		 "name, addresses by DHCP. Until then it goes on as it is. Configuration History "
		 "can take it back.\n\nTo reset it, type its name: %s",
		 m->facts.hostname);
	ui_push(m, SCREEN_VALUE);
	return ACTION_NONE;
}
