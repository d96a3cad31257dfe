// SPDX-License-Identifier: Apache-2.0
#include "effect.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plan.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "vfsctl.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool has(const struct bundle_strings *list, const char *text)
{
	return list->n && bsearch(&text, list->items, list->n, sizeof(*list->items), by_text);
}

static bool comes(const struct install *in, const char *file)
{
	for (size_t i = 0; i < in->n; i++)
		if (has(&in->items[i].d->files, file))
			return true;
	return false;
}

/* Does a bundle that goes have the file? */
static bool goes(const struct install *in, const char *file)
{
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i] && has(&in->set.items[i].d->files, file))
			return true;
	return false;
}

static bool is_there(const char *file)
{
	char path[CORE_PATH_MAX];
	struct stat st;

	return core_path(path, NULL, CORE_ROOT, "/%s", file) == 0 && lstat(path, &st) == 0;
}

/* The tardisk that gives the file now, or "": links and devices cannot be asked about. */
static void provider_of(const char *file, char name[static VISORFS_NAME_MAX + 1])
{
	struct visorfs_provider provider;
	char path[CORE_PATH_MAX];
	_cleanup_close_ int fd = -1;

	name[0] = '\0';
	if (core_path(path, NULL, CORE_ROOT, "/%s", file) < 0)
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd >= 0 && vfs_provider_fd(fd, path, &provider, NULL) == 0)
		snprintf(name, VISORFS_NAME_MAX + 1, "%s", provider.tardisk);
}

json_t *bundle_effect_overrides(const struct install *in, const struct bundle_descriptor *d)
{
	char below[VISORFS_NAME_MAX + 1];
	json_t *list = json_array();

	for (size_t i = 0; i < d->files.n; i++) {
		const char *file = d->files.items[i];

		if (goes(in, file) || !is_there(file))
			continue;
		provider_of(file, below);
		json_array_append_new(list, json_pack("{s:o, s:s}", "path",
						      json_sprintf("/%s", file), "below", below));
	}
	return list;
}

static void add_path(json_t *list, const char *file)
{
	json_array_append_new(list, json_sprintf("/%s", file));
}

/* Where another one that goes is below, nothing is revealed. */
static const json_t *revealed_at(const struct bundle_record *r, const char *file,
				 const struct bundle_record *const *list, size_t n)
{
	json_t *item;
	size_t k;

	json_array_foreach (r->overrides, k, item) {
		const char *below = json_string_value(json_object_get(item, "below"));

		if (strcmp(json_string_value(json_object_get(item, "path")) + 1, file) != 0)
			continue;
		for (size_t i = 0; i < n; i++)
			for (size_t t = 0; t < list[i]->n_tardisks; t++)
				if (!strcmp(list[i]->tardisks[t], below))
					return NULL;
		return item;
	}
	return NULL;
}

static void sort_files(const struct install *in, const struct bundle_descriptor *d, json_t *added,
		       json_t *updated)
{
	for (size_t i = 0; i < d->files.n; i++) {
		const char *file = d->files.items[i];

		if (goes(in, file))
			add_path(updated, file);
		else if (!is_there(file))
			add_path(added, file);
	}
}

/* A file of a bundle that goes: what was below it is seen then, or nothing. */
static void add_left(const struct bundle_record *r, const char *file,
		     const struct bundle_record *const *list, size_t n, json_t *removed,
		     json_t *revealed)
{
	const json_t *item = revealed_at(r, file, list, n);

	if (item)
		json_array_append_new(revealed, json_deep_copy(item));
	else
		add_path(removed, file);
}

/* What goes with an install, unless it comes anew. */
static void add_leaving(const struct install *in, json_t *removed, json_t *revealed)
{
	_cleanup_free_ const struct bundle_record **gone = calloc(in->set.n + 1, sizeof(*gone));
	size_t n = 0;

	for (size_t k = 0; gone && k < in->set.n; k++)
		if (in->gone[k])
			gone[n++] = &in->set.items[k];
	for (size_t k = 0; k < n; k++) {
		const struct bundle_strings *files = &gone[k]->d->files;

		for (size_t i = 0; i < files->n; i++)
			if (!comes(in, files->items[i]))
				add_left(gone[k], files->items[i], gone, n, removed, revealed);
	}
}

