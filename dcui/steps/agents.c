// SPDX-License-Identifier: Apache-2.0
/* Restart agents, one after the other; each has a line in the result. */
#include "dcui/steps/steps.h"
#include "dcui/ui.h"

#include <string.h>

static json_t *agent_name(const struct model *m)
{
	return step_named("name", m->agents.names[m->agents.next]);
}

/* Errors begin with what they are about; here that has been said. */
static const char *skip_name(const char *text, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(text, name, len) && !strncmp(text + len, ": ", 2) ? text + len + 2 : text;
}

static enum step agent_restarted(struct model *m, const json_t *result, const struct err *e)
{
	struct agents *a = &m->agents;
	const char *name = a->names[a->next++];

	(void)result;
	step_note(m, e, "restart %s", name);
	if (a->next == 1)
		ui_result(m, false, "Restart Management Agents");
	ui_result_line(m, !e, "%s: %s", name, e ? skip_name(e->text, name) : "restarted");
	if (a->next == a->count)
		return STEP_END;
	ui_busy(m, ACTION_RESTART_AGENTS, "Restarting %s ...", a->names[a->next]);
	return STEP_RESTART;
}

const struct step_rule step_restart = { "system.service.restart", agent_name, agent_restarted, 0 };
