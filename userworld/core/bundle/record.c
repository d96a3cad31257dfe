// SPDX-License-Identifier: Apache-2.0
/* One record of an installed bundle, as text and as a file. */
#include "record.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "tardisk/bundle.h"

static void json_end(json_t **json)
{
	json_decref(*json);
}

#define _cleanup_json_ _cleanup_(json_end)

static json_t *signature_json(const struct bundle_record *r)
{
	_cleanup_free_ unsigned char *text = malloc(r->signature_len / 3 * 4 + 5);

	if (!text)
		return NULL;
	text[0] = '\0';
	if (r->signature_len)
		EVP_EncodeBlock(text, r->signature, (int)r->signature_len);
	return json_string((char *)text);
}

json_t *bundle_record_json(const struct bundle_record *r)
{
	json_t *tardisks = json_array();

	for (size_t i = 0; i < r->n_tardisks; i++)
		json_array_append_new(tardisks, json_string(r->tardisks[i]));
	return json_pack("{s:s%, s:o, s:s, s:o, s:O}", "descriptor", r->text, r->text_len,
			 "signature", signature_json(r), "install_date", r->install_date,
			 "tardisks", tardisks, "overrides", r->overrides);
}

int bundle_record_format(const struct bundle_record *r, char **text, struct err *e)
{
	_cleanup_json_ json_t *record = bundle_record_json(r);

	*text = record ? json_dumps(record, JSON_INDENT(2)) : NULL;
	return *text ? 0 : core_nomem(e);
}

static int parse_descriptor(const json_t *value, struct bundle_record *r, struct err *e)
{
	if (!json_is_string(value))
		return err_set(e, ERR_INVALID, "descriptor: missing");
	r->text = strdup(json_string_value(value));
	if (!r->text)
		return core_nomem(e);
	r->text_len = strlen(r->text);
	return bundle_descriptor_parse(r->text, r->text_len, &r->d, e);
}

static int parse_signature(const json_t *value, struct bundle_record *r, struct err *e)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);
	int n;

	if (!text || len % 4 || len > BUNDLE_SIGNATURE_MAX * 2)
		return err_set(e, ERR_INVALID, "signature: missing or damaged");
	if (!len)
		return 0;
	r->signature = malloc(len / 4 * 3);
	if (!r->signature)
		return core_nomem(e);
	n = EVP_DecodeBlock(r->signature, (const unsigned char *)text, (int)len);
	if (n < 3)
		return err_set(e, ERR_INVALID, "signature: damaged");
	/* The padding counts as bytes there. */
	r->signature_len = (size_t)n - (text[len - 1] == '=') - (text[len - 2] == '=');
	return 0;
}

static int parse_tardisks(const json_t *list, struct bundle_record *r, struct err *e)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > BUNDLE_PAYLOADS_MAX)
		return err_set(e, ERR_INVALID, "tardisks: must be a list of at most %d names",
			       BUNDLE_PAYLOADS_MAX);
	r->tardisks = calloc(n + 1, sizeof(*r->tardisks));
	if (!r->tardisks)
		return core_nomem(e);
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(list, i));

		if (!name || !*name || strlen(name) > VISORFS_NAME_MAX)
			return err_set(e, ERR_INVALID, "tardisks: entry %zu is not a name", i);
		strcpy(r->tardisks[r->n_tardisks++], name);
	}
	return 0;
}

static int parse_overrides(json_t *list, struct bundle_record *r, struct err *e)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const char *path = json_string_value(json_object_get(item, "path"));

		if (!path || path[0] != '/' || !json_is_string(json_object_get(item, "below")))
			return err_set(e, ERR_INVALID,
				       "overrides: entry %zu is no path and tardisk", i);
	}
	if (!json_is_array(list))
		return err_set(e, ERR_INVALID, "overrides: must be a list");
	r->overrides = json_incref(list);
	return 0;
}

int bundle_record_from_json(const json_t *record, struct bundle_record *r, struct err *e)
{
	const char *date;

	memset(r, 0, sizeof(*r));
	date = json_string_value(json_object_get(record, "install_date"));
	if (!date || strlen(date) >= sizeof(r->install_date))
		return err_set(e, ERR_INVALID, "install_date: missing or too long");
	strcpy(r->install_date, date);
	if (parse_descriptor(json_object_get(record, "descriptor"), r, e) < 0 ||
	    parse_signature(json_object_get(record, "signature"), r, e) < 0 ||
	    parse_overrides(json_object_get(record, "overrides"), r, e) < 0 ||
	    parse_tardisks(json_object_get(record, "tardisks"), r, e) < 0) {
		bundle_record_free(r);
		return -1;
	}
	return 0;
}

int bundle_record_parse(const char *text, struct bundle_record *r, struct err *e)
{
	_cleanup_json_ json_t *record = NULL;
	json_error_t bad;

	memset(r, 0, sizeof(*r));
	record = json_loads(text, JSON_REJECT_DUPLICATES, &bad);
	if (!record)
		return err_set(e, ERR_INVALID, "line %d: %s", bad.line, bad.text);
	return bundle_record_from_json(record, r, e);
}

void bundle_record_free(struct bundle_record *r)
{
	bundle_descriptor_free(r->d);
	json_decref(r->overrides);
	free(r->text);
	free(r->signature);
	free(r->tardisks);
	memset(r, 0, sizeof(*r));
}

static int record_path(char path[static CORE_PATH_MAX], const char *name, struct err *e)
{
	return core_path(path, e, CORE_ROOT, BUNDLE_RECORDS "/%s.json", name);
}

int bundle_record_write(const struct bundle_record *r, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, BUNDLE_RECORDS) < 0 || file_make_dirs(path, e) < 0 ||
	    record_path(path, r->d->name, e) < 0 || bundle_record_format(r, &text, e) < 0)
		return -1;
	return file_write_atomic(path, text, strlen(text), 0644, e);
}

int bundle_record_drop(const char *name, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (record_path(path, name, e) < 0)
		return -1;
	if (unlink(path) < 0 && errno != ENOENT)
		return err_sys(e, errno, "%s", path);
	return 0;
}

/* As file_write_atomic() names it: NAME.json and six letters. */
static bool is_leftover(const char *name)
{
	const char *end = strrchr(name, '.');

	return end && strlen(end) == strlen(".XXXXXX") && end - name > (long)strlen(".json") &&
	       !strncmp(end - strlen(".json"), ".json", strlen(".json"));
}

int bundle_record_sweep(struct err *e)
{
	_cleanup_closedir_ DIR *d = NULL;
	char path[CORE_PATH_MAX];
	struct dirent *entry;

	if (core_path(path, e, CORE_ROOT, BUNDLE_RECORDS) < 0)
		return -1;
	d = opendir(path);
	if (!d)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", path);
	while ((entry = readdir(d)))
		if (is_leftover(entry->d_name) && unlinkat(dirfd(d), entry->d_name, 0) < 0)
			return err_sys(e, errno, "%s/%s: remove", path, entry->d_name);
	return 0;
}
