// SPDX-License-Identifier: Apache-2.0
/* Indexes of depots, fetched and verified. */
#include "set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/bundle/source.h"
#include "cleanup.h"
#include "userworld/core/trust/host_trust.h"
#include "userworld/core/internal.h"
#include "tardisk/bundle.h"

static int read_file(const struct depot_place *place, const char *path, size_t max, char **data,
		     size_t *len, struct err *e)
{
	struct bundle_source s;
	int rc;

	if (bundle_source_open_at(&s, place, path, e) < 0)
		return -1;
	rc = bundle_source_all(&s, max, data, len, e);
	bundle_source_close(&s);
	return rc;
}

/* A signature may be missing; that one is bad is worse than that there is none. */
static int read_signature(const struct depot_place *place, char **data, size_t *len, struct err *e)
{
	struct err fault = ERR_INIT;

	*len = 0;
	if (read_file(place, DEPOT_SIGNATURE_NAME, BUNDLE_SIGNATURE_MAX, data, len, &fault) == 0)
		return 0;
	if (fault.kind == ERR_NOT_FOUND)
		return 0;
	if (e)
		*e = fault;
	return -1;
}

/* The host's level holds for the index as for bundles: else newer ones could be hidden. */
static int check_signature(const char *text, size_t len, const char *signature,
			   size_t signature_len, char *signer, size_t size, struct err *e)
{
	struct trust_signature s = { .level = TRUST_UNSIGNED };
	enum trust_level gate, lowest;
	struct trust *t;
	int rc = 0;

	signer[0] = '\0';
	if (host_gate_get(&gate, &lowest, e) < 0 || host_trust_load(&t, e) < 0)
		return -1;
	if (signature_len)
		rc = trust_verify(t, text, len, signature, signature_len, &s, e);
	trust_free(t);
	if (rc < 0)
		return -1;
	snprintf(signer, size, "%s", s.signer);
	if (s.level >= gate)
		return 0;
	if (!signature_len)
		return err_set(e, ERR_DENIED,
			       "is not signed; acceptance level %s or higher is wanted",
			       trust_level_name(gate));
	return err_set(e, ERR_DENIED, "is signed at acceptance level %s; %s or higher is wanted",
		       trust_level_name(s.level), trust_level_name(gate));
}

static int load_one(struct depot *d, struct err *e)
{
	_cleanup_free_ char *signature = NULL;
	_cleanup_free_ char *text = NULL;
	size_t len, signature_len;

	if (read_file(&d->place, DEPOT_INDEX_NAME, DEPOT_INDEX_MAX, &text, &len, e) < 0 ||
	    read_signature(&d->place, &signature, &signature_len, e) < 0)
		return -1;
	if (check_signature(text, len, signature, signature_len, d->signer, sizeof(d->signer), e) <
	    0)
		return err_wrap(e, "%s/" DEPOT_INDEX_NAME, d->place.address);
	if (depot_index_parse(text, len, &d->index, e) < 0)
		return err_wrap(e, "%s", d->place.address);
	return 0;
}

static int add(struct depot_set *set, const char *address, struct err *e)
{
	struct depot *d;

	if (set->n == DEPOT_SOURCES_MAX)
		return err_set(e, ERR_USAGE, "more than %d depots", DEPOT_SOURCES_MAX);
	d = &set->items[set->n];
	if (depot_place_open(&d->place, address, e) < 0)
		return -1;
	set->n++;
	return load_one(d, e);
}

static int add_named(struct depot_set *set, const char *addresses, struct err *e)
{
	_cleanup_free_ char *copy = strdup(addresses);
	char *save, *word;

	if (!copy)
		return core_nomem(e);
	for (word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save))
		if (add(set, word, e) < 0)
			return -1;
	return 0;
}

static int add_configured(struct depot_set *set, struct err *e)
{
	char list[DEPOT_SOURCES_MAX][DEPOT_ADDRESS_MAX];
	size_t n;

	if (depot_sources_load(list, &n, e) < 0)
		return -1;
	if (!n)
		return err_set(e, ERR_NOT_FOUND,
			       "no depot is given, and this host has no sources; "
			       "add one with 'software sources add'");
	for (size_t i = 0; i < n; i++)
		if (add(set, list[i], e) < 0)
			return -1;
	return 0;
}

int depot_set_load(struct depot_set *set, const char *addresses, struct err *e)
{
	set->n = 0;
	set->items = calloc(DEPOT_SOURCES_MAX, sizeof(*set->items));
	if (!set->items)
		return core_nomem(e);
	return addresses ? add_named(set, addresses, e) : add_configured(set, e);
}

void depot_set_free(struct depot_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		depot_index_free(&set->items[i].index);
		depot_place_close(&set->items[i].place);
	}
	free(set->items);
	memset(set, 0, sizeof(*set));
}
