// SPDX-License-Identifier: Apache-2.0
/* software.revocation: what is trusted no longer, on the running host as well. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/bundle/source.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "host_trust.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "revocation_evict.h"

static json_t *pack_entries(const struct revocation_entry *list, size_t n)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows,
				      json_pack("{s:s, s:s, s:s}", "sha256", list[i].sha256, "from",
						list[i].from, "reason", list[i].reason));
	return rows;
}

static int revocation_get(json_t *params, json_t **result, struct err *e)
{
	const struct revocation *r;
	struct trust *t;
	int rc;

	(void)params;
	if (host_trust_load(&t, e) < 0)
		return -1;
	r = trust_revocation(t);
	rc = core_give(result,
		       json_pack("{s:I, s:s, s:o, s:o}", "number", (json_int_t)r->number, "issued",
				 r->issued, "keys", pack_entries(r->keys, r->n_keys), "descriptors",
				 pack_entries(r->descriptors, r->n_descriptors)),
		       e);
	trust_free(t);
	return rc;
}

/* The whole list into memory; *data is allocated. */
static int read_list(struct bundle_source *s, char **data, size_t *len, struct err *e)
{
	_cleanup_free_ char *buf = malloc(REVOCATION_MAX + 1);
	ssize_t n;

	if (!buf)
		return core_nomem(e);
	for (*len = 0; (n = bundle_source_bytes(s, buf + *len, REVOCATION_MAX + 1 - *len)) > 0;
	     *len += (size_t)n)
		if (*len + (size_t)n > REVOCATION_MAX)
			return err_set(e, ERR_INVALID, "%s: larger than 4 MiB", s->name);
	if (n < 0)
		return err_sys(e, errno, "%s", s->name);
	*data = TAKE_PTR(buf);
	return 0;
}

/* Names of installed bundles whose signature is not good any more. */
static int list_revoked(const struct trust *t, json_t *names, struct err *e)
{
	_cleanup_(bundle_set_free) struct bundle_set set = { 0 };
	struct trust_signature s;
	struct err why = ERR_INIT;

	if (bundle_set_load(&set, e) < 0)
		return -1;
	for (size_t i = 0; i < set.n; i++) {
		const struct bundle_record *r = &set.items[i];

		if (r->base || !r->signature_len ||
		    trust_verify(t, r->text, r->text_len, r->signature, r->signature_len, &s,
				 &why) == 0)
			continue;
		json_array_append_new(names, json_string(r->d->name));
		core_event(EVENT_BUNDLE_UNTRUSTED, EVENT_WITH(EVENT_STR("bundle", r->d->name)),
			   "Bundle %s is no longer trusted: %s", r->d->name, why.text);
	}
	return 0;
}

static int take_list(struct bundle_source *s, json_t *names, uint64_t *number, struct err *e)
{
	_cleanup_close_ int lock = core_lock(BUNDLE_LOCK, e);
	_cleanup_free_ char *data = NULL;
	struct trust *t;
	size_t len = 0;
	int rc;

	if (lock < 0 || read_list(s, &data, &len, e) < 0 || host_trust_load(&t, e) < 0)
		return -1;
	rc = trust_revoke(t, data, len, e);
	if (rc < 0)
		err_wrap(e, "%s", s->name);
	if (rc > 0)
		rc = host_trust_store_list(data, len, e);
	*number = trust_revocation(t)->number;
	if (rc >= 0)
		rc = list_revoked(t, names, e);
	trust_free(t);
	return rc;
}

static int revocation_import(json_t *params, json_t **result, struct err *e)
{
	json_t *names = json_array(), *removed;
	struct bundle_source source;
	uint64_t number;
	int rc;

	if (bundle_source_open(&source, core_string(params, "path"), core_string(params, "url"), -1,
			       e) < 0) {
		json_decref(names);
		return -1;
	}
	rc = take_list(&source, names, &number, e);
	bundle_source_close(&source);
	if (rc < 0) {
		json_decref(names);
		return -1;
	}
	core_event(EVENT_REVOCATION_IMPORTED, EVENT_WITH(EVENT_NUM("number", number)),
		   "Revocation list %llu is in force", (unsigned long long)number);
	removed = json_is_true(json_object_get(params, "evict")) ? revocation_evict(names)
								 : json_array();
	return core_give(result,
			 json_pack("{s:I, s:o, s:o}", "number", (json_int_t)number, "revoked",
				   names, "removed", removed),
			 e);
}

static const struct core_param import_params[] = {
	{ "path", CORE_PATH, .min = 2, .max = 1024, .help = "Signed list on the host" },
	{ "url", CORE_STRING, .min = 8, .max = 2048, .help = "Or its http or https address" },
	{ "evict", CORE_BOOL, .help = "Remove the bundles that it revokes, even if in use" },
	{ 0 },
};

const struct core_op core_revocation_ops[] = {
	{
		.name = "software.revocation.get",
		.method = "GET",
		.path = "/revocations",
		.run = revocation_get,
		.help = "The revocation list that is in force",
	},
	{
		.name = "software.revocation.import",
		.method = "POST",
		.path = "/revocations",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = import_params,
		.run = revocation_import,
		.help = "Takes a newer revocation list, and tells which bundles it revokes",
	},
	{ 0 },
};
