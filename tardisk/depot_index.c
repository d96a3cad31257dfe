// SPDX-License-Identifier: Apache-2.0
/* index.json of a depot: from text to structures. */
#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "cleanup.h"
#include "depot.h"
#include "descriptor_object.h"

const char *depot_path_fault(const char *path)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._+~-/";

	if (!*path || strlen(path) > DEPOT_PATH_MAX)
		return "is empty or too long";
	if (path[strspn(path, allowed)])
		return "has other characters than letters, digits and . _ + ~ - /";
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += part != path;
		/* No absolute path, none that climbs, no hidden file. */
		if (*part == '\0' || *part == '.' || *part == '/')
			return "has an empty part, or one that begins with a dot";
	}
	return NULL;
}

static int take_text(const json_t *value, struct depot_bundle *b, struct err *e)
{
	const json_t *text = json_object_get(value, "descriptor");

	if (!json_is_string(text))
		return err_set(e, ERR_INVALID, "descriptor: missing or no string");
	b->text = strdup(json_string_value(text));
	if (!b->text)
		return err_sys(e, ENOMEM, "descriptor");
	b->text_len = strlen(b->text);
	return bundle_descriptor_parse(b->text, b->text_len, &b->d, e);
}

static int take_signature(const json_t *value, struct depot_bundle *b, struct err *e)
{
	const json_t *text = json_object_get(value, "signature");
	const char *base64 = json_string_value(text);
	size_t len = json_string_length(text);
	int n;

	if (!text)
		return 0;
	if (!base64 || !len || len % 4 || len > BUNDLE_SIGNATURE_MAX / 3 * 4 + 4)
		return err_set(e, ERR_INVALID, "signature: no Base64, or too long");
	b->signature = malloc(len / 4 * 3);
	if (!b->signature)
		return err_sys(e, ENOMEM, "signature");
	n = EVP_DecodeBlock(b->signature, (const unsigned char *)base64, (int)len);
	if (n < 3)
		return err_set(e, ERR_INVALID, "signature: no Base64, or too long");
	/* The padding counts as bytes there. */
	b->signature_len = (size_t)n - (base64[len - 1] == '=') - (base64[len - 2] == '=');
	return 0;
}

/* What stands beside the descriptor for readers says the same as it. */
static int check_same(const json_t *value, const char *field, const char *stated, struct err *e)
{
	const char *text = json_string_value(json_object_get(value, field));

	if (text && !strcmp(text, stated))
		return 0;
	return err_set(e, ERR_INVALID, "%s: missing or other than in the descriptor", field);
}

static int take_path(const json_t *value, struct depot_bundle *b, struct err *e)
{
	const char *fault;

	if (object_line(value, "path", true, DEPOT_PATH_MAX, &b->path, e) < 0)
		return -1;
	fault = depot_path_fault(b->path);
	return fault ? err_set(e, ERR_INVALID, "path: %s", fault) : 0;
}

static int parse_bundle(const json_t *value, struct depot_bundle *b, struct err *e)
{
	static const char *const known[] = { "name",	 "version", "vendor", "acceptance_level",
					     "path",	 "size",    "sha256", "descriptor",
					     "signature" };

	if (object_check(value, known, ARRAY_SIZE(known), e) < 0 || take_path(value, b, e) < 0 ||
	    object_number(value, "size", true, 1, INT64_MAX, &b->size, e) < 0 ||
	    object_digest(value, "sha256", b->sha256, e) < 0 || take_text(value, b, e) < 0 ||
	    take_signature(value, b, e) < 0 || check_same(value, "name", b->d->name, e) < 0 ||
	    check_same(value, "version", b->d->version, e) < 0 ||
	    check_same(value, "vendor", b->d->vendor, e) < 0)
		return -1;
	return check_same(value, "acceptance_level", bundle_acceptance_name(b->d->acceptance_level),
			  e);
}

/* Calls are in the order of the array; the element is zeroed and counted before. */
static int parse_bundles(json_t *list, struct depot_index *index, struct err *e)
{
	json_t *item;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > DEPOT_BUNDLES_MAX)
		return err_set(e, ERR_INVALID, "bundles: must be an array of at most %d",
			       DEPOT_BUNDLES_MAX);
	index->bundles = calloc(json_array_size(list) + 1, sizeof(*index->bundles));
	if (!index->bundles)
		return err_sys(e, ENOMEM, "bundles");
	json_array_foreach (list, i, item)
		if (parse_bundle(item, &index->bundles[index->n_bundles++], e) < 0)
			return err_wrap(e, "bundles[%zu]", i);
	return 0;
}

static int parse_profiles(json_t *list, struct depot_index *index, struct err *e)
{
	json_t *item;
	size_t i;

	if (!list)
		return 0;
	if (!json_is_array(list) || json_array_size(list) > DEPOT_PROFILES_MAX)
		return err_set(e, ERR_INVALID, "profiles: must be an array of at most %d",
			       DEPOT_PROFILES_MAX);
	index->profiles = calloc(json_array_size(list) + 1, sizeof(*index->profiles));
	if (!index->profiles)
		return err_sys(e, ENOMEM, "profiles");
	json_array_foreach (list, i, item)
		if (depot_profile_take(item, &index->profiles[index->n_profiles++], e) < 0)
			return err_wrap(e, "profiles[%zu]", i);
	return 0;
}

/* The number of the format comes before all other rules: these may have changed. */
static int parse_root(json_t *root, struct depot_index *index, struct err *e)
{
	static const char *const known[] = { "format", "bundles", "profiles" };
	uint64_t format;

	if (!json_is_object(root))
		return err_set(e, ERR_INVALID, "not an object");
	if (object_number(root, "format", true, 1, INT64_MAX, &format, e) < 0)
		return -1;
	if (format > DEPOT_FORMAT)
		return err_set(e, ERR_INVALID,
			       "has format %" PRIu64 ", the newest known here is %d", format,
			       DEPOT_FORMAT);
	if (object_check(root, known, ARRAY_SIZE(known), e) < 0 ||
	    parse_bundles(json_object_get(root, "bundles"), index, e) < 0)
		return -1;
	return parse_profiles(json_object_get(root, "profiles"), index, e);
}

int depot_index_parse(const char *text, size_t len, struct depot_index *out, struct err *e)
{
	json_error_t where;
	json_t *root;
	int rc;

	memset(out, 0, sizeof(*out));
	if (len > DEPOT_INDEX_MAX)
		return err_set(e, ERR_INVALID, DEPOT_INDEX_NAME ": larger than %u MiB",
			       DEPOT_INDEX_MAX >> 20);
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		return err_set(e, ERR_INVALID, DEPOT_INDEX_NAME ": line %d: %.200s", where.line,
			       where.text);
	rc = parse_root(root, out, e);
	json_decref(root);
	return rc < 0 ? err_wrap(e, DEPOT_INDEX_NAME) : depot_index_sort(out, e);
}

void depot_bundle_free(struct depot_bundle *b)
{
	free(b->path);
	free(b->text);
	free(b->signature);
	bundle_descriptor_free(b->d);
}

void depot_index_free(struct depot_index *index)
{
	for (size_t i = 0; i < index->n_bundles; i++)
		depot_bundle_free(&index->bundles[i]);
	for (size_t i = 0; i < index->n_profiles; i++)
		depot_profile_free(&index->profiles[i]);
	free(index->bundles);
	free(index->profiles);
	memset(index, 0, sizeof(*index));
}
