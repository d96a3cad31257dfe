// SPDX-License-Identifier: Apache-2.0
/* Carrying out what was decided about changed state files. */
#include "local.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "log.h"
#include "userworld/state/snapshot.h"

typedef int action_fn(const char *path, struct err *e);

static int each(const json_t *plan, bool (*wanted)(const json_t *item), action_fn *act,
		struct err *e)
{
	json_t *item;
	size_t i;

	json_array_foreach ((json_t *)plan, i, item) {
		const char *path = json_string_value(json_object_get(item, "path"));

		if (path && wanted(item) && act(path, e) < 0)
			return -1;
	}
	return 0;
}

static bool has_action(const json_t *item, const char *action)
{
	const char *text = json_string_value(json_object_get(item, "action"));

	return text && !strcmp(text, action);
}

static int replace(const char *path, const char *data, size_t len, const struct stat *st,
		   struct err *e)
{
	if (file_write_atomic(path, data, len, st->st_mode & 07777, e) < 0)
		return -1;
	/* The owner first: a change of it takes mode bits away. */
	if (chown(path, st->st_uid, st->st_gid) < 0 || chmod(path, st->st_mode & 07777) < 0)
		return err_sys(e, errno, "%s: owner and mode", path);
	return 0;
}

/* The same under the same name, but a file of the ramdisk: no switch takes it away. */
static int keep_one(const char *file, struct err *e)
{
	_cleanup_free_ char *data = NULL;
	char path[CORE_PATH_MAX];
	struct stat st;
	size_t len;

	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0; /* deleted, or made something else, meanwhile */
	if (file_read(path, STATE_FILE_MAX, &data, &len, e) < 0)
		return -1;
	return replace(path, data, len, &st, e);
}

static bool is_to_keep(const json_t *item)
{
	return !json_is_true(json_object_get(item, "ramdisk"));
}

int bundle_local_keep(const json_t *plan, struct err *e)
{
	return each(plan, is_to_keep, keep_one, e);
}

static int read_all(int fd, size_t len, char **data, struct err *e)
{
	size_t have = 0;
	ssize_t n;

	*data = malloc(len + 1);
	if (!*data)
		return core_nomem(e);
	while (have < len && (n = read(fd, *data + have, len - have)) != 0) {
		if (n < 0)
			return err_sys(e, errno, "read");
		have += (size_t)n;
	}
	return have == len ? 0 : err_set(e, ERR_SYSTEM, "read: ends early");
}

/* The newest that a tardisk ships, in place of what the ramdisk has. 1 if none ships it. */
static int renew_one(const char *file, struct err *e)
{
	_cleanup_free_ struct visorfs_version *v = calloc(1, sizeof(*v));
	_cleanup_close_ int root = -1;
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *data = NULL;
	char path[CORE_PATH_MAX];
	struct stat st = { 0 };
	uint32_t i = 0;
	int rc;

	if (!v)
		return core_nomem(e);
	if (core_path(path, e, CORE_ROOT, "/") < 0)
		return -1;
	root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return err_sys(e, errno, "%s", path);
	while ((rc = vfs_version(root, file, i, false, v, e)) == 1 &&
	       v->flags & VISORFS_VERSION_RAMDISK)
		i++;
	if (rc != 1)
		return rc < 0 ? -1 : 1;
	st.st_mode = v->mode;
	st.st_uid = v->uid;
	st.st_gid = v->gid;
	if (vfs_version(root, file, i, true, v, e) != 1)
		return -1;
	fd = v->fd;
	if (read_all(fd, v->bytes, &data, e) < 0)
		return err_wrap(e, "%s", file);
	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	return replace(path, data, v->bytes, &st, e);
}

static int drop_one(const char *file, struct err *e)
{
	char path[CORE_PATH_MAX];
	int rc = renew_one(file, e);

	if (rc <= 0)
		return rc;
	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	return unlink(path) < 0 && errno != ENOENT ? err_sys(e, errno, "%s", path) : 0;
}

static bool is_to_renew(const json_t *item)
{
	return has_action(item, local_action_name(LOCAL_RENEW));
}

static bool is_to_drop(const json_t *item)
{
	return has_action(item, local_action_name(LOCAL_DROP));
}

int bundle_local_renew(const json_t *plan, struct err *e)
{
	return each(plan, is_to_renew, renew_one, e) < 0 ? -1 : each(plan, is_to_drop, drop_one, e);
}

static int remove_one(const char *file, struct err *e)
{
	struct err why = ERR_INIT;

	(void)e;
	if (drop_one(file, &why) < 0)
		log_warnx("a state file of a bundle that was removed is still there: %s", why.text);
	return 0;
}

static bool is_to_remove(const json_t *item)
{
	return has_action(item, local_action_name(LOCAL_REMOVED));
}

void bundle_local_remove(const json_t *plan)
{
	each(plan, is_to_remove, remove_one, NULL);
}
