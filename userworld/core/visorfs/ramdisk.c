// SPDX-License-Identifier: Apache-2.0
/* system.ramdisk: subtrees with a cap in bytes and files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/sched/sched.h"
#include "vfsctl.h"

#define RAMDISK_MAX ((json_int_t)1 << 40)
#define DEFAULT_INODES 8192

/* One of those made at boot: the root's, or a first word of a line in /etc/ramdisks. */
static bool is_system(const char *table, const char *name)
{
	size_t len = strlen(name);

	if (!strcmp(name, "root"))
		return true;
	for (const char *line = table; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, len) && (line[len] == ' ' || line[len] == '\t'))
			return true;
	}
	return false;
}

static json_t *pack_ramdisk(const struct vfs_ramdisk *r, const char *table)
{
	json_int_t max = (json_int_t)r->max_bytes;
	json_int_t used = (json_int_t)r->used_bytes;

	return json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "name", r->name,
			 "path", r->path, "system", is_system(table, r->name), "max", max, "min",
			 (json_int_t)r->min_bytes, "used", used, "peak", (json_int_t)r->peak_bytes,
			 "free", max > used ? max - used : 0, "max_inodes",
			 (json_int_t)r->max_inodes, "used_inodes", (json_int_t)r->used_inodes,
			 "full_events", (json_int_t)r->full_events);
}

static int ramdisk_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	_cleanup_free_ char *table = NULL;
	char path[CORE_PATH_MAX];
	json_t *rows;
	size_t count;

	(void)params;
	if (core_path(path, e, CORE_ROOT, "/etc/ramdisks") < 0)
		return -1;
	file_read(path, 65536, &table, NULL, NULL);
	if (vfs_ramdisk_list(core_prefix(CORE_SYSFS), &list, &count, e) < 0)
		return -1;
	rows = json_array();
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(rows, pack_ramdisk(&list[i], table ? table : "")) < 0) {
			json_decref(rows);
			return core_nomem(e);
		}
	return core_give(result, rows, e);
}

/* Finds one by name or by its directory, whichever is given. */
static int find_ramdisk(const char *name, const char *target, struct vfs_ramdisk *found,
			struct err *e)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	size_t count;

	if (!name == !target)
		return err_set(e, ERR_USAGE, "give either the name or the target of the ramdisk");
	if (vfs_ramdisk_list(core_prefix(CORE_SYSFS), &list, &count, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (name ? !strcmp(list[i].name, name) : !strcmp(list[i].path, target)) {
			*found = list[i];
			return 0;
		}
	return err_set(e, ERR_NOT_FOUND, "%s: no such ramdisk", name ? name : target);
}

static int parse_mode(const char *text, mode_t *mode, struct err *e)
{
	unsigned long value = strtoul(text, NULL, 8);

	if (!*text || text[strspn(text, "01234567")] || value > 07777)
		return err_set(e, ERR_INVALID, "permissions: '%s' is not an octal mode", text);
	*mode = (mode_t)value;
	return 0;
}

/* All or nothing: a ramdisk without the mode that was asked for may be open to others. */
static int set_mode(const char *dir, mode_t mode, const char *name, struct err *e)
{
	char mount[CORE_PATH_MAX];

	if (chmod(dir, mode) == 0)
		return 0;
	err_sys(e, errno, "%s: chmod", dir);
	if (core_path(mount, NULL, CORE_ROOT, "/") == 0)
		vfs_ramdisk_remove(mount, name, NULL);
	return -1;
}

static int ramdisk_add(json_t *params, json_t **result, struct err *e)
{
	const char *permissions = core_string(params, "permissions");
	json_int_t max = core_integer(params, "max", 0);
	json_int_t min = core_integer(params, "min", 0);
	char dir[CORE_PATH_MAX];
	mode_t mode = 0;

	(void)result;
	if (min > max)
		return err_set(e, ERR_INVALID, "min: the reservation is larger than max");
	if (permissions && parse_mode(permissions, &mode, e) < 0)
		return -1;
	if (core_path(dir, e, CORE_ROOT, "%s", core_string(params, "target")) < 0 ||
	    sched_admit_ramdisk(core_string(params, "name"), 0, (uint64_t)min, e) < 0)
		return -1;
	if (vfs_ramdisk_add(dir, core_string(params, "name"), (uint64_t)max, (uint64_t)min,
			    (uint64_t)core_integer(params, "inodes", DEFAULT_INODES), e) < 0)
		return -1;
	return permissions ? set_mode(dir, mode, core_string(params, "name"), e) : 0;
}

static int ramdisk_remove(json_t *params, json_t **result, struct err *e)
{
	char mount[CORE_PATH_MAX];
	struct vfs_ramdisk found;

	(void)result;
	if (find_ramdisk(core_string(params, "name"), core_string(params, "target"), &found, e) <
		    0 ||
	    core_path(mount, e, CORE_ROOT, "/") < 0)
		return -1;
	return vfs_ramdisk_remove(mount, found.name, e);
}

static int ramdisk_resize(json_t *params, json_t **result, struct err *e)
{
	char mount[CORE_PATH_MAX];
	struct vfs_ramdisk old;
	json_int_t max, min, inodes;

	(void)result;
	if (find_ramdisk(core_string(params, "name"), NULL, &old, e) < 0 ||
	    core_path(mount, e, CORE_ROOT, "/") < 0)
		return -1;
	max = core_integer(params, "max", (json_int_t)old.max_bytes);
	min = core_integer(params, "min", (json_int_t)old.min_bytes);
	inodes = core_integer(params, "inodes", (json_int_t)old.max_inodes);
	if (min > max)
		return err_set(e, ERR_INVALID, "min: the reservation is larger than max");
	if (sched_admit_ramdisk(old.name, old.min_bytes, (uint64_t)min, e) < 0)
		return -1;
	return vfs_ramdisk_resize(mount, old.name, (uint64_t)max, (uint64_t)min, (uint64_t)inodes,
				  e);
}

static int add_owners(json_t *rows, const char *ramdisk, struct err *e)
{
	_cleanup_free_ struct vfs_owner *owners = NULL;
	size_t count;

	if (vfs_owner_list(core_prefix(CORE_SYSFS), ramdisk, &owners, &count, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(rows, json_pack("{s:s, s:s, s:I, s:I}", "ramdisk",
							  ramdisk, "pool", owners[i].name, "bytes",
							  (json_int_t)owners[i].bytes, "inodes",
							  (json_int_t)owners[i].inodes)) < 0)
			return core_nomem(e);
	return 0;
}

/* Of one ramdisk, or of all: a ramdisk that goes meanwhile holds nothing. */
static int ramdisk_owners(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	const char *name = core_string(params, "name");
	json_t *rows = json_array();
	struct vfs_ramdisk one;
	size_t count;
	int ret = 0;

	if (!rows)
		return core_nomem(e);
	if (name)
		ret = find_ramdisk(name, NULL, &one, e) ?: add_owners(rows, name, e);
	else
		ret = vfs_ramdisk_list(core_prefix(CORE_SYSFS), &list, &count, e);
	for (size_t i = 0; !name && !ret && i < count; i++) {
		ret = add_owners(rows, list[i].name, e);
		if (ret && e->num == ENOENT)
			ret = 0;
	}
	if (!ret)
		return core_give(result, rows, e);
	json_decref(rows);
	return -1;
}

static const struct core_param owners_params[] = {
	{ "name", CORE_NAME, .min = 1, .max = VISORFS_NAME_MAX, .among = "system.ramdisk.list name",
	  .help = "Of this ramdisk only" },
	{ 0 },
};

static const struct core_param add_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = VISORFS_NAME_MAX,
	  .help = "Name of the ramdisk" },
	{ "target", CORE_PATH, .required = true, .min = 2, .max = 255,
	  .help = "Existing directory, its top" },
	{ "max", CORE_INT, .bytes = true, .required = true, .min = 4096, .max = RAMDISK_MAX,
	  .help = "Hard cap" },
	{ "min", CORE_INT, .bytes = true, .min = 0, .max = RAMDISK_MAX, .help = "Reservation" },
	{ "inodes", CORE_INT, .min = 1, .max = 1 << 24, .otherwise = "8192",
	  .help = "Hard cap of files" },
	{ "permissions", CORE_STRING, .min = 3, .max = 5, .help = "Octal mode of its top" },
	{ 0 },
};

