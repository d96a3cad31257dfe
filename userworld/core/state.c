// SPDX-License-Identifier: Apache-2.0
/*
 * system.state: the state of the host is exactly the set of sticky files that
 * were changed since boot; visorfs knows them.
 */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "cleanup.h"
#include "event.h"
#include "internal.h"
#include "vfsctl.h"

static void free_state(struct visorfs_state **s)
{
	free(*s);
}

int state_each(state_fn *fn, void *context, struct err *e)
{
	_cleanup_(free_state) struct visorfs_state *s = calloc(1, sizeof(*s));
	_cleanup_close_ int fd = -1;
	char root[CORE_PATH_MAX];
	int rc;

	if (!s)
		return core_nomem(e);
	if (core_path(root, e, CORE_ROOT, "/") < 0)
		return -1;
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s", root);
	while ((rc = vfs_state_next(fd, s, e)) == 1)
		if (fn(context, s->path, s->flags & VISORFS_STATE_DELETED, e) < 0)
			return -1;
	return rc;
}

static int add_row(void *rows, const char *path, bool deleted, struct err *e)
{
	/* A path that is no UTF-8 cannot be told in JSON; json_pack() refuses it. */
	if (json_array_append_new(rows, json_pack("{s:s, s:b}", "path", path, "deleted", deleted)) <
	    0)
		return err_set(e, ERR_INVALID, "a state file's path is not UTF-8");
	return 0;
}

static int state_list(json_t *params, json_t **result, struct err *e)
{
	json_t *rows = json_array();

	(void)params;
	if (!rows)
		return core_nomem(e);
	*result = rows;
	return state_each(add_row, rows, e);
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

static int restore(json_t *params, json_t **result, struct err *e)
{
	const char *file = core_string(params, "file");
	char path[CORE_PATH_MAX];
	int count;

	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	count = state_restore(path, e);
	if (count < 0)
		return -1;
	core_event("state", "warning", "State was restored from %s: %d files", file, count);
	return core_give(result, json_pack("{s:s, s:i}", "file", file, "files", count), e);
}

static const struct core_param file_params[] = {
	{ "file", CORE_PATH, .required = true, .min = 2, .max = 1024,
	  .help = "Archive on the host, state.tgz" },
	{ 0 },
};

const struct core_op core_state_ops[] = {
	{
		.name = "system.state.list",
		.method = "GET",
		.path = "/system/state",
		.run = state_list,
		.help = "State files that were changed since boot",
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
