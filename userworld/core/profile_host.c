// SPDX-License-Identifier: Apache-2.0
#include "profile_host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bundle_plan.h"
#include "cleanup.h"
#include "file.h"
#include "internal.h"
#include "version.h"

static int image_profile(struct depot_profile *p, struct err *e)
{
	json_t *value = json_pack("{s:s, s:s, s:s, s:s, s:s, s:[]}", "name", "visoros", "version",
				  VISOROS_VERSION, "vendor", "VisorOS", "summary",
				  "The image as it was booted", "created", "1970-01-01T00:00:00Z",
				  "bundles");
	int rc = value ? depot_profile_take(value, p, e) : core_nomem(e);

	json_decref(value);
	return rc;
}

int profile_host_get(struct depot_profile *p, char installed[static 32], struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	const char *when;
	json_t *root;
	int rc;

	memset(p, 0, sizeof(*p));
	installed[0] = '\0';
	if (core_path(path, e, CORE_ROOT, PROFILE_FILE) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return image_profile(p, e);
	if (file_read(path, DEPOT_INDEX_MAX, &text, NULL, e) < 0)
		return -1;
	root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	when = json_string_value(json_object_get(root, "installed"));
	if (when && strlen(when) < 32)
		strcpy(installed, when);
	rc = depot_profile_take(json_object_get(root, "profile"), p, e);
	json_decref(root);
	return rc < 0 ? err_wrap(e, PROFILE_FILE) : 0;
}

int profile_host_set(const struct depot_profile *p, struct err *e)
{
	char path[CORE_PATH_MAX], when[32];
	_cleanup_free_ char *text = NULL;
	time_t now = time(NULL);
	struct tm tm;
	json_t *root;

	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	root = json_pack("{s:o, s:s}", "profile", depot_profile_json(p), "installed", when);
	text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	json_decref(root);
	if (!text)
		return core_nomem(e);
	if (core_path(path, e, CORE_ROOT, PROFILE_FILE) < 0)
		return -1;
	return file_write_atomic(path, text, strlen(text), 0644, e);
}

/* Text of the items; they point into it. */
struct state {
	struct state_item *items;
	char (*text)[BUNDLE_NAME_MAX + 2 * 64 + 32 + SHA256_HEX];
	size_t n;
};

static void free_state(struct state *s)
{
	free(s->items);
	free(s->text);
}

static int root_hash(const char *tardisk, char out[static SHA256_HEX], struct err *e)
{
	char path[CORE_PATH_MAX], text[2 * SHA256_HEX];

	if (core_path(path, e, CORE_SYSFS, "/sys/fs/visorfs/0/tardisks/%s/root_hash", tardisk) <
		    0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), e) < 0)
		return -1;
	snprintf(out, SHA256_HEX, "%.*s", (int)strcspn(text, "\n"), text);
	return 0;
}

/* Which payload of which bundle is the tardisk? */
static const struct bundle_record *owner_of(const struct bundle_set *set, const char *tardisk,
					    size_t *payload)
{
	for (size_t i = 0; i < set->n; i++)
		for (*payload = 0; *payload < set->items[i].n_tardisks; (*payload)++)
			if (!strcmp(set->items[i].tardisks[*payload], tardisk))
				return &set->items[i];
	return NULL;
}

static int add_item(struct state *s, const char *id, const char *payload, const char *digest)
{
	char *at = s->text[s->n];
	size_t used = (size_t)snprintf(at, sizeof(*s->text), "%s", digest) + 1;

	s->items[s->n].digest = at;
	snprintf(at + used, sizeof(*s->text) - used, "%s", id);
	s->items[s->n].id = at + used;
	s->items[s->n++].payload = payload;
	return 0;
}

static int add_tardisk(struct state *s, const struct bundle_set *set, const char *name,
		       json_t *damage, struct err *e)
{
	_cleanup_free_ char *id = NULL;
	const struct bundle_record *r;
	char digest[SHA256_HEX];
	size_t i;

	if (root_hash(name, digest, e) < 0)
		return -1;
	r = owner_of(set, name, &i);
	if (!r)
		return add_item(s, name, "", digest);
	if (damage && i < r->d->n_payloads && strcmp(r->d->payloads[i].root_hash, digest) != 0)
		json_array_append_new(damage,
				      json_sprintf("tardisk %s is not the payload %s that "
						   "bundle %s names",
						   name, r->d->payloads[i].name, r->d->name));
	id = bundle_id(r->d);
	if (!id)
		return core_nomem(e);
	return add_item(s, id, i < r->d->n_payloads ? r->d->payloads[i].name : "", digest);
}

/* Bundles of relations only have no tardisk to stand for them. */
static int add_meta(struct state *s, const struct bundle_record *r, struct err *e)
{
	_cleanup_free_ char *id = bundle_id(r->d);
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	if (!id || sha256_of(r->text ? r->text : "", r->text_len, digest) < 0)
		return core_nomem(e);
	sha256_text(digest, hex);
	return add_item(s, id, "", hex);
}

int profile_host_state(const struct bundle_set *set, char hex[static SHA256_HEX], json_t *damage,
		       struct err *e)
{
	_cleanup_(free_state) struct state s = { 0 };
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	size_t n;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0)
		return -1;
	s.items = calloc(n + set->n + 1, sizeof(*s.items));
	s.text = calloc(n + set->n + 1, sizeof(*s.text));
	if (!s.items || !s.text)
		return core_nomem(e);
	for (size_t i = 0; i < n; i++)
		if (add_tardisk(&s, set, list[i].name, damage, e) < 0)
			return -1;
	for (size_t i = 0; i < set->n; i++)
		if (!set->items[i].n_tardisks && add_meta(&s, &set->items[i], e) < 0)
			return -1;
	return profile_state_hash(s.items, s.n, hex, e);
}
