// SPDX-License-Identifier: Apache-2.0
/* Shut down, restart. */
#include "dcui/steps/steps.h"
#include "dcui/ui.h"

#include <stdio.h>

static json_t *reason(const struct model *m)
{
	char text[128];

	snprintf(text, sizeof(text), "asked for at the console by %.32s", m->user);
	return step_named("reason", text);
}

static enum step going_down(struct model *m, const struct err *e, const char *what,
			    const char *title)
{
	char text[UI_MESSAGE];

	ui_result(m, true, title);
	step_note(m, e, "%s", what);
	if (e) {
		ui_sentence(text, sizeof(text), e->text);
		ui_result_line(m, false, "%s", text);
		return STEP_END;
	}
	ui_result_line(m, true, "All userworlds are being ended. This console goes away soon.");
	return STEP_END;
}

static enum step shut_down(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	return going_down(m, e, "shut down", "Shut Down");
}

static enum step rebooted(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	return going_down(m, e, "restart host", "Restart");
}

const struct step_rule step_shutdown = { "system.shutdown", reason, shut_down, 0 };
const struct step_rule step_reboot = { "system.reboot", reason, rebooted, 0 };
