// SPDX-License-Identifier: Apache-2.0
/* All bundles of the host: those of the image and those installed since. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "record.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "log.h"

/* A descriptor of the image: its payloads are attached under their own names. */
static int parse_image(const char *text, size_t len, struct bundle_record *r, struct err *e)
{
	memset(r, 0, sizeof(*r));
	if (bundle_descriptor_parse(text, len, &r->d, e) < 0)
		return -1;
	r->base = true;
	r->overrides = json_array();
	r->tardisks = calloc(r->d->n_payloads + 1, sizeof(*r->tardisks));
	if (!r->tardisks || !r->overrides) {
		bundle_record_free(r);
		return core_nomem(e);
	}
	for (; r->n_tardisks < r->d->n_payloads; r->n_tardisks++)
		strcpy(r->tardisks[r->n_tardisks], r->d->payloads[r->n_tardisks].name);
	return 0;
}

static int read_record(const char *path, bool base, struct bundle_record *r, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t len;

	if (file_read(path, 2 * BUNDLE_DESCRIPTOR_MAX, &text, &len, e) < 0)
		return -1;
	if ((base ? parse_image(text, len, r, e) : bundle_record_parse(text, r, e)) < 0)
		return err_wrap(e, "%s", path);
	return 0;
}

static int append(struct bundle_set *set, const struct bundle_record *r, struct err *e)
{
	struct bundle_record *items = realloc(set->items, (set->n + 1) * sizeof(*items));

	if (!items)
		return core_nomem(e);
	set->items = items;
	items[set->n++] = *r;
	return 0;
}

static bool is_record(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && !strcmp(name + len - 5, ".json");
}

static int load_dir(struct bundle_set *set, const char *dir, bool base, struct err *e)
{
	_cleanup_closedir_ DIR *d = NULL;
	struct bundle_record r;
	struct dirent *entry;
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, "%s", dir) < 0)
		return -1;
	d = opendir(path);
	if (!d)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", path);
	while ((entry = readdir(d))) {
		struct err bad = ERR_INIT;

		if (!is_record(entry->d_name))
			continue;
		if (core_path(path, e, CORE_ROOT, "%s/%s", dir, entry->d_name) < 0)
			return -1;
		if (read_record(path, base, &r, &bad) < 0) {
			log_warnx("bundle record left out: %s", bad.text);
		} else if (append(set, &r, e) < 0) {
			bundle_record_free(&r);
			return -1;
		}
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct bundle_record *ra = a, *rb = b;

	return strcmp(ra->d->name, rb->d->name);
}

int bundle_set_load(struct bundle_set *set, struct err *e)
{
	memset(set, 0, sizeof(*set));
	if (load_dir(set, BUNDLE_IMAGE_RECORDS, true, e) < 0 ||
	    load_dir(set, BUNDLE_RECORDS, false, e) < 0) {
		bundle_set_free(set);
		return -1;
	}
	set->descriptors = calloc(set->n + 1, sizeof(struct bundle_descriptor *));
	set->fixed = calloc(set->n + 1, sizeof(*set->fixed));
	if (!set->descriptors || !set->fixed) {
		bundle_set_free(set);
		return core_nomem(e);
	}
	if (set->n > 0)
		qsort(set->items, set->n, sizeof(*set->items), by_name);
	for (size_t i = 0; i < set->n; i++) {
		set->descriptors[i] = set->items[i].d;
		set->fixed[i] = set->items[i].base;
	}
	return 0;
}

void bundle_set_free(struct bundle_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		bundle_record_free(&set->items[i]);
	free(set->items);
	free(set->descriptors);
	free(set->fixed);
	memset(set, 0, sizeof(*set));
}

int bundle_set_find(const struct bundle_set *set, const char *name, struct err *e)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->items[i].d->name, name))
			return (int)i;
	return err_set(e, ERR_NOT_FOUND, "%.64s: no such bundle is installed", name);
}
