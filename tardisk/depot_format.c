// SPDX-License-Identifier: Apache-2.0
/* A depot's index in its one order, looked up in, and written. */
#include <errno.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "depot.h"

static int order(const char *name, const char *version, const char *vendor, const char *name2,
		 const char *version2, const char *vendor2)
{
	int rc = strcmp(name, name2);

	if (!rc)
		rc = bundle_version_compare(version, version2);
	return rc ? rc : strcmp(vendor, vendor2);
}

static int by_bundle(const void *a, const void *b)
{
	const struct bundle_descriptor *x = ((const struct depot_bundle *)a)->d;
	const struct bundle_descriptor *y = ((const struct depot_bundle *)b)->d;

	return order(x->name, x->version, x->vendor, y->name, y->version, y->vendor);
}

static int by_profile(const void *a, const void *b)
{
	const struct depot_profile *x = a, *y = b;

	return order(x->name, x->version, x->vendor, y->name, y->version, y->vendor);
}

int depot_index_sort(struct depot_index *index, struct err *e)
{
	if (index->n_bundles)
		qsort(index->bundles, index->n_bundles, sizeof(*index->bundles), by_bundle);
	if (index->n_profiles)
		qsort(index->profiles, index->n_profiles, sizeof(*index->profiles), by_profile);
	for (size_t i = 1; i < index->n_bundles; i++)
		if (!by_bundle(&index->bundles[i - 1], &index->bundles[i]))
			return err_set(e, ERR_INVALID, "bundle %s %s of vendor %s is there twice",
				       index->bundles[i].d->name, index->bundles[i].d->version,
				       index->bundles[i].d->vendor);
	for (size_t i = 1; i < index->n_profiles; i++)
		if (!by_profile(&index->profiles[i - 1], &index->profiles[i]))
			return err_set(e, ERR_INVALID, "profile %s %s of vendor %s is there twice",
				       index->profiles[i].name, index->profiles[i].version,
				       index->profiles[i].vendor);
	return 0;
}

const struct depot_profile *depot_find_profile(const struct depot_index *index,
					       const struct bundle_relation *wanted)
{
	for (size_t i = index->n_profiles; i-- > 0;)
		if (bundle_relation_holds(wanted, index->profiles[i].name,
					  index->profiles[i].version))
			return &index->profiles[i];
	return NULL;
}

const struct depot_bundle *depot_find_bundle(const struct depot_index *index, const char *name,
					     const char *version)
{
	for (size_t i = 0; i < index->n_bundles; i++)
		if (!strcmp(index->bundles[i].d->name, name) &&
		    !bundle_version_compare(index->bundles[i].d->version, version))
			return &index->bundles[i];
	return NULL;
}

static json_t *signature_json(const struct depot_bundle *b)
{
	_cleanup_free_ unsigned char *text = malloc(b->signature_len / 3 * 4 + 5);

	if (!text)
		return NULL;
	EVP_EncodeBlock(text, b->signature, (int)b->signature_len);
	return json_string((char *)text);
}

static json_t *bundle_json(const struct depot_bundle *b)
{
	json_t *value = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s%}", "name", b->d->name, "version",
		b->d->version, "vendor", b->d->vendor, "acceptance_level",
		bundle_acceptance_name(b->d->acceptance_level), "path", b->path, "size",
		(json_int_t)b->size, "sha256", b->sha256, "descriptor", b->text, b->text_len);

	if (value && b->signature_len)
		json_object_set_new(value, "signature", signature_json(b));
	return value;
}

int depot_index_format(struct depot_index *index, char **text, size_t *len, struct err *e)
{
	json_t *root, *bundles = json_array(), *profiles = json_array();
	char *dump;

	for (size_t i = 0; i < index->n_bundles; i++)
		json_array_append_new(bundles, bundle_json(&index->bundles[i]));
	for (size_t i = 0; i < index->n_profiles; i++)
		json_array_append_new(profiles, depot_profile_json(&index->profiles[i]));
	root = json_pack("{s:i, s:o, s:o}", "format", DEPOT_FORMAT, "bundles", bundles, "profiles",
			 profiles);
	dump = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	json_decref(root);
	if (!dump || asprintf(text, "%s\n", dump) < 0) {
		free(dump);
		return err_sys(e, ENOMEM, DEPOT_INDEX_NAME);
	}
	*len = strlen(*text);
	free(dump);
	return 0;
}
