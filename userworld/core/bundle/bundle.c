// SPDX-License-Identifier: Apache-2.0
/* software.bundle: the table, list and get. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "userworld/core/boot/boot.h"
#include "apply.h"
#include "install.h"
#include "plan.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/trust/host_trust.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "version.h"

static json_t *names_of(const struct bundle_record *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_tardisks; i++)
		json_array_append_new(list, json_string(r->tardisks[i]));
	return list;
}

static json_t *pack_row(const struct bundle_record *r)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "name", r->d->name, "version",
			 r->d->version, "vendor", r->d->vendor, "acceptance",
			 trust_level_name(host_trust_level(r)), "type",
			 r->base ? "base" : bundle_type_name(r->d->type), "install_date",
			 r->install_date, "tardisks", names_of(r));
}

/* A tardisk of the image that no descriptor speaks for is shown under its own name. */
static json_t *pack_plain(const struct vfs_tardisk *t)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[s]}", "name", t->name, "version",
			 VISOROS_VERSION, "vendor", "VisorOS", "acceptance", "certified", "type",
			 "base", "install_date", "", "tardisks", t->name);
}

static bool described(const struct bundle_set *set, const char *tardisk)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t t = 0; t < set->items[i].n_tardisks; t++)
			if (!strcmp(set->items[i].tardisks[t], tardisk))
				return true;
	return false;
}

static int add_rows(json_t *rows, const struct bundle_set *set, struct err *e)
{
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	size_t n;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!described(set, list[i].name) &&
		    json_array_append_new(rows, pack_plain(&list[i])) < 0)
			return core_nomem(e);
	for (size_t i = 0; i < set->n; i++)
		if (json_array_append_new(rows, pack_row(&set->items[i])) < 0)
			return core_nomem(e);
	return 0;
}

static int bundle_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };

	(void)params;
	if (bundle_set_load(&set, e) < 0)
		return -1;
	*result = json_array();
	return add_rows(*result, &set, e);
}

/* All of the descriptor, with the columns of the list over it. */
static json_t *pack_all(const struct bundle_record *r)
{
	_cleanup_free_ char *text = NULL;
	json_t *row = pack_row(r), *all;
	size_t len;

	if (bundle_descriptor_format(r->d, &text, &len, NULL) < 0) {
		json_decref(row);
		return NULL;
	}
	all = json_loadb(text, len, 0, NULL);
	if (all && row)
		json_object_update(all, row);
	json_decref(row);
	return all;
}

static int find_row(const char *name, json_t **result, struct err *e)
{
	json_t *rows = NULL, *row;
	size_t i;

	if (bundle_list(NULL, &rows, e) < 0) {
		json_decref(rows);
		return -1;
	}
	json_array_foreach (rows, i, row) {
		if (!strcmp(json_string_value(json_object_get(row, "name")), name)) {
			*result = json_incref(row);
			break;
		}
	}
	json_decref(rows);
	return *result ? 0 : err_set(e, ERR_NOT_FOUND, "%.64s: no such bundle is installed", name);
}

static int bundle_get(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	int which;

	if (bundle_set_load(&set, e) < 0)
		return -1;
	which = bundle_set_find(&set, name, NULL);
	if (which < 0)
		return find_row(name, result, e);
	return core_give(result, pack_all(&set.items[which]), e);
}

int core_reconcile(struct err *e)
{
	_cleanup_close_ int lock = core_trylock(BUNDLE_LOCK, e);
	char path[CORE_PATH_MAX];

	if (lock < 0 || core_path(path, e, CORE_ROOT, BUNDLE_RECORDS) < 0 ||
	    file_make_dirs(path, e) < 0)
		return -1;
	return bundle_reconcile(e);
}

bool core_unsettled(void)
{
	char path[CORE_PATH_MAX];

	return core_path(path, NULL, CORE_ROOT, BUNDLE_CHANGE) == 0 && access(path, F_OK) == 0;
}

/* Whoever holds the lock looks after it. */
static int settle(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = core_trylock(BUNDLE_LOCK, NULL);

	(void)params, (void)result;
	if (lock < 0)
		return 0;
	return bundle_reconcile(e) < 0 ? -1 : bundle_settle(e);
}

/* For what could not be kept when it was installed. */
static int keep(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = bundle_lock(e);

	(void)params;
	if (lock < 0)
		return -1;
	if (!boot_has_medium())
		return err_set(e, ERR_NOT_FOUND,
			       "this host has no boot medium: it was not started "
			       "from one");
	if (bundle_bank_write(e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:s}", "message",
				   "The boot medium has the bundles of now: a restart changes "
				   "nothing."),
			 e);
}

