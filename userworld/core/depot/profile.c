// SPDX-License-Identifier: Apache-2.0
/* software.profile: the set of bundles of this host, and how it becomes another one. */
#include <stdlib.h>
#include <string.h>

#include "userworld/core/bundle/install.h"
#include "userworld/core/bundle/pool.h"
#include "cleanup.h"
#include "pick.h"
#include "set.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "profile_host.h"
#include "version.h"

static struct profile_host host_of(const struct bundle_set *set)
{
	return (struct profile_host){ set->descriptors, set->n, set->fixed };
}

static json_t *ids_of(const struct bundle_set *set)
{
	json_t *list = json_array();

	for (size_t i = 0; i < set->n; i++)
		bundle_append_id(list, set->items[i].d);
	return list;
}

static int profile_get(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(depot_profile_free) struct depot_profile p = { 0 };
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	char installed[32], state[SHA256_HEX];
	struct profile_host host;
	json_t *differences;
	bool modified;

	(void)params;
	if (profile_host_get(&p, installed, e) < 0 || bundle_set_load(&set, e) < 0 ||
	    profile_host_state(&set, state, NULL, e) < 0)
		return -1;
	host = host_of(&set);
	differences = profile_differences(&p, &host);
	modified = json_array_size(differences) > 0;
	json_decref(differences);
	return core_give(result,
			 json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:o, s:s}",
				   "name", p.name, "version", p.version, "vendor", p.vendor,
				   "summary", p.summary, "created", p.created, "installed",
				   installed, "modified", modified, "image", VISOROS_VERSION,
				   "build", VISOROS_BUILD, "bundles", ids_of(&set), "state_hash",
				   state),
			 e);
}

/* The newest in all depots that "NAME" or "NAME = VERSION" stands for. */
static int find_profile(const struct depot_set *depots, const char *text,
			const struct depot_profile **out, struct err *e)
{
	struct bundle_relation wanted;

	*out = NULL;
	if (depot_pick_relation(text, &wanted, e) < 0)
		return -1;
	for (size_t i = 0; i < depots->n; i++) {
		const struct depot_profile *p =
			depot_find_profile(&depots->items[i].index, &wanted);

		if (p && (!*out || bundle_version_compare(p->version, (*out)->version) > 0))
			*out = p;
	}
	return *out ? 0 : err_set(e, ERR_NOT_FOUND, "%s: no depot has such a profile", text);
}

static int add_bundle(struct install *in, const struct depot_set *depots,
		      const struct bundle_relation *wanted, const char *profile, struct err *e)
{
	for (size_t i = 0; i < depots->n; i++) {
		const struct depot_bundle *b =
			depot_find_bundle(&depots->items[i].index, wanted->name, wanted->version);

		if (b)
			return install_add_entry(in, &depots->items[i].place, b, e);
	}
	return err_set(e, ERR_NOT_FOUND, "profile %s has bundle %s %s, which no depot has", profile,
		       wanted->name, wanted->version);
}

/* What the profile has already, or newer with update, is skipped. */
static int add_bundles(struct install *in, const struct depot_set *depots,
		       const struct depot_profile *p, json_t *params, bool update, json_t *skipped,
		       struct err *e)
{
	bool may_remove = json_is_true(json_object_get(params, "ok_to_remove"));
	_cleanup_free_ enum profile_action *actions = calloc(p->bundles.n + 1, sizeof(*actions));
	struct profile_host host = host_of(&in->set);

	in->remove = calloc(in->set.n + 1, sizeof(*in->remove));
	if (!actions || !in->remove)
		return core_nomem(e);
	if (profile_plan(p, &host, update, may_remove, actions, in->remove, e) < 0)
		return -1;
	for (size_t i = 0; i < p->bundles.n; i++) {
		const struct bundle_relation *wanted = &p->bundles.items[i];

		if (actions[i] == PROFILE_COME && add_bundle(in, depots, wanted, p->name, e) < 0)
			return -1;
		if (actions[i] != PROFILE_COME)
			bundle_append_id(
				skipped,
				in->set.items[bundle_set_find(&in->set, wanted->name, NULL)].d);
	}
	return 0;
}

static bool changes_anything(const struct install *in)
{
	for (size_t i = 0; i < in->set.n; i++)
		if (in->remove[i])
			return true;
	return in->n > 0;
}

static int run(struct install *in, const struct depot_profile *p, json_t *params, bool update,
	       const struct depot_set *depots, json_t **result, struct err *e)
{
	bool dry_run = json_is_true(json_object_get(params, "dry_run"));
	json_t *skipped = json_array();
	int rc = add_bundles(in, depots, p, params, update, skipped, e);

	if (rc == 0 && changes_anything(in))
		rc = install_run(in, dry_run, result, e);
	else if (rc == 0)
		rc = core_give(result,
			       bundle_result("Nothing to do: the host has all bundles of the "
					     "profile.",
					     json_array(), json_array()),
			       e);
	if (rc == 0)
		json_array_extend(json_object_get(*result, "skipped"), skipped);
	json_decref(skipped);
	return rc < 0 || dry_run ? rc : profile_host_set(p, e);
}