static const struct core_param remove_params[] = {
	{ "name", CORE_NAME, .min = 1, .max = VISORFS_NAME_MAX, .among = "system.ramdisk.list name",
	  .help = "Name of the ramdisk" },
	{ "target", CORE_PATH, .min = 1, .max = 255, .among = "system.ramdisk.list path",
	  .help = "Its directory, instead of the name" },
	{ 0 },
};

static const struct core_param resize_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = VISORFS_NAME_MAX,
	  .among = "system.ramdisk.list name", .help = "Name of the ramdisk" },
	{ "max", CORE_INT, .bytes = true, .min = 4096, .max = RAMDISK_MAX, .help = "Hard cap" },
	{ "min", CORE_INT, .bytes = true, .min = 0, .max = RAMDISK_MAX, .help = "Reservation" },
	{ "inodes", CORE_INT, .min = 1, .max = 1 << 24, .help = "Hard cap of files" },
	{ 0 },
};

const struct core_op core_ramdisk_ops[] = {
	{
		.name = "system.ramdisk.list",
		.method = "GET",
		.path = "/system/ramdisks",
		.run = ramdisk_list,
		.help = "Ramdisks with their caps and use",
	},
	{
		.name = "system.ramdisk.owners",
		.method = "GET",
		.path = "/system/ramdisks/owners",
		.params = owners_params,
		.run = ramdisk_owners,
		.help = "What each pool holds of the ramdisks, the largest first",
	},
	{
		.name = "system.ramdisk.add",
		.method = "POST",
		.path = "/system/ramdisks",
		.privilege = CORE_CHANGE,
		.params = add_params,
		.run = ramdisk_add,
		.help = "Makes a directory the top of a new ramdisk",
	},
	{
		.name = "system.ramdisk.remove",
		.method = "DELETE",
		.path = "/system/ramdisks",
		.privilege = CORE_CHANGE,
		.params = remove_params,
		.run = ramdisk_remove,
		.help = "Removes an empty ramdisk, by name or by target",
	},
	{
		.name = "system.ramdisk.resize",
		.method = "PATCH",
		.path = "/system/ramdisks/{name}",
		.privilege = CORE_OPERATE,
		.params = resize_params,
		.run = ramdisk_resize,
		.help = "Changes the caps of a ramdisk in use",
	},
	{ 0 },
};
