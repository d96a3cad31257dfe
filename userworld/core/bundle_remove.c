// SPDX-License-Identifier: Apache-2.0
/* software.bundle.remove: stop its services, detach its tardisks, forget it. */
#include <stdlib.h>
#include <string.h>

#include "bundle_apply.h"
#include "bundle_effect.h"
#include "bundle_install.h"
#include "bundle_local.h"
#include "bundle_plan.h"
#include "bundle_solve.h"
#include "cleanup.h"
#include "event.h"
#include "internal.h"

static int solve(const struct bundle_set *set, size_t which, struct err *e)
{
	_cleanup_free_ bool *remove = calloc(set->n, sizeof(*remove));
	const struct solve_request request = {
		.installed = set->descriptors,
		.n_installed = set->n,
		.fixed = set->fixed,
		.remove = remove,
	};
	struct solve_result result;

	if (!remove)
		return core_nomem(e);
	remove[which] = true;
	if (bundle_solve(&request, &result, e) < 0)
		return -1;
	solve_result_free(&result);
	return 0;
}

static int admit(const struct bundle_set *set, int which, struct err *e)
{
	const struct bundle_record *r = &set->items[which];

	if (r->base)
		return err_set(e, ERR_CONFLICT, "bundle %s is part of the image", r->d->name);
	if (bundle_admit_live_remove(r->d, e) < 0)
		return -1;
	return solve(set, (size_t)which, e);
}

static int take_off(const struct bundle_record *r, bool force, struct err *e)
{
	_cleanup_(bundle_change_free) struct bundle_change c = { 0 };

	if (bundle_change_init(&c, 0, 1, e) < 0)
		return -1;
	c.out[0] = r;
	if (bundle_local_leftovers(r, c.local, e) < 0 || change_apply(&c, NULL, force, e) < 0)
		return -1;
	return change_finish(&c, e);
}

static json_t *id_list(const struct bundle_descriptor *d)
{
	_cleanup_free_ char *id = bundle_id(d);

	return json_pack("[s]", id ? id : d->name);
}

/* The image's tardisks are listed among the bundles even without a descriptor. */
static int not_installed(const char *name, struct err *e)
{
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	size_t n = 0;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return err_set(e, ERR_CONFLICT, "bundle %s is part of the image", name);
	return err_set(e, ERR_NOT_FOUND, "%.64s: no such bundle is installed", name);
}

static int remove_one(const struct bundle_set *set, json_t *params, json_t **result, struct err *e)
{
	int which = bundle_set_find(set, core_string(params, "name"), NULL);
	bool force = json_is_true(json_object_get(params, "force"));
	const struct bundle_record *r;

	if (which < 0)
		return not_installed(core_string(params, "name"), e);
	if (admit(set, which, e) < 0)
		return -1;
	r = &set->items[which];
	if (json_is_true(json_object_get(params, "dry_run")))
		return core_give(
			result,
			bundle_dry_run(json_array(), id_list(r->d), bundle_effect_remove(r)), e);
	if (take_off(r, force, e) < 0)
		return -1;
	core_event("bundle", "info", "Bundle %s %s was removed", r->d->name, r->d->version);
	return core_give(
		result,
		bundle_result("Operation finished successfully.", json_array(), id_list(r->d)), e);
}

int bundle_remove_run(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = bundle_lock(e);
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };

	if (lock < 0 || bundle_set_load(&set, e) < 0)
		return -1;
	return remove_one(&set, params, result, e);
}