static int apply(json_t *params, bool update, json_t **result, struct err *e)
{
	_cleanup_(depot_set_free) struct depot_set depots = { 0 };
	_cleanup_(install_end) struct install in = { 0 };
	_cleanup_close_ int lock = bundle_lock(e);
	const struct depot_profile *p;

	if (lock < 0 || depot_set_load(&depots, core_string(params, "depot"), e) < 0 ||
	    find_profile(&depots, core_string(params, "profile"), &p, e) < 0 ||
	    bundle_set_load(&in.set, e) < 0 || run(&in, p, params, update, &depots, result, e) < 0)
		return -1;
	if (!json_is_true(json_object_get(params, "dry_run")))
		core_event(
			EVENT_PROFILE_INSTALLED,
			EVENT_WITH(EVENT_STR("profile", p->name), EVENT_STR("version", p->version)),
			"Image profile %s %s was %s", p->name, p->version,
			update ? "updated to" : "installed");
	return 0;
}

static int in_pool(json_t *params, bool update, json_t **result, struct err *e)
{
	int pool = bundle_pool_enter();
	int rc = apply(params, update, result, e);

	bundle_pool_leave(pool);
	return rc;
}

static int profile_install(json_t *params, json_t **result, struct err *e)
{
	return in_pool(params, false, result, e);
}

static int profile_update(json_t *params, json_t **result, struct err *e)
{
	return in_pool(params, true, result, e);
}

/* The host beside p: bundles by version, and each tardisk by its digest. */
static int compare(const struct depot_profile *p, json_t **result, struct err *e)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	char state[SHA256_HEX];
	struct profile_host host;
	json_t *list;

	if (bundle_set_load(&set, e) < 0)
		return -1;
	host = host_of(&set);
	list = profile_differences(p, &host);
	if (profile_host_state(&set, state, list, e) < 0) {
		json_decref(list);
		return -1;
	}
	return core_give(result,
			 json_pack("{s:b, s:s, s:s, s:s, s:o}", "compliant",
				   json_array_size(list) == 0, "profile", p->name, "version",
				   p->version, "state_hash", state, "differences", list),
			 e);
}

static int profile_validate(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(depot_profile_free) struct depot_profile own = { 0 };
	_cleanup_(depot_set_free) struct depot_set depots = { 0 };
	const struct depot_profile *p = &own;
	char installed[32];

	if (!core_string(params, "profile")) {
		if (profile_host_get(&own, installed, e) < 0)
			return -1;
	} else if (depot_set_load(&depots, core_string(params, "depot"), e) < 0 ||
		   find_profile(&depots, core_string(params, "profile"), &p, e) < 0) {
		return -1;
	}
	return compare(p, result, e);
}

#define PROFILE_PARAM(must)                                                                  \
	{                                                                                    \
		"profile", CORE_STRING, .required = must, .min = 1, .max = 136,              \
					.among = "software.sources.profile.list name",       \
					.help = "Profile in a depot: NAME or NAME = VERSION" \
	}
#define DEPOT_PARAM                                                                             \
	{                                                                                       \
		"depot", CORE_STRING, .min = 2, .max = 4000, .otherwise = "the host's sources", \
				      .help = "Depots to look in, with commas between"          \
	}
#define DRY_RUN_PARAM                                                       \
	{                                                                   \
		"dry_run", CORE_BOOL, .help = "Only say what would be done" \
	}

static const struct core_param validate_params[] = { PROFILE_PARAM(false), DEPOT_PARAM, { 0 } };
static const struct core_param update_params[] = {
	PROFILE_PARAM(true), DEPOT_PARAM, DRY_RUN_PARAM, { 0 }
};
static const struct core_param install_params[] = {
	PROFILE_PARAM(true),
	DEPOT_PARAM,
	{ "ok_to_remove", CORE_BOOL, .help = "Bundles that the profile does not have may go" },
	DRY_RUN_PARAM,
	{ 0 },
};

const struct core_op core_profile_ops[] = {
	{
		.name = "software.profile.get",
		.method = "GET",
		.path = "/profile",
		.run = profile_get,
		.help = "The image profile of this host, and the hash of its state",
	},
	{
		.name = "software.profile.install",
		.method = "PUT",
		.path = "/profile",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK | CORE_CANCEL,
		.params = install_params,
		.run = profile_install,
		.help = "Makes the host have exactly the bundles of a profile, in one switch",
	},
	{
		.name = "software.profile.update",
		.method = "PATCH",
		.path = "/profile",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK | CORE_CANCEL,
		.params = update_params,
		.run = profile_update,
		.help = "Brings new and newer bundles of a profile; nothing goes",
	},
	{
		.name = "software.profile.validate",
		.method = "GET",
		.path = "/profile/validation",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = validate_params,
		.run = profile_validate,
		.help = "Compares the running host with a profile",
	},
	{ 0 },
};
