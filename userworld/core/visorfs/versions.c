// SPDX-License-Identifier: Apache-2.0
/* system.file: which tardisks provide a file, and what one of them shipped. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "userworld/core/internal.h"
#include "utc.h"
#include "vfsctl.h"

#define TEXT_MAX (1u << 20) /* bytes that are shown of a file or of a difference */

static void free_version(struct visorfs_version **v)
{
	free(*v);
}

static int open_root(struct err *e)
{
	char root[CORE_PATH_MAX];
	int fd;

	if (core_path(root, e, CORE_ROOT, "/") < 0)
		return -1;
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, errno, "%s", root) : fd;
}

static const char *type_of(const struct visorfs_version *v)
{
	switch (v->mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "link";
	case S_IFCHR:
	case S_IFBLK:
		return "device";
	case S_IFIFO:
		return "fifo";
	case S_IFSOCK:
		return "socket";
	default:
		return "";
	}
}

static json_t *pack_version(const struct visorfs_version *v)
{
	char mode[8] = "", modified[UTC_MAX] = "";

	if (!(v->flags & VISORFS_VERSION_DELETED)) {
		snprintf(mode, sizeof(mode), "%04o", v->mode & 07777);
		utc_text((time_t)v->mtime, modified);
	}
	return json_pack("{s:s, s:b, s:b, s:b, s:s, s:s, s:I, s:I, s:I, s:s}", "tardisk",
			 v->tardisk, "visible", !!(v->flags & VISORFS_VERSION_VISIBLE), "deleted",
			 !!(v->flags & VISORFS_VERSION_DELETED), "changed",
			 !!(v->flags & VISORFS_VERSION_CHANGED), "type", type_of(v), "mode", mode,
			 "uid", (json_int_t)v->uid, "gid", (json_int_t)v->gid, "size",
			 (json_int_t)v->bytes, "modified", modified);
}

static int provenance(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(free_version) struct visorfs_version *v = calloc(1, sizeof(*v));
	const char *path = core_string(params, "path");
	_cleanup_close_ int root = open_root(e);
	json_t *rows;
	int rc;

	if (root < 0)
		return -1;
	rows = json_array();
	if (!v || !rows) {
		json_decref(rows);
		return core_nomem(e);
	}
	*result = rows;
	for (uint32_t i = 0; (rc = vfs_version(root, path, i, false, v, e)) == 1; i++)
		if (json_array_append_new(rows, pack_version(v)) < 0)
			return core_nomem(e);
	if (!rc && !json_array_size(rows))
		return err_set(e, ERR_NOT_FOUND, "%s: no tardisk and no ramdisk has it", path);
	return rc;
}

/* The version of a tardisk, or the newest of any: a descriptor. */
static int open_shipped(const char *path, const char *tardisk, char *name, size_t size,
			struct err *e)
{
	_cleanup_(free_version) struct visorfs_version *v = calloc(1, sizeof(*v));
	_cleanup_close_ int root = open_root(e);
	int rc;

	if (!v)
		return core_nomem(e);
	if (root < 0)
		return -1;
	for (uint32_t i = 0; (rc = vfs_version(root, path, i, false, v, e)) == 1; i++) {
		if (!v->tardisk[0] || (tardisk && strcmp(v->tardisk, tardisk) != 0) ||
		    v->flags & VISORFS_VERSION_RAMDISK)
			continue;
		snprintf(name, size, "%s", v->tardisk);
		rc = vfs_version(root, path, i, true, v, e);
		return rc == 1 ? v->fd : -1;
	}
	if (rc == 0 && tardisk)
		err_set(e, ERR_NOT_FOUND, "%s: tardisk %s does not have it", path, tardisk);
	else if (rc == 0)
		err_set(e, ERR_NOT_FOUND, "%s: no tardisk has it", path);
	return -1;
}