#define NAME_PARAM                                                                     \
	{                                                                              \
		"name", CORE_NAME, .required = true, .min = 1, .max = BUNDLE_NAME_MAX, \
				   .among = "software.bundle.list name",               \
				   .help = "Name of the bundle"                        \
	}
#define FORCE_PARAM                                                                            \
	{                                                                                      \
		"force", CORE_BOOL,                                                            \
			.help = "Although this version failed here before, whatever hooks say" \
	}
#define DRY_RUN_PARAM                                                       \
	{                                                                   \
		"dry_run", CORE_BOOL, .help = "Only say what would be done" \
	}

#define DEPOT_PARAM                                                                             \
	{                                                                                       \
		"depot", CORE_STRING, .min = 2, .max = 4000, .otherwise = "the host's sources", \
				      .help = "Depots to look in, with commas between"          \
	}

static const struct core_param get_params[] = { NAME_PARAM, { 0 } };

static const struct core_param install_params[] = {
	{ "path", CORE_PATH, .min = 2, .max = 1024, .help = "Bundle file on the host" },
	{ "url", CORE_STRING, .min = 8, .max = 2048, .help = "Or its http or https address" },
	{ "name", CORE_STRING, .min = 1, .max = 4000, .among = "software.sources.bundle.list name",
	  .help = "Or what is wanted of depots: NAME or NAME >= VERSION, with commas between" },
	DEPOT_PARAM,
	FORCE_PARAM,
	DRY_RUN_PARAM,
	{ 0 },
};

static const struct core_param update_params[] = {
	{ "name", CORE_STRING, .min = 1, .max = 4000, .among = "software.bundle.list name",
	  .help = "What is updated: names with commas between; default: all bundles" },
	DEPOT_PARAM,
	FORCE_PARAM,
	DRY_RUN_PARAM,
	{ 0 },
};

static const struct core_param stream_params[] = {
	{ "fd", CORE_INT, .required = true, .min = 0, .max = 1 << 20,
	  .help = "Open descriptor to read the bundle from; it is closed" },
	FORCE_PARAM,
	DRY_RUN_PARAM,
	{ 0 },
};

static const struct core_param remove_params[] = {
	{ "name", CORE_STRING, .required = true, .min = 1, .max = 4000,
	  .among = "software.bundle.list name",
	  .help = "Name of the bundle, or of several with commas between" },
	{ "force", CORE_BOOL, .help = "Although its files are in use, or its hook fails" },
	DRY_RUN_PARAM,
	{ 0 },
};

const struct core_op core_bundle_ops[] = {
	{
		.name = "software.bundle.list",
		.method = "GET",
		.path = "/bundles",
		.run = bundle_list,
		.help = "Bundles of the image and those installed since",
	},
	{
		.name = "software.bundle.get",
		.method = "GET",
		.path = "/bundles/{name}",
		.params = get_params,
		.run = bundle_get,
		.help = "Everything a bundle says about itself",
	},
	{
		.name = "software.bundle.install",
		.method = "POST",
		.path = "/bundles",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK | CORE_CANCEL,
		.params = install_params,
		.run = bundle_install_run,
		.help = "Installs a bundle on the running host, from a path, URL or depot",
	},
	{
		.name = "software.bundle.update",
		.method = "PATCH",
		.path = "/bundles",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK | CORE_CANCEL,
		.params = update_params,
		.run = depot_update_run,
		.help = "Replaces bundles by newer versions out of depots",
	},
	{
		.name = "software.bundle.install_stream",
		.privilege = CORE_LOCAL,
		.flags = CORE_SLOW,
		.params = stream_params,
		.run = bundle_install_run,
		.help = "Installs a bundle from an open descriptor",
	},
	{
		.name = "software.bundle.keep",
		.method = "POST",
		.path = "/bundles/keep",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK,
		.run = keep,
		.help = "Writes the bundles of now to the boot medium, if it does not have them",
	},
	{
		.name = "software.bundle.settle",
		.privilege = CORE_LOCAL,
		.flags = CORE_SLOW,
		.run = settle,
		.help = "Takes a change whose process died to its end",
	},
	{
		.name = "software.bundle.remove",
		.method = "DELETE",
		.path = "/bundles/{name}",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK,
		.params = remove_params,
		.run = bundle_remove_run,
		.help = "Takes bundles off the running host, several in one switch",
	},
	{ 0 },
};
