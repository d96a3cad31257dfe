// SPDX-License-Identifier: Apache-2.0
/* system.state.history and what goes with it: generations on the medium. stated(8) does it. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "client.h"

#define TRY_MAX 86400 /* seconds */

static int history(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return state_ask("history", json_object(), result, e);
}

/* A file of a generation, as something to read from; *there: it had one, or it is shipped. */
static int open_old(json_int_t generation, const char *path, bool *there, struct err *e)
{
	_cleanup_close_ int fd = memfd_create("old", MFD_CLOEXEC);
	const char *text;
	json_t *answer;
	int rc;

	if (fd < 0)
		return err_sys(e, errno, "memory for a file");
	if (state_ask("file", json_pack("{s:I, s:s}", "generation", generation, "path", path),
		      &answer, e) < 0)
		return -1;
	text = json_string_value(json_object_get(answer, "text"));
	*there = json_is_true(json_object_get(answer, "there"));
	rc = text ? fd_write_all(fd, text, strlen(text)) : 0;
	json_decref(answer);
	if (rc < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(e, errno, "memory for a file");
	return steal_fd(&fd);
}

static int diff(json_t *params, json_t **result, struct err *e)
{
	json_int_t generation = core_integer(params, "generation", 0);
	const char *path = core_string(params, "file");
	char full[CORE_PATH_MAX], label[CORE_PATH_MAX + 64];
	_cleanup_close_ int fd = -1;
	bool there = false;

	if (!path)
		return state_ask("diff", json_pack("{s:I}", "generation", generation), result, e);
	if (core_path(full, e, CORE_ROOT, "%s", path) < 0)
		return -1;
	fd = open_old(generation, path, &there, e);
	if (fd < 0)
		return -1;
	if (!there && access(full, F_OK) < 0)
		return err_set(e, ERR_NOT_FOUND, "%s: is no file, now or then", path);
	if (generation)
		snprintf(label, sizeof(label), "%s (generation %lld)", path, (long long)generation);
	else
		snprintf(label, sizeof(label), "%s (saved)", path);
	return core_diff(fd, label, full, result, e);
}

static int revert(json_t *params, json_t **result, struct err *e)
{
	return state_ask("revert",
			 json_pack("{s:I}", "generation", core_integer(params, "generation", 0)),
			 result, e);
}

/* The name of the host is asked for: whoever types it knows which one he resets. */
static int reset(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX], name[128];

	if (core_path(path, e, CORE_PROC, "/proc/sys/kernel/hostname") < 0 ||
	    file_read_at(-1, path, name, sizeof(name), e) < 0)
		return -1;
	if (strcmp(core_string(params, "hostname"), name) != 0)
		return err_set(
			e, ERR_INVALID,
			"hostname: give the name of this host, to show that it is the one to "
			"lose its configuration");
	return state_ask("reset", json_object(), result, e);
}

static int adopt(json_t *params, json_t **result, struct err *e)
{
	return state_ask("adopt", json_pack("{s:s}", "device", core_string(params, "device")),
			 result, e);
}

static int save(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return state_ask("save", json_object(), result, e);
}

static int try(json_t *params, json_t **result, struct err *e)
{
	json_int_t seconds = core_integer(params, "seconds", 300);

	if (state_ask("try", json_pack("{s:I}", "seconds", seconds), NULL, e) < 0)
		return -1;
	return core_give(result, json_pack("{s:I}", "seconds", seconds), e);
}

static int confirm(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return state_ask("confirm", json_object(), result, e);
}

static int cancel(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return state_ask("cancel", json_object(), result, e);
}

static const struct core_param diff_params[] = {
	{ "generation", CORE_INT, .min = 0, .max = INT64_MAX,
	  .among = "system.state.history generation",
	  .help = "Since this one; default: the one saved last" },
	{ "file", CORE_PATH, .min = 2, .max = 4000, .help = "Show the lines of this file" },
	{ 0 },
};

static const struct core_param revert_params[] = {
	{ "generation", CORE_INT, .required = true, .min = 1, .max = INT64_MAX,
	  .among = "system.state.history generation", .help = "Back to this one" },
	{ 0 },
};

static const struct core_param reset_params[] = {
	{ "hostname", CORE_STRING, .required = true, .min = 1, .max = 64,
	  .help = "The name of this host, as it is now" },
	{ 0 },
};

static const struct core_param adopt_params[] = {
	{ "device", CORE_PATH, .required = true, .min = 6, .max = 63,
	  .among = "system.boot.disk.list device", .help = "Disk, or its partition for state" },
	{ 0 },
};

static const struct core_param try_params[] = {
	{ "seconds", CORE_INT, .min = 1, .max = TRY_MAX, .otherwise = "300",
	  .help = "Time to confirm before changes are taken back" },
	{ 0 },
};

const struct core_op core_state_history_ops[] = {
	{
		.name = "system.state.history",
		.method = "GET",
		.path = "/system/state/history",
		.flags = CORE_SLOW,
		.run = history,
		.help = "Generations on the medium, newest first: when, who and what",
	},
	{
		.name = "system.state.diff",
		.method = "GET",
		.path = "/system/state/diff",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = diff_params,
		.run = diff,
		.help = "What has changed since a generation",
	},
	{
		.name = "system.state.save",
		.method = "POST",
		.path = "/system/state/save",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_QUIET,
		.run = save,
		.help = "Returns when all changes are on the medium",
	},
	{
		.name = "system.state.revert",
		.method = "POST",
		.path = "/system/state/revert",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = revert_params,
		.run = revert,
		.help = "Makes all state files as they were in a generation",
	},
	{
		.name = "system.state.try",
		.method = "POST",
		.path = "/system/state/try",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = try_params,
		.run = try,
		.help = "What is changed from now on is taken back unless it is confirmed in time",
	},
	{
		.name = "system.state.confirm",
		.method = "POST",
		.path = "/system/state/confirm",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.run = confirm,
		.help = "Keeps what was changed since system.state.try",
	},
	{
		.name = "system.state.cancel",
		.method = "POST",
		.path = "/system/state/cancel",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.run = cancel,
		.help = "Takes back at once what was changed since system.state.try",
	},
	{
		.name = "system.state.adopt",
		.method = "POST",
		.path = "/system/state/adopt",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = adopt_params,
		.run = adopt,
		.help = "Saves state on this medium from now on",
	},
	{
		.name = "system.state.reset",
		.method = "POST",
		.path = "/system/state/reset",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = reset_params,
		.run = reset,
		.help = "Factory settings from the next start on",
	},
	{ 0 },
};
