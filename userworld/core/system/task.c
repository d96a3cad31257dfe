// SPDX-License-Identifier: Apache-2.0
/* system.task: what takes long, for those who did not wait for it. */
#include "task.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"

#define STAT_STARTED 20 /* the word of /proc/PID/stat that says it, counted behind the name */

json_t *task_shown(json_t *row, bool whole)
{
	static const char *const own[] = { "pid", "pid_started", "key", "digest" };
	json_t *shown = json_copy(row);

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		json_object_del(shown, own[i]);
	if (!whole)
		json_object_del(shown, "result");
	return shown;
}

json_int_t task_pid_started(int pid)
{
	char path[CORE_PATH_MAX], text[1024];
	long long started = 0;
	char *at;

	if (core_path(path, NULL, CORE_PROC, "/proc/%d/stat", pid) < 0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0)
		return 0;
	at = strrchr(text, ')'); /* the name before it may hold anything */
	for (int i = 0; at && i < STAT_STARTED; i++)
		at = strchr(at + 1, ' ');
	return at && sscanf(at, " %lld", &started) == 1 ? started : 0;
}

/* An empty array if hostd has never run. */
static int read_rows(json_t **rows, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	json_error_t bad;
	json_t *file;

	if (core_text(path, CORE_RUN, TASK_FILE, TASK_FILE_MAX, &text, e) < 0)
		return -1;
	if (!*text)
		return core_give(rows, json_array(), e);
	file = json_loads(text, JSON_REJECT_DUPLICATES, &bad);
	*rows = json_incref(json_object_get(file, "tasks"));
	json_decref(file);
	if (!json_is_array(*rows)) {
		json_decref(*rows);
		return err_set(e, ERR_INVALID,
			       "%s: not the table of tasks; a restart of hostd "
			       "begins a new one",
			       path);
	}
	return 0;
}

static int list(json_t *params, json_t **result, struct err *e)
{
	json_int_t since = core_integer(params, "since", 0);
	json_t *rows, *row, *shown;
	size_t i;

	if (read_rows(&rows, e) < 0)
		return -1;
	shown = json_array();
	json_array_foreach (rows, i, row)
		if (json_integer_value(json_object_get(row, "revision")) > since)
			json_array_append_new(shown, task_shown(row, false));
	json_decref(rows);
	return core_give(result, shown, e);
}

static int find(json_t *params, json_t **found, struct err *e)
{
	const char *id = core_string(params, "id");
	json_t *rows, *row;
	size_t i;

	if (read_rows(&rows, e) < 0)
		return -1;
	*found = NULL;
	json_array_foreach (rows, i, row)
		if (!strcmp(json_string_value(json_object_get(row, "id")) ?: "", id))
			*found = json_incref(row);
	json_decref(rows);
	if (!*found)
		return err_set(e, ERR_NOT_FOUND,
			       "task %s: there is none; \"system task list\" shows those there are",
			       id);
	return 0;
}

static int get(json_t *params, json_t **result, struct err *e)
{
	json_t *row;

	if (find(params, &row, e) < 0)
		return -1;
	*result = task_shown(row, true);
	json_decref(row);
	return 0;
}

/* The process must be that which hostd has started, not a later one of the same id. */
static int end_worker(int pid, json_int_t started, struct err *e)
{
	_cleanup_close_ int fd = pid > 1 ? pidfd_open(pid, 0) : -1;

	if (fd < 0 || started == 0 || task_pid_started(pid) != started)
		return err_set(e, ERR_CONFLICT, "the task has just ended");
	if (pidfd_send_signal(fd, SIGTERM, NULL, 0) < 0)
		return err_sys(e, errno, "ending process %d", pid);
	return 0;
}

static int cancel(json_t *params, json_t **result, struct err *e)
{
	json_int_t pid, started;
	json_t *row;
	bool may, runs;

	(void)result;
	if (find(params, &row, e) < 0)
		return -1;
	may = json_is_true(json_object_get(row, "cancellable"));
	pid = json_integer_value(json_object_get(row, "pid"));
	started = json_integer_value(json_object_get(row, "pid_started"));
	runs = !strcmp(json_string_value(json_object_get(row, "state")) ?: "", "running");
	json_decref(row);
	if (!runs)
		return err_set(e, ERR_CONFLICT, "the task has ended");
	if (!may)
		return err_set(e, ERR_CONFLICT,
			       "this task cannot be cancelled: it would leave things half done");
	return end_worker((int)pid, started, e);
}

static const struct core_param list_params[] = {
	{ "since", CORE_INT, .min = 0, .max = INT64_MAX,
	  .help = "Those that changed after this revision" },
	{ 0 },
};
static const struct core_param id_params[] = {
	{ "id", CORE_NAME, .required = true, .min = 1, .max = 64, .help = "Id of the task" },
	{ 0 },
};

const struct core_op core_task_ops[] = {
	{
		.name = "system.task.list",
		.method = "GET",
		.path = "/system/tasks",
		.privilege = CORE_OPERATE,
		.flags = CORE_QUIET,
		.params = list_params,
		.run = list,
		.help = "Tasks: what runs, and what has ended not long ago",
	},
	{
		.name = "system.task.get",
		.method = "GET",
		.path = "/system/tasks/{id}",
		.privilege = CORE_OPERATE,
		.flags = CORE_QUIET,
		.params = id_params,
		.run = get,
		.help = "A task with its result",
	},
	{
		.name = "system.task.cancel",
		.method = "DELETE",
		.path = "/system/tasks/{id}",
		.privilege = CORE_OPERATE,
		.flags = CORE_QUIET,
		.params = id_params,
		.run = cancel,
		.help = "Ends a task that runs; nothing is left half done",
	},
	{ 0 },
};
