// SPDX-License-Identifier: Apache-2.0
/* The pools that hold a ramdisk, with their names. */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "vfsctl.h"

#define OWNERS_MOST 4096 /* bytes: sysfs gives a page */

/* nftw() has no argument for its function. */
static struct {
	struct vfs_owner *list;
	size_t count;
	size_t prefix; /* of paths: the hierarchy's root */
} walk;

static int name_group(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *name = path + walk.prefix;

	(void)ftw;
	if (type != FTW_D)
		return 0;
	for (size_t i = 0; i < walk.count; i++)
		if (walk.list[i].pool == st->st_ino)
			snprintf(walk.list[i].name, sizeof(walk.list[i].name), "%s",
				 *name ? name : "/");
	return 0;
}

/* A control group's number is that of its directory. One that is gone keeps its number. */
static void name_pools(const char *sysroot, struct vfs_owner *list, size_t count)
{
	char root[PATH_MAX];

	for (size_t i = 0; i < count; i++)
		snprintf(list[i].name, sizeof(list[i].name),
			 list[i].pool ? "(gone, %" PRIu64 ")" : "(others)", list[i].pool);
	walk.prefix = (size_t)snprintf(root, sizeof(root), "%s/sys/fs/cgroup", sysroot);
	walk.list = list;
	walk.count = count;
	if (walk.prefix < sizeof(root))
		nftw(root, name_group, 16, FTW_PHYS);
}

int vfs_owner_list(const char *sysroot, const char *ramdisk, struct vfs_owner **list, size_t *count,
		   struct err *e)
{
	_cleanup_free_ struct vfs_owner *owners = NULL;
	_cleanup_free_ char *text = NULL;
	char path[PATH_MAX], *line, *rest;
	size_t n = 0;

	if (snprintf(path, sizeof(path), "%s/sys/fs/visorfs/0/ramdisks/%s/owners", sysroot,
		     ramdisk) >= (int)sizeof(path))
		return err_sys(e, ENAMETOOLONG, "%s", ramdisk);
	if (file_read(path, OWNERS_MOST, &text, NULL, e) < 0)
		return -1;
	owners = calloc(strlen(text) / 6 + 1, sizeof(*owners)); /* a line has 6 bytes or more */
	if (!owners)
		return err_sys(e, ENOMEM, "%s", path);
	for (rest = text; (line = strsep(&rest, "\n"));) {
		struct vfs_owner *o = &owners[n];

		if (!*line)
			continue;
		if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNu64, &o->pool, &o->bytes,
			   &o->inodes) != 3)
			return err_set(e, ERR_INVALID, "%s: '%s' is not a pool", path, line);
		n++;
	}
	name_pools(sysroot, owners, n);
	*list = TAKE_PTR(owners);
	*count = n;
	return 0;
}