static json_t *files_effect(const struct install *in)
{
	json_t *added = json_array(), *updated = json_array(), *removed = json_array();
	json_t *overridden = json_array(), *revealed = json_array();

	for (size_t i = 0; i < in->n; i++) {
		json_t *own = bundle_effect_overrides(in, in->items[i].d);

		sort_files(in, in->items[i].d, added, updated);
		json_array_extend(overridden, own);
		json_decref(own);
	}
	add_leaving(in, removed, revealed);
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "files_added", added, "files_updated",
			 updated, "files_removed", removed, "files_overridden", overridden,
			 "files_revealed", revealed);
}

static uint64_t content_bytes(const struct bundle_descriptor *d)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->n_payloads; i++)
		sum += d->payloads[i].content_size;
	return sum;
}

/* Of the files that the tardisks came from, which are kept: keep.h. */
static uint64_t packed_bytes(const struct bundle_descriptor *d)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->n_payloads; i++)
		sum += d->payloads[i].size;
	return sum;
}

static json_t *memory_effect(const struct install *in)
{
	_cleanup_free_ const struct bundle_descriptor **list = install_descriptors(in);
	uint64_t stage = list && in->n ? bundle_stage_bytes(list, in->n) : 0, packed = 0;
	uint64_t kept = 0, freed = 0, reserved = 0;

	for (size_t i = 0; i < in->n; i++) {
		kept += content_bytes(in->items[i].d);
		packed += packed_bytes(in->items[i].d);
		reserved += bundle_reserved(in->items[i].d);
	}
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i])
			freed += content_bytes(in->set.items[i].d) +
				 packed_bytes(in->set.items[i].d);
	return json_pack("{s:I, s:I, s:I, s:I, s:[{s:s, s:I, s:b}, {s:s, s:I, s:b}]}",
			 "memory_peak", (json_int_t)(stage + kept), "memory_kept",
			 (json_int_t)(kept + packed), "memory_freed", (json_int_t)freed,
			 "memory_reserved", (json_int_t)reserved, "ramdisks", "name", "stage",
			 "bytes", (json_int_t)stage, "temporary", 1, "name", "payloads", "bytes",
			 (json_int_t)packed, "temporary", 0);
}

/* Each name once. */
static void add_names(json_t *list, const struct bundle_strings *s)
{
	for (size_t i = 0; i < s->n; i++) {
		json_t *name;
		size_t k;

		json_array_foreach (list, k, name)
			if (!strcmp(json_string_value(name), s->items[i]))
				break;
		if (k == json_array_size(list))
			json_array_append_new(list, json_string(s->items[i]));
	}
}

json_t *bundle_effect_install(const struct install *in)
{
	json_t *effect = files_effect(in), *memory = memory_effect(in);
	json_t *stopped = json_array(), *started = json_array(), *restarted = json_array();

	for (size_t i = 0; i < in->n; i++) {
		add_names(stopped, &in->items[i].d->services_stop);
		add_names(started, &in->items[i].d->services);
		add_names(restarted, &in->items[i].d->services_restart);
	}
	for (size_t i = 0; i < in->set.n; i++)
		if (in->gone[i]) {
			add_names(stopped, &in->set.items[i].d->services_stop);
			add_names(stopped, &in->set.items[i].d->services);
			add_names(restarted, &in->set.items[i].d->services_restart);
		}
	if (effect && memory)
		json_object_update(effect, memory);
	json_decref(memory);
	json_object_set_new(effect, "services_stopped", stopped);
	json_object_set_new(effect, "services_started", started);
	json_object_set_new(effect, "services_restarted", restarted);
	return effect;
}

json_t *bundle_effect_remove(const struct bundle_record *const *list, size_t n)
{
	json_t *removed = json_array(), *revealed = json_array();
	json_t *stopped = json_array(), *restarted = json_array();
	uint64_t freed = 0;

	for (size_t i = 0; i < n; i++) {
		const struct bundle_descriptor *d = list[i]->d;

		for (size_t k = 0; k < d->files.n; k++)
			add_left(list[i], d->files.items[k], list, n, removed, revealed);
		add_names(stopped, &d->services_stop);
		add_names(stopped, &d->services);
		add_names(restarted, &d->services_restart);
		freed += content_bytes(d) + packed_bytes(d);
	}
	return json_pack("{s:o, s:o, s:I, s:o, s:o}", "files_removed", removed, "files_revealed",
			 revealed, "memory_freed", (json_int_t)freed, "services_stopped", stopped,
			 "services_restarted", restarted);
}
