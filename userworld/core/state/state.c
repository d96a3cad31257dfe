// SPDX-License-Identifier: Apache-2.0
/*
 * system.state: the state of the host is exactly the set of sticky files that
 * were changed since boot, or by what was loaded then; visorfs knows them.
 */
#include "state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "userworld/core/event.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "client.h"
#include "userworld/state/snapshot.h"

#define STATUS_MAX 8192

/* Seconds until a moment of the host's own clock, in ms; 0: it is over, or there is none. */
static json_int_t left(json_int_t moment)
{
	struct timespec now;
	json_int_t ms;

	clock_gettime(CLOCK_BOOTTIME, &now);
	ms = moment - ((json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	return ms > 0 ? (ms + 999) / 1000 : 0;
}

/* What stated has written about itself, and whether it is still true. */
static int state_get(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	(void)params;
	if (core_path(path, e, CORE_RUN, STATE_STATUS) < 0)
		return -1;
	if (file_read(path, STATUS_MAX, &text, NULL, e) < 0)
		return err_set(
			e, ERR_UNAVAILABLE,
			"stated has not said anything yet; \"system service list\" shows it");
	*result = json_loads(text, 0, NULL);
	if (!*result)
		return err_set(e, ERR_SYSTEM, "%s: cannot be read", path);
	json_object_set_new(
		*result, "trial_seconds",
		json_integer(left(json_integer_value(json_object_get(*result, "trial")))));
	return 0;
}

/* Is path among those that differ from what was saved? Without an answer nothing is sure: null. */
static json_t *saved(const json_t *changes, const char *path)
{
	const json_t *row;
	size_t i;

	if (!changes)
		return json_null();
	json_array_foreach (changes, i, row) {
		const char *one = json_string_value(json_object_get(row, "path"));

		if (one && !strcmp(one, path))
			return json_false();
	}
	return json_true();
}

static int add_rows(const struct state_snapshot *s, const json_t *changes, json_t *rows,
		    struct err *e)
{
	for (size_t i = 0; i < s->count; i++) {
		const char *path = s->list[i].path;

		/* A path that is no UTF-8 cannot be told in JSON; json_pack() refuses it. */
		if (json_array_append_new(rows, json_pack("{s:s, s:b, s:o}", "path", path,
							  "deleted", s->list[i].deleted, "saved",
							  saved(changes, path))) < 0)
			return err_set(e, ERR_INVALID, "a state file's path is not UTF-8");
	}
	return 0;
}

static int state_list(json_t *params, json_t **result, struct err *e)
{
	struct state_snapshot s = { 0 };
	json_t *changes = NULL;
	uint64_t generation;
	int rc;

	(void)params;
	*result = json_array();
	if (!*result)
		return core_nomem(e);
	rc = state_snapshot_take(&s, core_prefix(CORE_ROOT), &generation, e);
	if (rc == 0)
		state_ask("diff", json_object(), &changes, NULL);
	if (rc == 0)
		rc = add_rows(&s, changes, *result, e);
	json_decref(changes);
	state_snapshot_free(&s);
	return rc;
}

static int backup(json_t *params, json_t **result, struct err *e)
{
	const char *file = core_string(params, "file");
	char path[CORE_PATH_MAX];
	int count;

	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	count = state_backup(path, e);
	if (count < 0)
		return -1;
	return core_give(result, json_pack("{s:s, s:i}", "file", file, "files", count), e);
}

/*
 * What has to happen beside the files: the names of services that an operator restarts. Without
 * stated, which does the rest, nobody knows them: null.
 */
static json_t *put_in_force(json_t *changed)
{
	json_t *answer = NULL, *services;

	state_ask("effects", json_pack("{s:o}", "paths", changed), &answer, NULL);
	services = json_incref(json_object_get(answer, "restart"));
	json_decref(answer);
	return services ? services : json_null();
}

static int restore(json_t *params, json_t **result, struct err *e)
{
	const char *file = core_string(params, "file");
	json_t *changed = json_array();
	char path[CORE_PATH_MAX];
	int count = -1;

	if (core_path(path, e, CORE_ROOT, "%s", file) == 0)
		count = state_restore(path, changed, e);
	if (count < 0) {
		json_decref(changed);
		return -1;
	}
	state_note("restore from an archive");
	core_event(EVENT_STATE_CHANGED, NULL, "State was restored from %s: %d files", file, count);
	return core_give(result,
			 json_pack("{s:s, s:i, s:o}", "file", file, "files", count, "restart",
				   put_in_force(changed)),
			 e);
}

static const struct core_param file_params[] = {
	{ "file", CORE_PATH, .required = true, .min = 2, .max = 1024,
	  .help = "Archive on the host: state.tgz" },
	{ 0 },
};

const struct core_op core_state_ops[] = {
	{
		.name = "system.state.get",
		.method = "GET",
		.path = "/system/state/status",
		.run = state_get,
		.help = "Where state is saved, whether it is, and why not",
	},
	{
		.name = "system.state.list",
		.method = "GET",
		.path = "/system/state",
		.flags = CORE_SLOW,
		.run = state_list,
		.help = "State files that differ from what was shipped",
	},
	{
		.name = "system.state.backup",
		.method = "POST",
		.path = "/system/state/backup",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = file_params,
		.run = backup,
		.help = "Writes the changed state files to an archive",
	},
	{
		.name = "system.state.restore",
		.method = "POST",
		.path = "/system/state/restore",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = file_params,
		.run = restore,
		.help = "Brings back the state files of an archive",
	},
	{ 0 },
};
