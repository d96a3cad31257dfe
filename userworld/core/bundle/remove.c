// SPDX-License-Identifier: Apache-2.0
/*
 * software.bundle.remove: stops services, detaches tardisks, forgets bundles. Several
 * go in one switch: those that depend on each other can go in no other way.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "effect.h"
#include "install.h"
#include "local.h"
#include "plan.h"
#include "solve.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/core/system/maintenance.h"

/* What goes, out of the set. */
struct removal {
	struct bundle_set set;
	bool *remove;			   /* per entry of set */
	const struct bundle_record **list; /* the n of them */
	size_t n;
};

static void removal_end(struct removal *r)
{
	free(r->remove);
	free(r->list);
	bundle_set_free(&r->set);
}

static int solve(const struct removal *r, struct err *e)
{
	const struct solve_request request = {
		.installed = r->set.descriptors,
		.n_installed = r->set.n,
		.fixed = r->set.fixed,
		.remove = r->remove,
	};
	struct solve_result result;

	if (bundle_solve(&request, &result, e) < 0)
		return -1;
	solve_result_free(&result);
	return 0;
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

static int add(struct removal *r, const char *name, struct err *e)
{
	int which = bundle_set_find(&r->set, name, NULL);

	if (which < 0)
		return not_installed(name, e);
	if (r->set.items[which].base)
		return err_set(e, ERR_CONFLICT, "bundle %s is part of the image", name);
	if (!r->remove[which])
		r->list[r->n++] = &r->set.items[which];
	r->remove[which] = true;
	return bundle_admit_live_remove(r->set.items[which].d, host_in_maintenance(), e);
}

static int admit(struct removal *r, const char *names, struct err *e)
{
	_cleanup_free_ char *text = strdup(names);
	char *save = NULL;

	r->remove = calloc(r->set.n + 1, sizeof(*r->remove));
	r->list = calloc(r->set.n + 1, sizeof(*r->list));
	if (!text || !r->remove || !r->list)
		return core_nomem(e);
	for (char *name = strtok_r(text, ", ", &save); name; name = strtok_r(NULL, ", ", &save))
		if (add(r, name, e) < 0)
			return -1;
	if (!r->n)
		return err_set(e, ERR_USAGE, "name: has no name in it");
	return solve(r, e);
}

/* What becomes of changed state files: they go. */
static int plan_local(const struct removal *r, json_t **plan, struct err *e)
{
	_cleanup_free_ struct local_old *old = calloc(r->n + 1, sizeof(*old));

	if (!old)
		return core_nomem(e);
	for (size_t i = 0; i < r->n; i++)
		old[i] = (struct local_old){ .record = r->list[i], .leaves = true };
	return bundle_local_plan(old, r->n, NULL, 0, true, plan, e);
}

static int take_off(const struct removal *r, bool force, struct bundle_kept *kept, struct err *e)
{
	_cleanup_(bundle_change_free) struct bundle_change c = { 0 };

	if (bundle_change_init(&c, 0, r->n, e) < 0)
		return -1;
	memcpy(c.out, r->list, r->n * sizeof(*c.out));
	json_decref(c.local);
	c.local = NULL;
	if (plan_local(r, &c.local, e) < 0)
		return -1;
	if (change_apply(&c, NULL, force, e) < 0 || change_finish(&c, e) < 0)
		return -1;
	*kept = c.kept;
	return 0;
}

static json_t *id_list(const struct removal *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n; i++)
		bundle_append_id(list, r->list[i]->d);
	return list;
}

static int dry_run(const struct removal *r, json_t **result, struct err *e)
{
	_cleanup_free_ const struct bundle_descriptor **left = calloc(r->set.n + 1, sizeof(*left));
	struct bundle_kept kept;
	size_t n = 0;

	if (!left)
		return core_nomem(e);
	for (size_t i = 0; i < r->set.n; i++)
		if (!r->remove[i] && !r->set.fixed[i])
			left[n++] = r->set.descriptors[i];
	if (bundle_bank_admit(left, n, &kept, e) < 0)
		return -1;
	return core_give(result,
			 bundle_dry_run(json_array(), id_list(r),
					bundle_effect_remove(r->list, r->n), &kept),
			 e);
}

static int run(const struct removal *r, json_t *params, json_t **result, struct err *e)
{
	struct bundle_kept kept;

	if (json_is_true(json_object_get(params, "dry_run")))
		return dry_run(r, result, e);
	if (take_off(r, json_is_true(json_object_get(params, "force")), &kept, e) < 0)
		return -1;
	for (size_t i = 0; i < r->n; i++)
		core_event(EVENT_BUNDLE_REMOVED,
			   EVENT_WITH(EVENT_STR("bundle", r->list[i]->d->name),
				      EVENT_STR("version", r->list[i]->d->version)),
			   "Bundle %s %s was removed", r->list[i]->d->name, r->list[i]->d->version);
	if (core_give(result, bundle_result("", json_array(), id_list(r)), e) < 0)
		return -1;
	bundle_tell_kept(*result, &kept, "");
	return 0;
}

int bundle_remove_run(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = bundle_lock(e);
	_cleanup_(removal_end) struct removal r = { 0 };

	if (lock < 0 || bundle_set_load(&r.set, e) < 0 ||
	    admit(&r, core_string(params, "name"), e) < 0)
		return -1;
	return run(&r, params, result, e);
}
