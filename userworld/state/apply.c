// SPDX-License-Identifier: Apache-2.0
/* One file of a snapshot to the file system. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/state/snapshot.h"

#define FULL_MAX (STATE_PATH_MAX + 256)

static int make_folder(const char *path, struct err *e)
{
	char folder[FULL_MAX];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return 0;
	*slash = '\0';
	return access(folder, F_OK) == 0 ? 0 : file_make_dirs(folder, e);
}

/* Owner and time before the name: nobody sees it half. */
static int fill(int fd, const struct state_file *f)
{
	const struct timespec times[] = { { .tv_sec = f->mtime }, { .tv_sec = f->mtime } };

	if (fd_write_all(fd, f->data, f->size) < 0 || fchown(fd, f->uid, f->gid) < 0 ||
	    fchmod(fd, f->mode) < 0)
		return -1;
	return futimens(fd, times);
}

static int write_file(const struct state_file *f, const char *path, struct err *e)
{
	char temp[FULL_MAX + 8];
	_cleanup_close_ int fd = -1;

	snprintf(temp, sizeof(temp), "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s: make a new file beside it", path);
	if (fill(fd, f) < 0 || rename(temp, path) < 0) {
		int num = errno;

		unlink(temp);
		return err_sys(e, num, "%s: write", path);
	}
	return 0;
}

int state_file_apply(const struct state_file *f, const char *root, struct err *e)
{
	char path[FULL_MAX];

	if (snprintf(path, sizeof(path), "%s%s", root, f->path) >= (int)sizeof(path))
		return err_set(e, ERR_INVALID, "%.64s...: path too long", f->path);
	if (f->deleted)
		return unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : err_sys(e, errno, "%s: remove", path);
	if (make_folder(path, e) < 0)
		return -1;
	return write_file(f, path, e);
}
