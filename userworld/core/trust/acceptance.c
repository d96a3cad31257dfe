// SPDX-License-Identifier: Apache-2.0
/* software.acceptance and software.signature: what is taken, and what the installed is worth. */
#include <string.h>

#include "cleanup.h"
#include "userworld/core/event.h"
#include "host_trust.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"

static int acceptance_get(json_t *params, json_t **result, struct err *e)
{
	enum trust_level gate, lowest;

	(void)params;
	if (host_gate_get(&gate, &lowest, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:s, s:s}", "level", trust_level_name(gate), "lowest",
				   trust_level_name(lowest)),
			 e);
}

/* What is installed already must be good enough, too. */
static int check_installed(enum trust_level gate, struct err *e)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };

	if (bundle_set_load(&set, e) < 0)
		return -1;
	for (size_t i = 0; i < set.n; i++)
		if (host_trust_level(&set.items[i]) < gate)
			return err_set(e, ERR_CONFLICT,
				       "bundle %s is installed, whose acceptance level is %s; "
				       "remove it first",
				       set.items[i].d->name,
				       trust_level_name(host_trust_level(&set.items[i])));
	return 0;
}

static int acceptance_set(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = core_lock(BUNDLE_LOCK, e);
	enum trust_level gate;

	if (lock < 0 || trust_level_parse(core_string(params, "level"), &gate, e) < 0 ||
	    check_installed(gate, e) < 0 || host_gate_set(gate, e) < 0)
		return -1;
	core_event(EVENT_ACCEPTANCE_CHANGED, EVENT_WITH(EVENT_STR("level", trust_level_name(gate))),
		   "Host acceptance level changed to %s", trust_level_name(gate));
	return core_give(result, json_pack("{s:s}", "level", trust_level_name(gate)), e);
}

static json_t *pack_signature(const struct trust *t, enum trust_level gate,
			      const struct bundle_record *r)
{
	struct trust_signature s = { 0 };
	struct err why = ERR_INIT;
	bool good = r->base || host_trust_check(t, gate, r->d, r->text, r->text_len, r->signature,
						r->signature_len, &s, &why) == 0;
	const char *verdict = good ? "good" : why.text;

	if (r->base)
		verdict = "part of the image";
	else if (good && !r->signature_len)
		verdict = "unsigned";
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s}", "name", r->d->name, "version",
			 r->d->version, "vendor", r->d->vendor, "acceptance",
			 trust_level_name(host_trust_level(r)), "trusted", good, "verification",
			 verdict, "signer", s.signer, "signed", s.time);
}

static int signature_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	enum trust_level gate, lowest;
	struct trust *t;

	(void)params;
	if (host_gate_get(&gate, &lowest, e) < 0 || bundle_set_load(&set, e) < 0 ||
	    host_trust_load(&t, e) < 0)
		return -1;
	*result = json_array();
	for (size_t i = 0; i < set.n; i++)
		json_array_append_new(*result, pack_signature(t, gate, &set.items[i]));
	trust_free(t);
	return 0;
}

static const struct core_param set_params[] = {
	{ "level", CORE_NAME, .required = true,
	  .words = "certified|accepted|partner|community|unsigned",
	  .help = "Level that bundles must have at least" },
	{ 0 },
};

const struct core_op core_acceptance_ops[] = {
	{
		.name = "software.acceptance.get",
		.method = "GET",
		.path = "/acceptance",
		.run = acceptance_get,
		.help = "The acceptance level that bundles must have at least",
	},
	{
		.name = "software.acceptance.set",
		.method = "PUT",
		.path = "/acceptance",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = acceptance_set,
		.help = "Changes the acceptance level of the host",
	},
	{
		.name = "software.signature.list",
		.method = "GET",
		.path = "/signatures",
		.flags = CORE_SLOW,
		.run = signature_list,
		.help = "Verifies the signatures of the installed bundles again",
	},
	{ 0 },
};
