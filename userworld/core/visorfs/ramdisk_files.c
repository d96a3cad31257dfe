// SPDX-License-Identifier: Apache-2.0
/* system.ramdisk.files: the files that take most of a ramdisk. */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "biggest.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "utc.h"
#include "vfsctl.h"

#define LIMIT 20

/* Where it lies, by its name. */
static int top_of(const char *name, char top[static CORE_PATH_MAX], struct err *e)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	size_t count;

	if (vfs_ramdisk_list(core_prefix(CORE_SYSFS), &list, &count, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return core_path(top, e, CORE_ROOT, "%s", list[i].path);
	return err_set(e, ERR_NOT_FOUND, "%s: no such ramdisk", name);
}

/* What it takes of that ramdisk: nothing if it is as shipped, or in one that lies further down. */
static uint64_t charged(const char *path, const char *ramdisk)
{
	struct visorfs_provider p;

	if (vfs_provider(path, &p, NULL) < 0 || strcmp(p.ramdisk, ramdisk) != 0)
		return 0;
	return p.charged;
}

/* What cannot be looked at, or goes away meanwhile, is passed over. */
static int walk(const char *top, const char *name, struct biggest *b, struct err *e)
{
	char *const tops[] = { (char *)(uintptr_t)top, NULL };
	FTS *tree = fts_open(tops, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	size_t root = strlen(core_prefix(CORE_ROOT));
	FTSENT *entry;
	int rc = 0;

	if (!tree)
		return err_sys(e, errno, "%s", top);
	while (rc == 0 && (entry = fts_read(tree))) {
		struct big_file f = { .path = entry->fts_path + root };

		if (entry->fts_info != FTS_F)
			continue;
		f.bytes = charged(entry->fts_path, name);
		f.modified = entry->fts_statp->st_mtime;
		f.uid = entry->fts_statp->st_uid;
		/* The root's own path ends in a '/', to which names are added. */
		while (f.path[0] == '/' && f.path[1] == '/')
			f.path++;
		if (f.bytes && !biggest_add(b, &f))
			rc = core_nomem(e);
	}
	fts_close(tree);
	return rc;
}

static json_t *pack(const struct biggest *b)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < b->count; i++) {
		const struct big_file *f = &b->file[i];
		char modified[UTC_MAX] = "";

		utc_text(f->modified, modified);
		if (json_array_append_new(rows, json_pack("{s:s, s:I, s:s, s:I}", "path", f->path,
							  "bytes", (json_int_t)f->bytes, "modified",
							  modified, "uid", (json_int_t)f->uid)) < 0)
			/* A name that is not UTF-8: JSON cannot say it. */
			json_array_append_new(rows,
					      json_pack("{s:s, s:I, s:s, s:I}", "path", "?",
							"bytes", (json_int_t)f->bytes, "modified",
							modified, "uid", (json_int_t)f->uid));
	}
	return rows;
}

static int ramdisk_files(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct biggest *b = calloc(1, sizeof(*b));
	const char *name = core_string(params, "name");
	char top[CORE_PATH_MAX];
	int rc;

	if (!b)
		return core_nomem(e);
	b->limit = (size_t)core_integer(params, "limit", LIMIT);
	if (top_of(name, top, e) < 0)
		return -1;
	rc = walk(top, name, b, e);
	if (rc == 0)
		rc = core_give(result, pack(b), e);
	biggest_free(b);
	return rc;
}

static const struct core_param params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = VISORFS_NAME_MAX,
	  .among = "system.ramdisk.list name", .help = "Name of the ramdisk" },
	{ "limit", CORE_INT, .min = 1, .max = BIGGEST_MAX, .otherwise = "20",
	  .help = "How many files at most" },
	{ 0 },
};

const struct core_op core_ramdisk_files_ops[] = {
	{
		.name = "system.ramdisk.files",
		.method = "GET",
		.path = "/system/ramdisks/{name}/files",
		.flags = CORE_SLOW,
		.params = params,
		.run = ramdisk_files,
		.help = "The files that take most of a ramdisk, largest first",
	},
	{ 0 },
};
