// SPDX-License-Identifier: Apache-2.0
/* A snapshot of the running host: visorfs knows the files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/state/snapshot.h"
#include "vfsctl.h"

static void free_state(struct visorfs_state **s)
{
	free(*s);
}

static void free_version(struct visorfs_version **v)
{
	free(*v);
}

/* 1, or 0 if it has gone meanwhile. */
static int read_file(const char *root, const char *path, struct state_file *f, struct err *e)
{
	char full[STATE_PATH_MAX + 256];
	_cleanup_close_ int fd = -1;
	struct stat st;

	snprintf(full, sizeof(full), "%s%s", root, path);
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, errno, "%s", full);
	if (!S_ISREG(st.st_mode))
		return 0;
	if (st.st_size > (off_t)STATE_FILE_MAX)
		return err_set(e, ERR_INVALID,
			       "%.200s: is larger than the %u bytes that a state "
			       "file may have",
			       full, STATE_FILE_MAX);
	if (file_read_fd(fd, full, STATE_FILE_MAX, &f->data, &f->size, e) < 0)
		return -1;
	f->mode = st.st_mode & 07777;
	f->uid = st.st_uid;
	f->gid = st.st_gid;
	f->mtime = st.st_mtime;
	return 1;
}

static int take_one(struct state_snapshot *s, const char *root, const struct visorfs_state *v,
		    struct err *e)
{
	struct state_file f = { .deleted = v->flags & VISORFS_STATE_DELETED };

	if (state_snapshot_find(s, v->path))
		return 0; /* it changed while the others were read, and comes again */
	if (!f.deleted) {
		int rc = read_file(root, v->path, &f, e);

		if (rc <= 0)
			return rc;
	}
	f.path = strdup(v->path);
	return state_snapshot_add(s, &f, e);
}

int state_snapshot_take(struct state_snapshot *s, const char *root, uint64_t *generation,
			struct err *e)
{
	_cleanup_(free_state) struct visorfs_state *v = calloc(1, sizeof(*v));
	_cleanup_close_ int fd = open(*root ? root : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool first = true;
	int rc;

	if (!v)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (fd < 0)
		return err_sys(e, errno, "%s/", root);
	while ((rc = vfs_state_next(fd, v, e)) == 1) {
		if (first)
			*generation = v->generation;
		first = false;
		if (take_one(s, root, v, e) < 0)
			return -1;
	}
	if (first)
		*generation = v->generation;
	return rc;
}

/* Index of the newest version that is a tardisk's regular file; -1 with *e, or -2: none. */
static int newest_shipped(int fd, const char *path, struct visorfs_version *v, struct err *e)
{
	int rc;

	for (uint32_t i = 0; (rc = vfs_version(fd, path, i, false, v, e)) == 1; i++)
		if (v->tardisk[0] &&
		    !(v->flags & (VISORFS_VERSION_RAMDISK | VISORFS_VERSION_DELETED)))
			return S_ISREG(v->mode) ? (int)i : -2;
	return rc < 0 ? -1 : -2;
}

int state_file_shipped(const char *root, const char *path, struct state_file *f, struct err *e)
{
	_cleanup_close_ int fd = open(*root ? root : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_(free_version) struct visorfs_version *v = calloc(1, sizeof(*v));
	_cleanup_close_ int file = -1;
	int i;

	memset(f, 0, sizeof(*f));
	if (!v)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (fd < 0)
		return err_sys(e, errno, "%s/", root);
	i = newest_shipped(fd, path, v, e);
	if (i < 0)
		return i == -2 ? 0 : -1;
	if (vfs_version(fd, path, (uint32_t)i, true, v, e) != 1)
		return -1;
	file = v->fd;
	if (file_read_fd(file, path, STATE_FILE_MAX, &f->data, &f->size, e) < 0)
		return -1;
	f->path = strdup(path);
	f->mode = v->mode & 07777;
	f->uid = v->uid;
	f->gid = v->gid;
	f->mtime = (int64_t)v->mtime;
	if (f->path)
		return 1;
	state_file_clear(f);
	return err_set(e, ERR_NO_SPACE, "out of memory");
}
