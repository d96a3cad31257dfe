// SPDX-License-Identifier: Apache-2.0
/* The table of tasks. */
#include "tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/utf8.h"
#include "utc.h"

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

static void set_time(json_t *row, const char *key, time_t now)
{
	char text[UTC_MAX];

	json_object_set_new(row, key, json_string(utc_text(now, text)));
}

static void touch(struct tasks *t, json_t *row)
{
	json_object_set_new(row, "revision", json_integer(++t->revision));
}

bool task_runs(const json_t *row)
{
	return !strcmp(text_of(row, "state"), "running");
}

static void interrupt(struct tasks *t, json_t *row, time_t now)
{
	static const struct err e = {
		ERR_UNAVAILABLE, 0,
		"hostd ended while it ran; what it had begun is taken to its end or back, and "
		"vmkernel.log says which: look at the state of the host before asking again"
	};

	tasks_end(t, row, NULL, &e, now);
	json_object_set_new(row, "state", json_string("interrupted"));
}

static bool is_row(const json_t *row)
{
	return json_is_object(row) && json_is_string(json_object_get(row, "id")) &&
	       json_is_string(json_object_get(row, "state")) &&
	       json_is_string(json_object_get(row, "op"));
}

static void take_rows(struct tasks *t, json_t *rows, time_t now)
{
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		if (!is_row(row) || json_array_size(t->rows) == TASKS_MAX)
			continue;
		json_array_append(t->rows, row);
		if (task_runs(row))
			interrupt(t, row, now);
	}
}

int tasks_load(struct tasks *t, const char *text, time_t now, struct err *e)
{
	json_t *file = text ? json_loads(text, 0, NULL) : NULL;

	t->rows = json_array();
	t->revision = 0;
	if (file) {
		t->revision = json_integer_value(json_object_get(file, "revision"));
		take_rows(t, json_object_get(file, "tasks"), now);
	}
	json_decref(file);
	if (text && !file)
		return err_set(e, ERR_INVALID, "not the table of tasks; a new one is begun");
	return 0;
}

char *tasks_text(const struct tasks *t)
{
	json_t *file = json_pack("{s:i, s:I, s:O}", "format", 1, "revision", t->revision, "tasks",
				 t->rows);
	char *text = file ? json_dumps(file, JSON_COMPACT) : NULL;

	json_decref(file);
	return text;
}

static bool make_room(struct tasks *t)
{
	json_t *row;
	size_t i;

	if (json_array_size(t->rows) < TASKS_MAX)
		return true;
	json_array_foreach (t->rows, i, row)
		if (!task_runs(row))
			return json_array_remove(t->rows, i) == 0;
	return false;
}

json_t *tasks_add(struct tasks *t, const struct task_start *s)
{
	json_t *row;

	if (!make_room(t))
		return NULL;
	row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:b, s:n, s:n, s:n, s:s, s:s}", "id",
			s->id, "op", s->op, "what", s->what, "user", s->user, "from", s->from,
			"state", "running", "percent", "cancellable", s->cancellable, "ended",
			"result", "error", "key", s->key, "digest", s->digest);
	if (!row)
		return NULL;
	set_time(row, "started", s->now);
	touch(t, row);
	return json_array_append_new(t->rows, row) == 0 ? row : NULL;
}

void tasks_worker(json_t *row, json_int_t pid, json_int_t started)
{
	json_object_set_new(row, "pid", json_integer(pid));
	json_object_set_new(row, "pid_started", json_integer(started));
}

bool tasks_progress(struct tasks *t, json_t *row, unsigned int percent)
{
	const json_t *before = json_object_get(row, "percent");

	if (percent > 100 || (json_is_integer(before) && json_integer_value(before) >= percent))
		return false;
	json_object_set_new(row, "percent", json_integer(percent));
	touch(t, row);
	return true;
}

static void keep_result(json_t *row, json_t *result)
{
	char *text = json_dumps(result, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text && strlen(text) <= TASK_RESULT_MAX)
		json_object_set(row, "result", result);
	else
		json_object_set_new(row, "result_dropped", json_true());
	free(text);
}

static void keep_error(json_t *row, const struct err *e)
{
	char text[sizeof(e->text)];

	memcpy(text, e->text, sizeof(text));
	utf8_repair(text, strlen(text));
	json_object_set_new(row, "error",
			    json_pack("{s:s, s:s}", "kind", err_name(e->kind), "text", text));
}

void tasks_end(struct tasks *t, json_t *row, json_t *result, const struct err *e, time_t now)
{
	const char *state = "done";

	if (result) {
		keep_result(row, result);
	} else {
		state = e->num == ECANCELED ? "cancelled" : "failed";
		keep_error(row, e);
	}
	json_object_set_new(row, "state", json_string(state));
	json_object_set_new(row, "cancellable", json_false());
	json_object_del(row, "pid");
	json_object_del(row, "pid_started");
	set_time(row, "ended", now);
	touch(t, row);
}

json_t *tasks_of_key(const struct tasks *t, const char *user, const char *key)
{
	json_t *row;
	size_t i;

	json_array_foreach (t->rows, i, row)
		if (!strcmp(text_of(row, "key"), key) && !strcmp(text_of(row, "user"), user))
			return row;
	return NULL;
}

json_t *task_result(const json_t *row, struct err *e)
{
	const json_t *error = json_object_get(row, "error");

	if (json_is_object(error)) {
		err_set(e, err_kind_from_name(text_of(error, "kind")), "%s",
			text_of(error, "text"));
		return NULL;
	}
	if (json_object_get(row, "result_dropped")) {
		err_set(e, ERR_CONFLICT, "task %s is done; its result was too long to be kept",
			text_of(row, "id"));
		return NULL;
	}
	return json_object_get(row, "result");
}
