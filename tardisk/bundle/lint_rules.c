// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "lint.h"

#define WORLDS "etc/userworld.d/"

void lint_warn(struct lint *l, const char *fmt, ...)
{
	va_list args;

	printf("%s: warning: ", l->name);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	l->warnings++;
}

static bool has(const struct bundle_strings *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->items[i], text))
			return true;
	return false;
}

/* The name of the userworld that a file describes, into 64 bytes; false if it describes none. */
static bool world_of(const char *path, char *world)
{
	size_t len = strlen(path), head = strlen(WORLDS);

	if (strncmp(path, WORLDS, head) || len < head + 6 || len - head - 5 > 63 ||
	    strcmp(path + len - 5, ".conf") || strchr(path + head, '/'))
		return false;
	snprintf(world, 64, "%.*s", (int)(len - head - 5), path + head);
	return true;
}

static void lint_worlds(struct lint *l, const struct bundle_descriptor *d)
{
	char world[64];
	size_t k;

	for (size_t i = 0; i < d->files.n; i++) {
		if (!world_of(d->files.items[i], world))
			continue;
		if (!has(&d->services, world))
			lint_warn(
				l,
				"services: userworld %s is not in it: its start is not waited for",
				world);
		for (k = 0; k < d->n_contracts; k++)
			if (!strcmp(d->contracts[k].world, world))
				break;
		if (k == d->n_contracts)
			lint_warn(l, "resources: userworld %s has no contract", world);
		else if (!d->contracts[k].memory_max)
			lint_warn(l, "resources[%zu]: no memory_max", k);
	}
}

static void lint_relations(struct lint *l, const struct bundle_descriptor *d)
{
	const struct bundle_relations *lists[] = { &d->depends, &d->conflicts };

	for (size_t k = 0; k < ARRAY_SIZE(lists); k++)
		for (size_t i = 0; i < lists[k]->n; i++)
			if (bundle_relation_holds(&lists[k]->items[i], d->name, d->version))
				lint_warn(l, "%s[%zu]: is met by the bundle itself",
					  k ? "conflicts" : "depends", i);
}

/* Folders that are links, ramdisks or the kernel's on a host. */
static void lint_place(struct lint *l, const char *path)
{
	static const struct {
		const char *top, *why;
	} bad[] = {
		{ "bin", "a link in the image; use usr/bin" },
		{ "sbin", "a link in the image; use usr/sbin" },
		{ "lib", "a link in the image; use usr/lib" },
		{ "lib64", "a link in the image; use usr/lib64" },
		{ "tmp", "emptied at boot" },
		{ "run", "filled by running programs" },
		{ "dev", "the kernel's" },
		{ "proc", "the kernel's" },
		{ "sys", "the kernel's" },
	};
	size_t len = strcspn(path, "/");

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (len == strlen(bad[i].top) && !strncmp(path, bad[i].top, len))
			lint_warn(l, "/%s: /%s is %s", path, bad[i].top, bad[i].why);
}

void lint_descriptor(struct lint *l, const struct bundle_descriptor *d)
{
	if (!*d->description)
		lint_warn(l, "description: missing");
	if (d->type == BUNDLE_BOOTBANK && bundle_sbom_is_empty(&d->sbom))
		lint_warn(l, "sbom: missing");
	if (d->overlay)
		lint_warn(l, "overlay: it may replace any file of any bundle");
	if (d->live_install_allowed && !d->live_remove_allowed)
		lint_warn(l, "live_remove_allowed: it comes without a reboot, but goes with one");
	lint_relations(l, d);
	lint_worlds(l, d);
	for (size_t i = 0; i < d->files.n; i++)
		lint_place(l, d->files.items[i]);
}

/* Does a relative link climb above the root? */
static bool leaves_root(const struct tardisk_entry *entry)
{
	int depth = 0;

	if (entry->link[0] == '/')
		return false;
	for (uint32_t i = 0; i < entry->path_len; i++)
		depth += entry->path[i] == '/';
	for (const char *p = entry->link, *end = p + entry->link_len; p < end;) {
		const char *slash = memchr(p, '/', (size_t)(end - p));
		size_t n = slash ? (size_t)(slash - p) : (size_t)(end - p);

		if (n == 2 && !memcmp(p, "..", 2))
			depth--;
		else if (n && !(n == 1 && *p == '.'))
			depth++;
		if (depth < 0)
			return true;
		p += n + 1;
	}
	return false;
}

void lint_entry(struct lint *l, const struct bundle_descriptor *d,
		const struct tardisk_entry *entry)
{
	char path[512];

	snprintf(path, sizeof(path), "%.*s",
		 entry->path_len < sizeof(path) ? (int)entry->path_len : (int)sizeof(path) - 1,
		 entry->path);
	if (entry->type == TARDISK_SYMLINK && leaves_root(entry))
		lint_warn(l, "/%s: the link %.*s climbs above the root", path,
			  (int)(entry->link_len < 200 ? entry->link_len : 200), entry->link);
	if (entry->type == TARDISK_FILE && (entry->mode & 0002))
		lint_warn(l, "/%s: everybody may write it", path);
	if (entry->type == TARDISK_DIR && (entry->mode & 01002) == 0002)
		lint_warn(l, "/%s: everybody may remove others' files in it", path);
	if (entry->type == TARDISK_FILE && !(entry->mode & 06000) && has(&d->setuid, path))
		lint_warn(l, "/%s: is in \"setuid\", but its mode is %04o", path, entry->mode);
}
