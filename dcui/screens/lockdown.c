// SPDX-License-Identifier: Apache-2.0
/* Lockdown mode: who may come in. */
#include "dcui/screens/screens.h"

enum action open_lockdown(struct model *m)
{
	ui_change(m, "system.lockdown.set", json_object(), "Lockdown Mode");
	ui_change_words(m, "Changing the mode", "The lockdown mode was changed.",
			"change the lockdown mode");
	m->reading.into = NULL;
	form_begin(m, "Lockdown Mode",
		   "disabled  who has an account comes in\n"
		   "normal    only exception users come in over the network\n"
		   "strict    and at this console as well\n\nExceptions: %s",
		   m->facts.lockdown_exceptions[0] ? m->facts.lockdown_exceptions : "none");
	form_field(m, "Mode:", m->facts.lockdown);
	m->form.key = "mode";
	return form_open(m);
}
