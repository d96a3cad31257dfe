// SPDX-License-Identifier: Apache-2.0
/* Lockdown mode: who may come in. */
#include "dcui/screens/screens.h"

#include <stdio.h>

enum action open_lockdown(struct model *m)
{
	struct value *v = &m->value;

	ui_change(m, "system.lockdown.set", json_object(), "Lockdown Mode");
	ui_change_words(m, "Changing the mode", "The lockdown mode was changed.",
			"change the lockdown mode");
	m->reading.into = NULL;
	*v = (struct value){ .key = "mode" };
	snprintf(v->title, sizeof(v->title), "Lockdown Mode");
	snprintf(v->label, sizeof(v->label), "Mode:");
	snprintf(v->text, sizeof(v->text),
		 "disabled  who has an account comes in\n"
		 "normal    only exception users come in over the network\n"
		 "strict    and at this console as well\n\nExceptions: %s",
		 m->facts.lockdown_exceptions[0] ? m->facts.lockdown_exceptions : "none");
	field_set(&v->field, m->facts.lockdown);
	ui_push(m, SCREEN_VALUE);
	return ACTION_NONE;
}
