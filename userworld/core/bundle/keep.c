// SPDX-License-Identifier: Apache-2.0
/* Payloads that are kept. */
#include "keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "vfsctl.h"

#define PAGE 4096u
#define SLACK (64u << 10)
#define INODES 8

/* What is in use, in bytes of whole pages and in files. */
struct use {
	uint64_t bytes;
	uint64_t files;
};

static void add_file(struct use *u, uint64_t size)
{
	u->bytes += (size + PAGE - 1) / PAGE * PAGE;
	u->files++;
}

/* What is there; keep (NULL: all) says which files stay, the others are removed. */
static int walk(const char *path, bool (*keep)(const char *name, const void *arg), const void *arg,
		struct use *u, struct err *e)
{
	_cleanup_closedir_ DIR *dir = opendir(path);
	struct dirent *entry;
	struct stat st;

	if (!dir)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", path);
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (keep && !keep(entry->d_name, arg)) {
			if (unlinkat(dirfd(dir), entry->d_name, 0) < 0)
				return err_sys(e, errno, "%s/%s", path, entry->d_name);
		} else if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
			add_file(u, (uint64_t)st.st_size);
		}
	}
	return 0;
}

static int is_there(bool *there, struct err *e)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	size_t n = 0;

	*there = false;
	if (vfs_ramdisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		*there = *there || !strcmp(list[i].name, BUNDLE_KEEP_NAME);
	return 0;
}

static int set_size(const char *path, const struct use *u, struct err *e)
{
	char mount[CORE_PATH_MAX];
	bool there;

	if (core_path(mount, e, CORE_ROOT, "/") < 0 || is_there(&there, e) < 0)
		return -1;
	if (there)
		return vfs_ramdisk_resize(mount, BUNDLE_KEEP_NAME, u->bytes + SLACK, 0,
					  u->files + INODES, e);
	return vfs_ramdisk_add(path, BUNDLE_KEEP_NAME, u->bytes + SLACK, 0, u->files + INODES, e);
}

int bundle_keep_room(const struct bundle_record *const *list, size_t n, struct err *e)
{
	struct use u = { 0, 0 };
	char path[CORE_PATH_MAX];

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i]->d->n_payloads; k++)
			add_file(&u, list[i]->d->payloads[k].size);
	if (!u.files)
		return 0;
	if (core_path(path, e, CORE_ROOT, BUNDLE_KEEP) < 0 || file_make_dirs(path, e) < 0 ||
	    walk(path, NULL, NULL, &u, e) < 0)
		return -1;
	if (chmod(path, 0700) < 0)
		return err_sys(e, errno, "%s: chmod", path);
	return set_size(path, &u, e);
}

static int path_of(char path[static CORE_PATH_MAX], const char *tardisk, struct err *e)
{
	return core_path(path, e, CORE_ROOT, BUNDLE_KEEP "/%s", tardisk);
}

int bundle_keep_take(const char *staged, const char *tardisk, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (path_of(path, tardisk, e) < 0)
		return -1;
	return rename(staged, path) < 0 ? err_sys(e, errno, "%s: rename to %s", staged, path) : 0;
}

int bundle_keep_open(const char *tardisk, struct err *e)
{
	char path[CORE_PATH_MAX];
	int fd;

	if (path_of(path, tardisk, e) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? err_sys(e, errno, "%s", path) : fd;
}

bool bundle_keep_has(const struct bundle_record *r)
{
	char path[CORE_PATH_MAX];

	for (size_t i = 0; i < r->n_tardisks; i++)
		if (path_of(path, r->tardisks[i], NULL) < 0 || access(path, R_OK) < 0)
			return false;
	return true;
}

struct wanted {
	const struct bundle_set *set;
	const struct bundle_change *c;
};

static bool has_tardisk(const struct bundle_record *r, const char *name)
{
	for (size_t i = 0; i < r->n_tardisks; i++)
		if (!strcmp(r->tardisks[i], name))
			return true;
	return false;
}

static bool is_wanted(const char *name, const void *arg)
{
	const struct wanted *w = arg;

	for (size_t i = 0; i < w->set->n; i++)
		if (!w->set->items[i].base && has_tardisk(&w->set->items[i], name))
			return true;
	for (size_t i = 0; w->c && i < w->c->n_in; i++)
		if (has_tardisk(w->c->in[i], name))
			return true;
	for (size_t i = 0; w->c && i < w->c->n_out; i++)
		if (has_tardisk(w->c->out[i], name))
			return true;
	return false;
}

static int shrink(const char *path, const struct use *u, struct err *e)
{
	char mount[CORE_PATH_MAX];
	struct err gone = ERR_INIT;

	if (access(path, F_OK) < 0)
		return 0;
	if (u->files)
		return set_size(path, u, e);
	if (core_path(mount, e, CORE_ROOT, "/") < 0)
		return -1;
	if (vfs_ramdisk_remove(mount, BUNDLE_KEEP_NAME, &gone) < 0 && gone.num != ENOENT) {
		if (e)
			*e = gone;
		return -1;
	}
	return rmdir(path) < 0 && errno != ENOENT ? err_sys(e, errno, "%s", path) : 0;
}

int bundle_keep_prune(const struct bundle_change *c, struct err *e)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	struct wanted w = { &set, c };
	struct use u = { 0, 0 };
	char path[CORE_PATH_MAX];

	if (bundle_set_load(&set, e) < 0 || core_path(path, e, CORE_ROOT, BUNDLE_KEEP) < 0 ||
	    walk(path, is_wanted, &w, &u, e) < 0)
		return -1;
	return shrink(path, &u, e);
}
