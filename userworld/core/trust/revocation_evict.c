// SPDX-License-Identifier: Apache-2.0
#include "revocation_evict.h"

#include <stdlib.h>
#include <string.h>

#include "userworld/core/bundle/install.h"
#include "userworld/core/bundle/plan.h"
#include "userworld/core/bundle/solve.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/core/system/maintenance.h"

static bool has(const json_t *names, const char *wanted)
{
	json_t *name;
	size_t i;

	json_array_foreach (names, i, name)
		if (!strcmp(json_string_value(name), wanted))
			return true;
	return false;
}

/* Names of those that can go together. */
static json_t *choose(const struct bundle_set *set, const json_t *names, struct err *e)
{
	_cleanup_free_ bool *may_go = calloc(set->n + 1, sizeof(*may_go));
	const struct solve_request request = { .installed = set->descriptors,
					       .n_installed = set->n,
					       .fixed = set->fixed,
					       .may_go = may_go };
	struct solve_result result;
	json_t *list;

	if (!may_go) {
		core_nomem(e);
		return NULL;
	}
	for (size_t i = 0; i < set->n; i++)
		may_go[i] =
			!set->fixed[i] && has(names, set->items[i].d->name) &&
			bundle_admit_live_remove(set->items[i].d, host_in_maintenance(), NULL) == 0;
	if (bundle_solve(&request, &result, e) < 0)
		return NULL;
	list = json_array();
	for (size_t i = 0; i < set->n; i++)
		if (result.gone[i])
			json_array_append_new(list, json_string(set->items[i].d->name));
	solve_result_free(&result);
	return list;
}

/* "a,b"; allocated. */
static char *join(const json_t *names)
{
	char *text = NULL;
	size_t i, len = 0;
	json_t *name;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	json_array_foreach (names, i, name)
		fprintf(out, "%s%s", i ? "," : "", json_string_value(name));
	fclose(out);
	return text;
}

static int take_off(const char *names, struct err *e)
{
	json_t *params = names ? json_pack("{s:s, s:b}", "name", names, "force", 1) : NULL;
	json_t *result = NULL;
	int rc = params ? bundle_remove_run(params, &result, e) : core_nomem(e);

	json_decref(params);
	json_decref(result);
	return rc;
}

/* As many as can; an empty list if that fails as a whole. */
static json_t *take_off_together(const json_t *names)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	_cleanup_free_ char *text = NULL;
	json_t *list = NULL;
	struct err e = ERR_INIT;

	if (bundle_set_load(&set, &e) == 0)
		list = choose(&set, names, &e);
	if (!list || !json_array_size(list))
		return list ? list : json_array();
	text = join(list);
	if (take_off(text, &e) == 0)
		return list;
	core_event(EVENT_BUNDLE_REMOVE_FAILED, EVENT_WITH(EVENT_STR("bundle", text ? text : "")),
		   "Bundles %s were not removed: %s", text ? text : "", e.text);
	json_array_clear(list);
	return list;
}

/* Those that are left are tried by themselves: they do not save each other, and each has a reason.
 */
json_t *revocation_evict(const json_t *names)
{
	json_t *removed = take_off_together(names), *name;
	size_t i;

	json_array_foreach (names, i, name) {
		struct err e = ERR_INIT;

		if (has(removed, json_string_value(name)))
			continue;
		if (take_off(json_string_value(name), &e) == 0)
			json_array_append(removed, name);
		else
			core_event(EVENT_BUNDLE_REMOVE_FAILED,
				   EVENT_WITH(EVENT_STR("bundle", json_string_value(name))),
				   "Bundle %s was not removed: %s", json_string_value(name),
				   e.text);
	}
	return removed;
}
