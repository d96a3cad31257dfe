// SPDX-License-Identifier: Apache-2.0
/* software.refused: versions that were rolled back. */
#include "refused.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "log.h"
#include "utc.h"

#define LIST_MAX (256u << 10) /* bytes of the file */

static void json_end(json_t **json)
{
	json_decref(*json);
}

#define _cleanup_json_ _cleanup_(json_end)

static const char *text_of(const json_t *entry, const char *field)
{
	return json_string_value(json_object_get(entry, field)) ?: "";
}

int refused_find(const json_t *list, const char *name, const char *version, const char *vendor)
{
	json_t *entry;
	size_t i;

	json_array_foreach ((json_t *)list, i, entry)
		if (!strcmp(text_of(entry, "name"), name) &&
		    !strcmp(text_of(entry, "version"), version) &&
		    !strcmp(text_of(entry, "vendor"), vendor))
			return (int)i;
	return -1;
}

void refused_put(json_t *list, json_t *entry)
{
	int old = refused_find(list, text_of(entry, "name"), text_of(entry, "version"),
			       text_of(entry, "vendor"));

	if (old >= 0)
		json_array_remove(list, (size_t)old);
	else if (json_array_size(list) >= BUNDLE_REFUSED_MAX)
		json_array_remove(list, 0);
	json_array_append(list, entry);
}

size_t refused_drop(json_t *list, const char *name, const char *version)
{
	size_t dropped = 0;

	for (size_t i = json_array_size(list); i-- > 0;) {
		const json_t *entry = json_array_get(list, i);

		if (strcmp(text_of(entry, "name"), name) != 0 ||
		    (version && strcmp(text_of(entry, "version"), version) != 0))
			continue;
		json_array_remove(list, i);
		dropped++;
	}
	return dropped;
}

int bundle_refused_load(json_t **list, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, BUNDLE_REFUSED) < 0)
		return -1;
	if (access(path, F_OK) == 0 && file_read(path, LIST_MAX, &text, NULL, e) < 0)
		return -1;
	*list = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : json_array();
	if (json_is_array(*list))
		return 0;
	/* A list that was damaged by hand must not stop installs for good. */
	log_warnx("%s: is no list; taken as empty", path);
	json_decref(*list);
	*list = json_array();
	return *list ? 0 : core_nomem(e);
}

static int store(const json_t *list, struct err *e)
{
	_cleanup_free_ char *text = json_dumps(list, JSON_INDENT(1));
	char path[CORE_PATH_MAX], *slash;

	if (!text)
		return core_nomem(e);
	if (core_path(path, e, CORE_ROOT, BUNDLE_REFUSED) < 0)
		return -1;
	slash = strrchr(path, '/');
	*slash = '\0';
	if (file_make_dirs(path, e) < 0)
		return -1;
	*slash = '/';
	if (json_array_size(list) == 0)
		return unlink(path) < 0 && errno != ENOENT ? err_sys(e, errno, "%s", path) : 0;
	/* The sticky bit makes it state. */
	return file_write_atomic(path, text, strlen(text), 01644, e);
}

int bundle_refused_check(const struct bundle_descriptor *d, struct err *e)
{
	_cleanup_json_ json_t *list = NULL;
	const json_t *entry;
	int at;

	if (bundle_refused_load(&list, e) < 0)
		return -1;
	at = refused_find(list, d->name, d->version, d->vendor);
	if (at < 0)
		return 0;
	entry = json_array_get(list, (size_t)at);
	return err_set(e, ERR_CONFLICT,
		       "bundle %s %s failed on this host at %s (%.200s); "
		       "it is installed again only with force",
		       d->name, d->version, text_of(entry, "time"), text_of(entry, "reason"));
}

int bundle_refused_add(const struct bundle_descriptor *d, const char *reason, struct err *e)
{
	_cleanup_json_ json_t *list = NULL, *entry = NULL;
	char when[UTC_MAX];

	entry = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", d->name, "version", d->version,
			  "vendor", d->vendor, "time", utc_text(time(NULL), when), "reason",
			  reason);
	if (!entry)
		return core_nomem(e);
	if (bundle_refused_load(&list, e) < 0)
		return -1;
	refused_put(list, entry);
	return store(list, e);
}

int bundle_refused_remove(const char *name, const char *version, struct err *e)
{
	_cleanup_json_ json_t *list = NULL;

	if (bundle_refused_load(&list, e) < 0)
		return -1;
	if (!refused_drop(list, name, version))
		return err_set(e, ERR_NOT_FOUND, "%.64s: no such version is refused", name);
	return store(list, e);
}

static int refused_list(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return bundle_refused_load(result, e);
}

static int refused_remove(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = core_trylock(BUNDLE_LOCK, e);
	const char *name = core_string(params, "name");
	const char *version = core_string(params, "version");

	if (lock < 0 || bundle_refused_remove(name, version, e) < 0)
		return -1;
	core_event(
		EVENT_BUNDLE_ALLOWED,
		EVENT_WITH(EVENT_STR("bundle", name), EVENT_STR("version", version ? version : "")),
		"Bundle %s %s may be installed again", name, version ? version : "in all versions");
	(void)result;
	return 0;
}

static const struct core_param remove_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = BUNDLE_NAME_MAX,
	  .among = "software.refused.list name", .help = "Name of the bundle" },
	{ "version", CORE_STRING, .min = 1, .max = 63, .help = "Default: all versions" },
	{ 0 },
};

const struct core_op core_refused_ops[] = {
	{
		.name = "software.refused.list",
		.method = "GET",
		.path = "/refused-bundles",
		.run = refused_list,
		.help = "Versions of bundles that failed on this host and were rolled back",
	},
	{
		.name = "software.refused.remove",
		.method = "DELETE",
		.path = "/refused-bundles/{name}",
		.privilege = CORE_CHANGE,
		.params = remove_params,
		.run = refused_remove,
		.help = "Lets such a version be installed again",
	},
	{ 0 },
};
