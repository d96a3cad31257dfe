// SPDX-License-Identifier: Apache-2.0
/* The staging ramdisk. */
#include "stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "plan.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "vfsctl.h"

static int remove_files(const char *path, struct err *e)
{
	_cleanup_closedir_ DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", path);
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) < 0)
			return err_sys(e, errno, "%s/%s", path, entry->d_name);
	}
	return 0;
}

int bundle_stage_clear(struct err *e)
{
	char path[CORE_PATH_MAX], mount[CORE_PATH_MAX];
	struct err gone = ERR_INIT;

	if (core_path(path, e, CORE_ROOT, BUNDLE_STAGE) < 0 ||
	    core_path(mount, e, CORE_ROOT, "/") < 0 || remove_files(path, e) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (vfs_ramdisk_remove(mount, BUNDLE_STAGE_NAME, &gone) < 0 && gone.num != ENOENT) {
		if (e)
			*e = gone;
		return -1;
	}
	if (rmdir(path) < 0 && errno != ENOENT)
		return err_sys(e, errno, "%s", path);
	return 0;
}

int bundle_stage_make(const struct bundle_descriptor *const *list, size_t n, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (bundle_stage_clear(e) < 0 || core_path(path, e, CORE_ROOT, BUNDLE_STAGE) < 0 ||
	    file_make_dirs(path, e) < 0)
		return -1;
	if (chmod(path, 0700) < 0)
		return err_sys(e, errno, "%s: chmod", path);
	if (vfs_ramdisk_add(path, BUNDLE_STAGE_NAME, bundle_stage_bytes(list, n), 0,
			    bundle_stage_inodes(list, n), e) < 0) {
		rmdir(path);
		return -1;
	}
	return 0;
}

int bundle_stage_path(char path[static CORE_PATH_MAX], const struct bundle_descriptor *d, size_t i,
		      struct err *e)
{
	return core_path(path, e, CORE_ROOT, BUNDLE_STAGE "/%s:%s", d->name, d->payloads[i].name);
}

int bundle_stage_file(const struct bundle_descriptor *d, size_t i, struct err *e)
{
	char path[CORE_PATH_MAX];
	int fd;

	if (bundle_stage_path(path, d, i, e) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? err_sys(e, errno, "%s", path) : fd;
}
