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

static void begin_trial(struct model *m)
{
	m->trial.until = m->now + TRIAL_SECONDS;
	snprintf(m->trial.title, sizeof(m->trial.title), "%s", m->change.title);
	snprintf(m->trial.done, sizeof(m->trial.done), "%s", m->change.done);
	if (ui_top(m) == SCREEN_FORM)
		ui_replace(m, SCREEN_TRIAL);
	else
		ui_push(m, SCREEN_TRIAL);
}

/* In the form, which stays as it was typed, or in a dialog of its own. */
static void say_failure(struct model *m, const struct err *e)
{
	char text[UI_MESSAGE];

	ui_sentence(text, sizeof(text), e->text);
	if (ui_top(m) == SCREEN_FORM) {
		snprintf(m->form.message, sizeof(m->form.message), "%s", text);
		return;
	}
	ui_result(m, false, m->change.title);
	ui_result_line(m, false, "%s", text);
}

/* What was typed is done with. */
static bool typed_on_top(const struct model *m)
{
	return ui_top(m) == SCREEN_FORM || ui_top(m) == SCREEN_WELCOME;
}

static enum step changed(struct model *m, const json_t *result, const struct err *e)
{
	step_note(m, e, "%s", m->change.what);
	/* Taken back, or over by itself: either way there is nothing left to decide. */
	if (ui_top(m) == SCREEN_TRIAL && (!e || e->kind == ERR_CONFLICT))
		ui_pop(m);
	if (e) {
		say_failure(m, e);
		return m->reading.into && ui_top(m) != SCREEN_FORM ? STEP_READ : STEP_END;
	}
	if (m->change.trial) {
		begin_trial(m);
		return STEP_END;
	}
	ui_result(m, typed_on_top(m), m->change.title);
	ui_result_line(m, true, "%s", m->change.done);
	say_restarts(m, result);
	m->result.power = m->change.power;
	return m->reading.into ? STEP_READ : STEP_END;
}

const struct step_rule step_read = { NULL, reading_params, table_read, 0 };
const struct step_rule step_change = { NULL, change_params, changed, CHANGE_SECONDS };
