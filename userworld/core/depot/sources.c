// SPDX-License-Identifier: Apache-2.0
/* software.sources: the depots that this host uses. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "set.h"
#include "userworld/core/event.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"

#define SOURCES_LOCK "/run/visoros/depots.lock"

int depot_sources_parse(const char *text, char (*list)[DEPOT_ADDRESS_MAX], size_t *n, struct err *e)
{
	*n = 0;
	for (unsigned int line = 1; *text; line++) {
		size_t len = strcspn(text, "\n");
		char word[2 * DEPOT_ADDRESS_MAX];

		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		text += len + (text[len] == '\n');
		if (!word[0] || word[0] == '#')
			continue;
		if (*n == DEPOT_SOURCES_MAX)
			return err_set(e, ERR_INVALID, "line %u: more than %d depots", line,
				       DEPOT_SOURCES_MAX);
		if (depot_address(word, list[*n], e) < 0)
			return err_set(e, ERR_INVALID, "line %u: not the address of a depot", line);
		(*n)++;
	}
	return 0;
}

int depot_sources_format(char (*list)[DEPOT_ADDRESS_MAX], size_t n, char **text, struct err *e)
{
	char *at = calloc(n + 1, DEPOT_ADDRESS_MAX + 1);

	*text = at;
	if (!at)
		return core_nomem(e);
	for (size_t i = 0; i < n; i++)
		at += sprintf(at, "%s\n", list[i]);
	return 0;
}

int depot_sources_load(char (*list)[DEPOT_ADDRESS_MAX], size_t *n, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	*n = 0;
	if (core_path(path, e, CORE_ROOT, DEPOT_SOURCES) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (file_read(path, 1 << 20, &text, NULL, e) < 0)
		return -1;
	return depot_sources_parse(text, list, n, e) < 0 ? err_wrap(e, "%s", DEPOT_SOURCES) : 0;
}

/* The sticky bit makes it state, which is kept over a restart. */
static int store(char (*list)[DEPOT_ADDRESS_MAX], size_t n, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX], *slash;

	if (core_path(path, e, CORE_ROOT, DEPOT_SOURCES) < 0 ||
	    depot_sources_format(list, n, &text, e) < 0)
		return -1;
	slash = strrchr(path, '/');
	*slash = '\0';
	if (file_make_dirs(path, e) < 0)
		return -1;
	*slash = '/';
	return file_write_atomic(path, text, strlen(text), 01644, e);
}

static int sources_list(json_t *params, json_t **result, struct err *e)
{
	char list[DEPOT_SOURCES_MAX][DEPOT_ADDRESS_MAX];
	size_t n;

	(void)params;
	if (depot_sources_load(list, &n, e) < 0)
		return -1;
	*result = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(*result, json_pack("{s:s}", "depot", list[i]));
	return 0;
}

static size_t find(char (*list)[DEPOT_ADDRESS_MAX], size_t n, const char *address)
{
	size_t i = 0;

	while (i < n && strcmp(list[i], address) != 0)
		i++;
	return i;
}

static int sources_add(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = core_lock(SOURCES_LOCK, e);
	char list[DEPOT_SOURCES_MAX + 1][DEPOT_ADDRESS_MAX], address[DEPOT_ADDRESS_MAX];
	size_t n;

	(void)result;
	if (lock < 0 || depot_address(core_string(params, "depot"), address, e) < 0 ||
	    depot_sources_load(list, &n, e) < 0)
		return -1;
	if (find(list, n, address) < n)
		return err_set(e, ERR_CONFLICT, "%s: is a source already", address);
	if (n == DEPOT_SOURCES_MAX)
		return err_set(e, ERR_CONFLICT, "there are %d sources already; remove one first",
			       DEPOT_SOURCES_MAX);
	strcpy(list[n++], address);
	if (store(list, n, e) < 0)
		return -1;
	core_event(EVENT_DEPOT_ADDED, EVENT_WITH(EVENT_STR("depot", address)), "Depot %s was added",
		   address);
	return 0;
}

