// SPDX-License-Identifier: Apache-2.0
/* software.bundle.install by name and software.bundle.update: out of depots. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "userworld/core/bundle/install.h"
#include "userworld/core/bundle/plan.h"
#include "userworld/core/bundle/pool.h"
#include "cleanup.h"
#include "pick.h"
#include "set.h"
#include "userworld/core/event.h"
#include "userworld/core/trust/host_trust.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "userworld/core/system/maintenance.h"

#define NAMES_MAX 64

/* All bundles of all depots in one row. */
struct offers {
	const struct bundle_descriptor **descriptors;
	const struct depot_bundle **entries;
	const struct depot_place **places;
	bool *usable;
	size_t n;
};

static void free_offers(struct offers *o)
{
	free(o->descriptors);
	free(o->entries);
	free(o->places);
	free(o->usable);
}

/* What this host would refuse for reasons of its own need not be tried as a dependency. */
static bool is_usable(const struct depot_bundle *b, enum trust_level gate, const char *machine)
{
	enum trust_level level =
		b->signature_len ? trust_level_of(b->d->acceptance_level) : TRUST_UNSIGNED;

	return level >= gate && bundle_admit_machine(b->d, machine, NULL) == 0 &&
	       bundle_admit_live(b->d, host_in_maintenance(), NULL) == 0;
}

static int make_offers(const struct depot_set *set, struct offers *o, struct err *e)
{
	enum trust_level gate, lowest;
	struct utsname host;
	size_t n = 0;

	for (size_t k = 0; k < set->n; k++)
		n += set->items[k].index.n_bundles;
	o->descriptors = calloc(n + 1, sizeof(*o->descriptors));
	o->entries = calloc(n + 1, sizeof(*o->entries));
	o->places = calloc(n + 1, sizeof(*o->places));
	o->usable = calloc(n + 1, sizeof(*o->usable));
	if (!o->descriptors || !o->entries || !o->places || !o->usable)
		return core_nomem(e);
	if (host_gate_get(&gate, &lowest, e) < 0)
		return -1;
	if (uname(&host) < 0)
		return err_sys(e, errno, "uname");
	for (size_t k = 0; k < set->n; k++)
		for (size_t i = 0; i < set->items[k].index.n_bundles; i++, o->n++) {
			o->entries[o->n] = &set->items[k].index.bundles[i];
			o->descriptors[o->n] = o->entries[o->n]->d;
			o->places[o->n] = &set->items[k].place;
			o->usable[o->n] = is_usable(o->entries[o->n], gate, host.machine);
		}
	return 0;
}

/* The result tells what was new enough already. */
static void add_skipped(json_t *result, const struct install *in, const struct pick_result *picked)
{
	for (size_t i = 0; i < picked->n_skipped; i++)
		bundle_append_id(json_object_get(result, "skipped"),
				 in->set.descriptors[picked->skipped[i]]);
}

static int install_picked(struct install *in, const struct offers *o,
			  const struct pick_result *picked, bool dry_run, json_t **result,
			  struct err *e)
{
	for (size_t i = 0; i < picked->n_chosen; i++)
		if (install_add_entry(in, o->places[picked->chosen[i]],
				      o->entries[picked->chosen[i]], e) < 0)
			return -1;
	/* What is to be told of it is in the set as it was before. */
	if (!picked->n_chosen)
		*result = bundle_result("Nothing to do: what is installed is new enough.",
					json_array(), json_array());
	else if (install_run(in, dry_run, result, e) < 0)
		return -1;
	if (!*result)
		return core_nomem(e);
	add_skipped(*result, in, picked);
	return 0;
}

static int install_from(const struct depot_set *depots, json_t *params, bool update,
			json_t **result, struct err *e)
{
	bool dry_run = json_is_true(json_object_get(params, "dry_run"));
	const char *names = core_string(params, "name");
	_cleanup_(install_end) struct install in = { 0 };
	_cleanup_(free_offers) struct offers o = { 0 };
	_cleanup_(pick_result_free) struct pick_result picked = { 0 };
	struct bundle_relation wanted[NAMES_MAX];
	struct pick_request request = { .wanted = wanted, .update = update };

	if ((names && depot_pick_wanted(names, wanted, NAMES_MAX, &request.n_wanted, e) < 0) ||
	    bundle_set_load(&in.set, e) < 0 || make_offers(depots, &o, e) < 0)
		return -1;
	in.force = json_is_true(json_object_get(params, "force"));
	request.installed = in.set.descriptors;
	request.n_installed = in.set.n;
	request.fixed = in.set.fixed;
	request.offered = o.descriptors;
	request.n_offered = o.n;
	request.usable = o.usable;
	if (depot_pick(&request, &picked, e) < 0)
		return -1;
	return install_picked(&in, &o, &picked, dry_run, result, e);
}

static int install_locked(json_t *params, bool update, json_t **result, struct err *e)
{
	_cleanup_(depot_set_free) struct depot_set depots = { 0 };
	_cleanup_close_ int lock = bundle_lock(e);

	if (lock < 0 || depot_set_load(&depots, core_string(params, "depot"), e) < 0)
		return -1;
	return install_from(&depots, params, update, result, e);
}

int depot_install(json_t *params, bool update, json_t **result, struct err *e)
{
	const char *names = core_string(params, "name");
	int pool, rc;

	if (core_string(params, "path") || core_string(params, "url"))
		return err_set(e, ERR_USAGE, "give a name or the place of one bundle, not both");
	pool = bundle_pool_enter();
	rc = install_locked(params, update, result, e);
	bundle_pool_leave(pool);
	if (rc < 0 && e)
		core_event(EVENT_BUNDLE_INSTALL_FAILED,
			   EVENT_WITH(EVENT_STR("source", names ? names : "")),
			   "%s of %s failed: %s", update ? "Update" : "Install",
			   names ? names : "all bundles", e->text);
	return rc;
}

int depot_update_run(json_t *params, json_t **result, struct err *e)
{
	return depot_install(params, true, result, e);
}
