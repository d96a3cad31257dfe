// SPDX-License-Identifier: Apache-2.0
#include "revocation.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "tardisk/descriptor_field.h"

static int take_time(const json_t *value, const char *field, bool required, char out[21],
		     struct err *e)
{
	const json_t *text = json_object_get(value, field);

	if (!text && !required)
		return 0;
	if (!json_is_string(text) || field_time_fault(json_string_value(text)))
		return err_set(e, ERR_INVALID, "%s: must be of the form 2026-01-31T12:00:00Z",
			       field);
	memcpy(out, json_string_value(text), 21);
	return 0;
}

static int parse_entry(const json_t *value, bool key, struct revocation_entry *entry, struct err *e)
{
	static const char *const known[] = { "sha256", "reason", "from" };
	_cleanup_free_ char *reason = NULL;

	if (object_check(value, known, key ? 3 : 2, e) ||
	    object_digest(value, "sha256", entry->sha256, e) ||
	    object_line(value, "reason", false, REVOCATION_REASON_MAX, &reason, e) ||
	    take_time(value, "from", false, entry->from, e))
		return -1;
	strcpy(entry->reason, reason);
	return 0;
}

static int by_digest(const void *a, const void *b)
{
	const struct revocation_entry *left = a, *right = b;

	return strcmp(left->sha256, right->sha256);
}

static int parse_list(const json_t *root, const char *field, bool key,
		      struct revocation_entry **out, size_t *n, struct err *e)
{
	json_t *list = json_object_get(root, field), *item;
	size_t i;

	if (!list)
		return 0;
	if (!json_is_array(list) || json_array_size(list) > REVOCATION_ENTRIES_MAX)
		return err_set(e, ERR_INVALID, "%s: no array, or too long", field);
	*out = calloc(json_array_size(list) + 1, sizeof(**out));
	if (!*out)
		return err_sys(e, ENOMEM, "%s", field);
	json_array_foreach (list, i, item)
		if (parse_entry(item, key, &(*out)[i], e))
			return err_wrap(e, "%s[%zu]", field, i);
	*n = json_array_size(list);
	qsort(*out, *n, sizeof(**out), by_digest);
	for (i = 1; i < *n; i++)
		if (!by_digest(&(*out)[i - 1], &(*out)[i]))
			return err_set(e, ERR_INVALID, "%s: %s comes twice", field,
				       (*out)[i].sha256);
	return 0;
}

static int parse_root(const json_t *root, struct revocation *r, struct err *e)
{
	static const char *const known[] = { "format", "number", "issued", "keys", "descriptors" };
	uint64_t format = 0;

	if (!json_is_object(root))
		return err_set(e, ERR_INVALID, "not an object");
	if (object_number(root, "format", true, 1, INT32_MAX, &format, e))
		return -1;
	if (format > REVOCATION_FORMAT)
		return err_set(e, ERR_INVALID,
			       "format: is newer than 1, which is what this host understands");
	if (object_check(root, known, ARRAY_SIZE(known), e) ||
	    object_number(root, "number", true, 1, INT64_MAX, &r->number, e) ||
	    take_time(root, "issued", true, r->issued, e) ||
	    parse_list(root, "keys", true, &r->keys, &r->n_keys, e))
		return -1;
	return parse_list(root, "descriptors", false, &r->descriptors, &r->n_descriptors, e);
}

int revocation_parse(const char *text, size_t len, struct revocation *r, struct err *e)
{
	json_error_t where;
	json_t *root;
	int rc;

	memset(r, 0, sizeof(*r));
	root = len <= REVOCATION_MAX ? json_loadb(text, len, JSON_REJECT_DUPLICATES, &where) : NULL;
	if (!root && len > REVOCATION_MAX)
		return err_set(e, ERR_INVALID, "revocation list: larger than 4 MiB");
	if (!root)
		return err_set(e, ERR_INVALID, "revocation list: line %d: %.150s", where.line,
			       where.text);
	rc = parse_root(root, r, e);
	json_decref(root);
	if (!rc)
		return 0;
	revocation_free(r);
	return err_wrap(e, "revocation list");
}

void revocation_free(struct revocation *r)
{
	free(r->keys);
	free(r->descriptors);
	memset(r, 0, sizeof(*r));
}

static const struct revocation_entry *find(const struct revocation_entry *list, size_t n,
					   const char *sha256)
{
	struct revocation_entry key;

	if (!n || strlen(sha256) >= sizeof(key.sha256))
		return NULL;
	strcpy(key.sha256, sha256);
	return bsearch(&key, list, n, sizeof(*list), by_digest);
}

const struct revocation_entry *revocation_key(const struct revocation *r, const char *sha256,
					      const char *time)
{
	const struct revocation_entry *entry = find(r->keys, r->n_keys, sha256);

	/* Both times are in UTC and of one form, so text tells which is earlier. */
	return entry && (!entry->from[0] || strcmp(time, entry->from) >= 0) ? entry : NULL;
}

const struct revocation_entry *revocation_descriptor(const struct revocation *r, const char *sha256)
{
	return find(r->descriptors, r->n_descriptors, sha256);
}
