// SPDX-License-Identifier: Apache-2.0
#include "profile_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/core/internal.h"

#define NONE SIZE_MAX

static size_t find_installed(const struct profile_host *host, const char *name)
{
	for (size_t i = 0; i < host->n; i++)
		if (!strcmp(host->installed[i]->name, name))
			return i;
	return NONE;
}

static bool has(const struct depot_profile *p, const char *name)
{
	for (size_t i = 0; i < p->bundles.n; i++)
		if (!strcmp(p->bundles.items[i].name, name))
			return true;
	return false;
}

static int plan_one(const struct bundle_relation *wanted, const struct profile_host *host,
		    bool update, enum profile_action *action, bool *remove, struct err *e)
{
	size_t i = find_installed(host, wanted->name);
	int order = i == NONE
			    ? -1
			    : bundle_version_compare(host->installed[i]->version, wanted->version);

	*action = !order ? PROFILE_KEEP : update && order > 0 ? PROFILE_SKIP : PROFILE_COME;
	if (*action != PROFILE_COME || i == NONE)
		return 0;
	if (host->fixed[i])
		return err_set(e, ERR_CONFLICT,
			       "the profile has %s %s, but %s of the image is %s; boot an image "
			       "that has it",
			       wanted->name, wanted->version, wanted->name,
			       host->installed[i]->version);
	remove[i] = order > 0;
	return 0;
}

int profile_plan(const struct depot_profile *p, const struct profile_host *host, bool update,
		 bool may_remove, enum profile_action *actions, bool *remove, struct err *e)
{
	memset(remove, 0, host->n * sizeof(*remove));
	for (size_t i = 0; i < p->bundles.n; i++)
		if (plan_one(&p->bundles.items[i], host, update, &actions[i], remove, e) < 0)
			return -1;
	for (size_t i = 0; i < host->n && !update; i++) {
		const struct bundle_descriptor *d = host->installed[i];

		if (host->fixed[i] || has(p, d->name))
			continue;
		if (!may_remove)
			return err_set(e, ERR_CONFLICT,
				       "bundle %s %s is not in profile %s and would be removed; "
				       "allow that with ok-to-remove",
				       d->name, d->version, p->name);
		remove[i] = true;
	}
	return 0;
}

json_t *profile_differences(const struct depot_profile *p, const struct profile_host *host)
{
	json_t *list = json_array();

	for (size_t k = 0; k < p->bundles.n; k++) {
		const struct bundle_relation *wanted = &p->bundles.items[k];
		size_t i = find_installed(host, wanted->name);

		if (i == NONE)
			json_array_append_new(list,
					      json_sprintf("%s %s is in the profile, not on the "
							   "host",
							   wanted->name, wanted->version));
		else if (bundle_version_compare(host->installed[i]->version, wanted->version))
			json_array_append_new(list, json_sprintf("%s is %s on the host, %s in the "
								 "profile",
								 wanted->name,
								 host->installed[i]->version,
								 wanted->version));
	}
	for (size_t i = 0; i < host->n; i++)
		if (!host->fixed[i] && !has(p, host->installed[i]->name))
			json_array_append_new(list, json_sprintf("%s %s is on the host, not in "
								 "the profile",
								 host->installed[i]->name,
								 host->installed[i]->version));
	return list;
}

static int hash_items(struct sha256 *sha, const struct state_item *items, size_t n, struct err *e)
{
	static const char head[] = "visoros state 1\n";

	if (sha256_start(sha, e) < 0 || sha256_add(sha, head, strlen(head), e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *line = NULL;

		if (asprintf(&line, "%s %s %s\n", items[i].id, items[i].payload, items[i].digest) <
		    0)
			return core_nomem(e);
		if (sha256_add(sha, line, strlen(line), e) < 0)
			return -1;
	}
	return 0;
}

int profile_state_hash(const struct state_item *items, size_t n, char hex[static SHA256_HEX],
		       struct err *e)
{
	struct sha256 sha = SHA256_INIT;
	int rc = hash_items(&sha, items, n, e);

	if (rc == 0)
		rc = sha256_end(&sha, hex, e);
	sha256_free(&sha);
	return rc;
}