static int sources_remove(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = core_lock(SOURCES_LOCK, e);
	char list[DEPOT_SOURCES_MAX][DEPOT_ADDRESS_MAX], address[DEPOT_ADDRESS_MAX];
	size_t n, at;

	(void)result;
	if (lock < 0 || depot_address(core_string(params, "depot"), address, e) < 0 ||
	    depot_sources_load(list, &n, e) < 0)
		return -1;
	at = find(list, n, address);
	if (at == n)
		return err_set(e, ERR_NOT_FOUND, "%s: is no source of this host", address);
	memmove(list[at], list[at + 1], (n - at - 1) * sizeof(list[0]));
	if (store(list, n - 1, e) < 0)
		return -1;
	core_event(EVENT_DEPOT_REMOVED, EVENT_WITH(EVENT_STR("depot", address)),
		   "Depot %s was removed", address);
	return 0;
}

static json_t *bundle_row(const struct depot *depot, const struct depot_bundle *b)
{
	const struct bundle_descriptor *d = b->d;

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "name", d->name,
			 "version", d->version, "vendor", d->vendor, "acceptance",
			 b->signature_len ? bundle_acceptance_name(d->acceptance_level)
					  : "unsigned",
			 "summary", d->summary, "created", d->created, "size", (json_int_t)b->size,
			 "sha256", b->sha256, "depot", depot->place.address);
}

static int bundle_rows(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(depot_set_free) struct depot_set set = { 0 };

	if (depot_set_load(&set, core_string(params, "depot"), e) < 0)
		return -1;
	*result = json_array();
	for (size_t k = 0; k < set.n; k++)
		for (size_t i = 0; i < set.items[k].index.n_bundles; i++)
			json_array_append_new(
				*result, bundle_row(&set.items[k], &set.items[k].index.bundles[i]));
	return 0;
}

static json_t *profile_row(const struct depot *depot, const struct depot_profile *p)
{
	json_t *row = depot_profile_json(p);

	if (row)
		json_object_set_new(row, "depot", json_string(depot->place.address));
	return row;
}

static int profile_rows(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(depot_set_free) struct depot_set set = { 0 };

	if (depot_set_load(&set, core_string(params, "depot"), e) < 0)
		return -1;
	*result = json_array();
	for (size_t k = 0; k < set.n; k++)
		for (size_t i = 0; i < set.items[k].index.n_profiles; i++)
			json_array_append_new(
				*result,
				profile_row(&set.items[k], &set.items[k].index.profiles[i]));
	return 0;
}

static const struct core_param address_params[] = {
	{ "depot", CORE_STRING, .required = true, .min = 2, .max = DEPOT_ADDRESS_MAX - 1,
	  .among = "software.sources.list depot", .help = "URL or absolute path" },
	{ 0 },
};

static const struct core_param depot_params[] = {
	{ "depot", CORE_STRING, .min = 2, .max = 4000, .otherwise = "the host's sources",
	  .help = "Depots to look in, with commas between" },
	{ 0 },
};

const struct core_op core_sources_ops[] = {
	{
		.name = "software.sources.list",
		.method = "GET",
		.path = "/sources",
		.run = sources_list,
		.help = "Depots that bundles are installed from by name",
	},
	{
		.name = "software.sources.add",
		.method = "POST",
		.path = "/sources",
		.privilege = CORE_CHANGE,
		.params = address_params,
		.run = sources_add,
		.help = "One more of them",
	},
	{
		.name = "software.sources.remove",
		.method = "DELETE",
		.path = "/sources",
		.privilege = CORE_CHANGE,
		.params = address_params,
		.run = sources_remove,
		.help = "One less",
	},
	{
		.name = "software.sources.bundle.list",
		.method = "GET",
		.path = "/sources/bundles",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = depot_params,
		.run = bundle_rows,
		.help = "Bundles in depots",
	},
	{
		.name = "software.sources.profile.list",
		.method = "GET",
		.path = "/sources/profiles",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = depot_params,
		.run = profile_rows,
		.help = "Image profiles in depots",
	},
	{ 0 },
};
