// SPDX-License-Identifier: Apache-2.0
/*
 * Read a log; one that has no file of its own is part of vmkernel.log, and that of a start that
 * failed is on the boot medium.
 */
#include "dcui/steps/steps.h"
#include "dcui/ui.h"

#include <stdio.h>
#include <string.h>

#define LOG_LINES 1000

static json_t *log_params(const struct model *m)
{
	return json_pack("{s:s, s:i}", "name", m->viewer.log, "lines", LOG_LINES);
}

static json_t *vmkernel_params(const struct model *m)
{
	(void)m;
	return json_pack("{s:s, s:i}", "name", "vmkernel", "lines", 5 * LOG_LINES);
}

static enum step show_log(struct model *m, json_t *lines, const char *message)
{
	struct viewer *v = &m->viewer;

	v->loaded = true;
	v->found = -1;
	ui_sentence(v->message, sizeof(v->message), message);
	if (lines && lines_load(&v->lines, lines) < 0)
		snprintf(v->message, sizeof(v->message), "Not enough memory to show the log.");
	return STEP_END;
}

static enum step log_read(struct model *m, const json_t *result, const struct err *e)
{
	if (e && e->kind == ERR_NOT_FOUND && m->viewer.component[0])
		return STEP_LOG_ELSEWHERE;
	return show_log(m, json_object_get(result, "lines"), e ? e->text : "");
}

static enum step log_read_elsewhere(struct model *m, const json_t *result, const struct err *e)
{
	json_t *all = json_object_get(result, "lines"), *own = json_array(), *line;
	char mark[sizeof(m->viewer.component) + 4];
	size_t i;

	/* "... cpu0:123)hostd: text" and "... hostd[123]: text" */
	json_array_foreach (all, i, line) {
		const char *text = json_string_value(line);

		snprintf(mark, sizeof(mark), ")%s: ", m->viewer.component);
		if (text && strstr(text, mark))
			json_array_append(own, line);
	}
	show_log(m, own, e ? e->text : "");
	json_decref(own);
	return STEP_END;
}

static json_t *no_params(const struct model *m)
{
	(void)m;
	return NULL;
}

static const char *text_of(const json_t *result, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(result, key));

	return text ? text : otherwise;
}

/* What failed when and why, and then what it said last. */
static enum step failed_read(struct model *m, const json_t *result, const struct err *e)
{
	json_t *said = json_object_get(result, "lines");
	json_t *lines = json_array();

	if (e) {
		json_decref(lines);
		return show_log(m, NULL, e->text);
	}
	json_array_append_new(
		lines, json_sprintf("Build %s was started in bank %d, and failed:",
				    text_of(result, "build", "?"),
				    (int)json_integer_value(json_object_get(result, "bank"))));
	json_array_append_new(lines, json_sprintf("%s (%s)", text_of(result, "reason", "?"),
						  text_of(result, "time", "nobody knows when")));
	json_array_append_new(lines, json_string(""));
	json_array_append_new(lines,
			      json_string(json_array_size(said) ? "The end of its vmkernel.log:"
								: "It has left no log."));
	json_array_extend(lines, said);
	show_log(m, lines, "");
	json_decref(lines);
	return STEP_END;
}

const struct step_rule step_log = { "system.log.tail", log_params, log_read, 0 };
const struct step_rule step_log_elsewhere = { "system.log.tail", vmkernel_params,
					      log_read_elsewhere, 0 };
const struct step_rule step_log_failed = { "system.boot.failure.get", no_params, failed_read, 0 };
