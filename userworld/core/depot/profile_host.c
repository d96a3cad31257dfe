// SPDX-License-Identifier: Apache-2.0
#include "profile_host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "userworld/core/bundle/plan.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "utc.h"
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
	char path[CORE_PATH_MAX], when[UTC_MAX];
	_cleanup_free_ char *text = NULL;
	json_t *root;

	root = json_pack("{s:o, s:s}", "profile", depot_profile_json(p), "installed",
			 utc_text(time(NULL), when));
	text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	json_decref(root);
	if (!text)
		return core_nomem(e);
	if (core_path(path, e, CORE_ROOT, PROFILE_FILE) < 0)
		return -1;
	return file_write_atomic(path, text, strlen(text), 0644, e);
}

/* Items that own their texts. */
struct state {
	struct state_item *items;
	size_t n;
};

static void free_state(struct state *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free((char *)s->items[i].id);
		free((char *)s->items[i].payload);
		free((char *)s->items[i].digest);
	}
	free(s->items);
}

static int add_item(struct state *s, const char *id, const char *payload, const char *digest,
		    struct err *e)
{
	struct state_item *items = realloc(s->items, (s->n + 1) * sizeof(*items));
	struct state_item *item;

	if (!items)
		return core_nomem(e);
	s->items = items;
	item = &items[s->n++];
	item->id = strdup(id);
	item->payload = strdup(payload);
	item->digest = strdup(digest);
	return item->id && item->payload && item->digest ? 0 : core_nomem(e);
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
		return add_item(s, name, "", digest, e);
	if (damage && i < r->d->n_payloads && strcmp(r->d->payloads[i].root_hash, digest) != 0)
		json_array_append_new(damage,
				      json_sprintf("tardisk %s is not the payload %s that "
						   "bundle %s names",
						   name, r->d->payloads[i].name, r->d->name));
	id = bundle_id(r->d);
	if (!id)
		return core_nomem(e);
	return add_item(s, id, i < r->d->n_payloads ? r->d->payloads[i].name : "", digest, e);
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
	return add_item(s, id, "", hex, e);
}

static int by_item(const void *a, const void *b)
{
	const struct state_item *x = a, *y = b;
	int rc = strcmp(x->id, y->id);

	if (!rc)
		rc = strcmp(x->payload, y->payload);
	return rc ? rc : strcmp(x->digest, y->digest);
}

/* Do both have a file of one path? The lists are in byte order. */
static bool overlap(const struct bundle_strings *a, const struct bundle_strings *b)
{
	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		int rc = strcmp(a->items[i], b->items[k]);

		if (!rc)
			return true;
		if (rc < 0)
			i++;
		else
			k++;
	}
	return false;
}

/* How high a bundle lies: the place of its first tardisk. */
static size_t height(const struct bundle_record *r, const struct vfs_tardisk *list, size_t n)
{
	size_t i = 0;

	while (i < n && strcmp(list[i].name, r->tardisks[0]) != 0)
		i++;
	return i;
}

/* Where two bundles have the same path it matters which lies above; nowhere else. */
static int add_order(struct state *s, const struct bundle_record *a, const struct bundle_record *b,
		     const struct vfs_tardisk *list, size_t n, struct err *e)
{
	_cleanup_free_ char *over = NULL;
	_cleanup_free_ char *under = NULL;
	bool above;

	if (!a->n_tardisks || !b->n_tardisks || !overlap(&a->d->files, &b->d->files))
		return 0;
	above = height(a, list, n) > height(b, list, n);
	over = bundle_id(above ? a->d : b->d);
	under = bundle_id(above ? b->d : a->d);
	if (!over || !under)
		return core_nomem(e);
	return add_item(s, over, "above", under, e);
}

/* The image's own tardisks in their order. */
static int add_image(struct state *s, const struct bundle_set *set, const struct vfs_tardisk *list,
		     size_t n, struct err *e)
{
	size_t payload;

	for (size_t i = 0; i < n; i++)
		if (!owner_of(set, list[i].name, &payload) &&
		    add_tardisk(s, set, list[i].name, NULL, e) < 0)
			return -1;
	return 0;
}

static int add_bundles(struct state *s, const struct bundle_set *set,
		       const struct vfs_tardisk *list, size_t n, json_t *damage, struct err *e)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct bundle_record *r = &set->items[i];

		if (!r->n_tardisks && add_meta(s, r, e) < 0)
			return -1;
		for (size_t t = 0; t < r->n_tardisks; t++)
			if (add_tardisk(s, set, r->tardisks[t], damage, e) < 0)
				return -1;
		for (size_t k = 0; k < i; k++)
			if (add_order(s, r, &set->items[k], list, n, e) < 0)
				return -1;
	}
	return 0;
}

int profile_host_state(const struct bundle_set *set, char hex[static SHA256_HEX], json_t *damage,
		       struct err *e)
{
	_cleanup_(free_state) struct state s = { 0 };
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	size_t n, n_image;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0 ||
	    add_image(&s, set, list, n, e) < 0)
		return -1;
	n_image = s.n;
	if (add_bundles(&s, set, list, n, damage, e) < 0)
		return -1;
	if (s.n > n_image)
		qsort(s.items + n_image, s.n - n_image, sizeof(*s.items), by_item);
	return profile_state_hash(s.items, s.n, hex, e);
}
