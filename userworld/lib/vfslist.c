// SPDX-License-Identifier: Apache-2.0
/* What visorfs says about itself below /sys/fs/visorfs. */
#include "vfsctl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"

#define INSTANCE_DIR "/sys/fs/visorfs/0" /* the root file system is instance 0 */

/* Reads one object's directory into *item; 1 done, 0 it has gone away, -1 failed. */
typedef int (*read_item)(const char *dir, const char *name, void *item, struct err *e);

static int read_number(const char *dir, const char *file, uint64_t *value, struct err *e)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, file) >= (int)sizeof(path))
		return err_sys(e, ENAMETOOLONG, "%s/%s", dir, file);
	return file_read_u64(path, value, e);
}

struct number {
	const char *file;
	uint64_t *value;
};

static int read_numbers(const char *dir, const struct number *n, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		if (read_number(dir, n[i].file, n[i].value, e) == 0)
			continue;
		return e->num == ENOENT || e->num == ENODEV ? 0 : -1;
	}
	return 1;
}

static int read_text(const char *dir, const char *file, char *text, size_t size, struct err *e)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", dir, file) >= (int)sizeof(path))
		return err_sys(e, ENAMETOOLONG, "%s/%s", dir, file);
	if (file_read_at(AT_FDCWD, path, text, size, e) < 0)
		return e->num == ENOENT || e->num == ENODEV ? 0 : -1;
	return 1;
}

static int read_ramdisk(const char *dir, const char *name, void *item, struct err *e)
{
	struct vfs_ramdisk *r = item;
	const struct number numbers[] = {
		{ "max_bytes", &r->max_bytes },	    { "min_bytes", &r->min_bytes },
		{ "used_bytes", &r->used_bytes },   { "peak_bytes", &r->peak_bytes },
		{ "max_inodes", &r->max_inodes },   { "used_inodes", &r->used_inodes },
		{ "peak_inodes", &r->peak_inodes }, { "full_events", &r->full_events },
		{ "mark_bytes", &r->mark_bytes },   { "mark_inodes", &r->mark_inodes },
	};
	int rc;

	snprintf(r->name, sizeof(r->name), "%s", name);
	rc = read_text(dir, "path", r->path, sizeof(r->path), e);
	if (rc <= 0)
		return rc;
	return read_numbers(dir, numbers, ARRAY_SIZE(numbers), e);
}

static int read_tardisk(const char *dir, const char *name, void *item, struct err *e)
{
	struct vfs_tardisk *t = item;
	const struct number numbers[] = {
		{ "order", &t->order },	  { "size", &t->size },	  { "packed", &t->packed },
		{ "memory", &t->memory }, { "files", &t->files }, { "branches", &t->branches },
	};
	int rc;

	snprintf(t->name, sizeof(t->name), "%s", name);
	rc = read_text(dir, "residency", t->residency, sizeof(t->residency), e);
	if (rc <= 0)
		return rc;
	return read_numbers(dir, numbers, ARRAY_SIZE(numbers), e);
}

static int append(void **array, size_t *count, const void *item, size_t size)
{
	void *more = realloc(*array, (*count + 1) * size);

	if (!more)
		return -1;
	memcpy((char *)more + *count * size, item, size);
	*array = more;
	(*count)++;
	return 0;
}

static int list_dir(const char *dir, size_t size, read_item read, void **array, size_t *count,
		    struct err *e)
{
	_cleanup_closedir_ DIR *d = opendir(dir);
	_cleanup_free_ void *item = calloc(1, size);
	_cleanup_free_ void *list = NULL;
	struct dirent *entry;
	size_t n = 0;

	if (!d && errno == ENOENT)
		return err_set(e, ERR_UNAVAILABLE, "%s: missing; is / a visorfs?", dir);
	if (!d || !item)
		return err_sys(e, d ? ENOMEM : errno, "%s: open", dir);
	while ((entry = readdir(d))) {
		char path[PATH_MAX];
		int rc;

		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) >= (int)sizeof(path))
			return err_sys(e, ENAMETOOLONG, "%s/%s", dir, entry->d_name);
		rc = read(path, entry->d_name, item, e);
		if (rc < 0)
			return -1;
		if (rc && append(&list, &n, item, size) < 0)
			return err_sys(e, ENOMEM, "%s", dir);
	}
	*array = TAKE_PTR(list);
	*count = n;
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct vfs_ramdisk *)a)->path, ((const struct vfs_ramdisk *)b)->path);
}

static int by_order(const void *a, const void *b)
{
	uint64_t x = ((const struct vfs_tardisk *)a)->order;
	uint64_t y = ((const struct vfs_tardisk *)b)->order;

	return (x > y) - (x < y);
}

static int list_sorted(const char *sysroot, const char *sub, size_t size, read_item read,
		       int (*order)(const void *, const void *), void **array, size_t *count,
		       struct err *e)
{
	struct err own = ERR_INIT;
	char dir[PATH_MAX];

	/* The readers tell "gone" from "failed" by the error, so there has to be one. */
	if (!e)
		e = &own;
	if (snprintf(dir, sizeof(dir), "%s" INSTANCE_DIR "/%s", sysroot, sub) >= (int)sizeof(dir))
		return err_sys(e, ENAMETOOLONG, "%s", sysroot);
	if (list_dir(dir, size, read, array, count, e) < 0)
		return -1;
	if (*count)
		qsort(*array, *count, size, order);
	return 0;
}

int vfs_ramdisk_list(const char *sysroot, struct vfs_ramdisk **list, size_t *count, struct err *e)
{
	return list_sorted(sysroot, "ramdisks", sizeof(**list), read_ramdisk, by_path,
			   (void **)list, count, e);
}

int vfs_tardisk_list(const char *sysroot, struct vfs_tardisk **list, size_t *count, struct err *e)
{
	return list_sorted(sysroot, "tardisks", sizeof(**list), read_tardisk, by_order,
			   (void **)list, count, e);
}

int vfs_state_generation(const char *sysroot, uint64_t *generation, struct err *e)
{
	char dir[PATH_MAX];

	if (snprintf(dir, sizeof(dir), "%s" INSTANCE_DIR, sysroot) >= (int)sizeof(dir))
		return err_sys(e, ENAMETOOLONG, "%s", sysroot);
	return read_number(dir, "state_generation", generation, e);
}
