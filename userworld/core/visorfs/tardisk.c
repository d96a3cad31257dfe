// SPDX-License-Identifier: Apache-2.0
/* system.tardisk.list: the archives that make up the namespace. */
#include <string.h>

#include "userworld/core/bundle/record.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "vfsctl.h"

/* Part of the image, not brought by a bundle since. */
static bool is_system(const struct bundle_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t t = 0; !set->items[i].base && t < set->items[i].n_tardisks; t++)
			if (!strcmp(set->items[i].tardisks[t], name))
				return false;
	return true;
}

static json_t *pack_tardisk(const struct vfs_tardisk *t, const struct bundle_set *set)
{
	return json_pack("{s:s, s:b, s:I, s:s, s:I, s:I, s:I, s:I, s:I}", "name", t->name, "system",
			 is_system(set, t->name), "order", (json_int_t)t->order, "residency",
			 t->residency, "size", (json_int_t)t->size, "packed", (json_int_t)t->packed,
			 "memory", (json_int_t)t->memory, "files", (json_int_t)t->files, "branches",
			 (json_int_t)t->branches);
}

static int tardisk_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	json_t *rows;
	size_t count;

	(void)params;
	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &count, e) < 0 ||
	    bundle_set_load(&set, e) < 0)
		return -1;
	rows = json_array();
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(rows, pack_tardisk(&list[i], &set)) < 0) {
			json_decref(rows);
			return core_nomem(e);
		}
	return core_give(result, rows, e);
}

const struct core_op core_tardisk_ops[] = {
	{
		.name = "system.tardisk.list",
		.method = "GET",
		.path = "/system/tardisks",
		.run = tardisk_list,
		.help = "Attached tardisks, oldest first",
	},
	{ 0 },
};
