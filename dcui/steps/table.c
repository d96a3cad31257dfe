// SPDX-License-Identifier: Apache-2.0
/* Read the list that a screen shows; change something of it. */
#include "dcui/steps/steps.h"
#include "dcui/table.h"
#include "dcui/ui.h"

#include <stdio.h>

/* An operation may verify what lies on a slow medium. */
#define CHANGE_SECONDS 300

/* What is sent away is wiped afterwards: a copy. */
static json_t *reading_params(const struct model *m)
{
	return json_deep_copy(m->reading.params);
}

static enum step table_read(struct model *m, const json_t *result, const struct err *e)
{
	const char *key = m->reading.key;
	struct table *t = m->reading.into;

	table_clear(t);
	t->loaded = true;
	t->rows = json_deep_copy(key ? json_object_get(result, key) : result);
	if (e)
		ui_sentence(t->why, sizeof(t->why), e->text);
	return STEP_END;
}

static json_t *change_params(const struct model *m)
{
	return json_deep_copy(m->change.params);
}

/* Services that read what was changed only when they start. */
static void say_restarts(struct model *m, const json_t *result)
{
	const json_t *name;
	size_t i;

	json_array_foreach (json_object_get(result, "restart"), i, name)
		if (json_is_string(name))
			ui_result_line(m, true, "Restart it for the change to count: %s",
				       json_string_value(name));
}

static enum step changed(struct model *m, const json_t *result, const struct err *e)
{
	char text[UI_MESSAGE];

	step_note(m, e, "%s", m->change.what);
	if (!e && m->change.trial) {
		m->trial_until = m->now + TRIAL_SECONDS;
		if (ui_top(m) == SCREEN_VALUE)
			ui_replace(m, SCREEN_TRIAL);
		else
			ui_push(m, SCREEN_TRIAL);
		return STEP_END;
	}
	ui_result(m, ui_top(m) == SCREEN_VALUE, m->change.title);
	if (e) {
		ui_sentence(text, sizeof(text), e->text);
		ui_result_line(m, false, "%s", text);
	} else {
		ui_result_line(m, true, "%s", m->change.done);
		say_restarts(m, result);
		m->result.power = m->change.power;
	}
	return m->reading.into ? STEP_READ : STEP_END;
}

const struct step_rule step_read = { NULL, reading_params, table_read, 0 };
const struct step_rule step_change = { NULL, change_params, changed, CHANGE_SECONDS };