/* Everything a descriptor gives, up to TEXT_MAX bytes, NUL-terminated. */
static int read_text(int fd, char **text, struct err *e)
{
	size_t len = 0;
	ssize_t n = 0;

	*text = malloc(TEXT_MAX + 1);
	if (!*text)
		return core_nomem(e);
	while (len < TEXT_MAX && (n = read(fd, *text + len, TEXT_MAX - len)) > 0)
		len += (size_t)n;
	if (n < 0)
		return err_sys(e, errno, "read");
	(*text)[len] = '\0';
	if (strlen(*text) != len)
		return err_set(e, ERR_INVALID, "it is no text");
	return 0;
}

static int give_lines(const char *text, json_t **result, struct err *e)
{
	json_t *lines = json_array();

	while (lines && *text) {
		size_t len = strcspn(text, "\n");

		if (json_array_append_new(lines, json_stringn(text, len)) < 0) {
			json_decref(lines);
			return err_set(e, ERR_INVALID, "it is no UTF-8 text");
		}
		text += len + (text[len] == '\n');
	}
	return core_give(result, lines ? json_pack("{s:o}", "lines", lines) : NULL, e);
}

static int shipped(json_t *params, json_t **result, struct err *e)
{
	const char *path = core_string(params, "path");
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int fd = -1;
	char name[VISORFS_NAME_MAX + 1];

	fd = open_shipped(path, core_string(params, "tardisk"), name, sizeof(name), e);
	if (fd < 0)
		return -1;
	if (read_text(fd, &text, e) < 0)
		return err_wrap(e, "%s of %s", path, name);
	return give_lines(text, result, e);
}

/* diff(1) with the shipped version as standard input. */
static int run_diff(int fd, const char *label, const char *path, char **text, struct err *e)
{
	const char *const argv[] = { "diff", "-u", "-L", label, "-L", path, "-", path, NULL };
	posix_spawn_file_actions_t actions;
	int pipes[2], status, rc;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	rc = posix_spawn(&pid, "/usr/bin/diff", &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	if (rc) {
		close(pipes[0]);
		return err_sys(e, rc, "/usr/bin/diff");
	}
	rc = read_text(pipes[0], text, e);
	close(pipes[0]);
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
		return err_set(e, ERR_INVALID, "%s: cannot be compared", path);
	return rc;
}

int core_diff(int fd, const char *label, const char *path, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;

	/* A file that was deleted differs from nothing. */
	if (run_diff(fd, label, access(path, F_OK) ? "/dev/null" : path, &text, e) < 0)
		return -1;
	return give_lines(text, result, e);
}

static int diff(json_t *params, json_t **result, struct err *e)
{
	const char *path = core_string(params, "path");
	char name[VISORFS_NAME_MAX + 1], label[VISORFS_PATH_MAX + 100], file[CORE_PATH_MAX];
	_cleanup_close_ int fd = -1;

	if (core_path(file, e, CORE_ROOT, "%s", path) < 0)
		return -1;
	fd = open_shipped(path, core_string(params, "tardisk"), name, sizeof(name), e);
	if (fd < 0)
		return -1;
	snprintf(label, sizeof(label), "%s (%s)", path, name);
	return core_diff(fd, label, file, result, e);
}

static const struct core_param path_params[] = {
	{ "path", CORE_PATH, .required = true, .min = 2, .max = 4000,
	  .help = "Absolute path, also of a deleted file" },
	{ 0 },
};

static const struct core_param version_params[] = {
	{ "path", CORE_PATH, .required = true, .min = 2, .max = 4000,
	  .help = "Absolute path, also of a deleted file" },
	{ "tardisk", CORE_NAME, .max = VISORFS_NAME_MAX, .among = "system.tardisk.list name",
	  .help = "Default: the newest that has it" },
	{ 0 },
};

const struct core_op core_file_ops[] = {
	{
		.name = "system.file.provenance",
		.method = "GET",
		.path = "/system/file/provenance",
		.params = path_params,
		.run = provenance,
		.help = "Who provides a path, newest first",
	},
	{
		.name = "system.file.shipped",
		.method = "GET",
		.path = "/system/file/shipped",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.params = version_params,
		.run = shipped,
		.help = "The lines of a file as its tardisk has it",
	},
	{
		.name = "system.file.diff",
		.method = "GET",
		.path = "/system/file/diff",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = version_params,
		.run = diff,
		.help = "What changed in a file since its tardisk shipped it",
	},
	{ 0 },
};
