// SPDX-License-Identifier: Apache-2.0
#include "provenance_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/core/internal.h"

#define DELETED " (deleted)"

static bool is_known(const struct code_map *list, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].path, path))
			return true;
	return false;
}

/* "RANGE PERMISSIONS OFFSET DEVICE INODE   PATH" of len bytes; true if it has code. */
static bool parse_line(const char *line, size_t len, struct code_map *m)
{
	_cleanup_free_ char *copy = strndup(line, len);
	unsigned long from, to;
	char permissions[8];
	int at = 0;

	if (!copy || sscanf(copy, "%lx-%lx %7s %*s %*s %*s %n", &from, &to, permissions, &at) < 3 ||
	    !at || permissions[2] != 'x' || copy[at] == '[' || strlen(copy + at) >= sizeof(m->path))
		return false;
	/* Unlike here, there are no zeros in front in map_files. */
	snprintf(m->range, sizeof(m->range), "%lx-%lx", from, to);
	strcpy(m->path, copy + at);
	len = strlen(m->path);
	if (len > strlen(DELETED) && !strcmp(m->path + len - strlen(DELETED), DELETED))
		m->path[len - strlen(DELETED)] = '\0';
	return true;
}

int code_maps_parse(const char *text, struct code_map **out, size_t *n, struct err *e)
{
	struct code_map *list = NULL, *more, m;

	*n = 0;
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (parse_line(text, len, &m) && !is_known(list, *n, m.path)) {
			more = realloc(list, (*n + 1) * sizeof(*list));
			if (!more) {
				free(list);
				return core_nomem(e);
			}
			list = more;
			list[(*n)++] = m;
		}
		text += len + (text[len] == '\n');
	}
	*out = list;
	return 0;
}

enum code_status code_judge(const struct code_facts *f)
{
	if (!f->file)
		return CODE_ANONYMOUS;
	if (!f->visorfs)
		return CODE_FOREIGN;
	/* What lost its tardisk belongs to none, and has no path either. */
	if (!f->tardisk || f->changed)
		return f->current ? CODE_CHANGED : CODE_REMOVED;
	if (!f->attached)
		return CODE_REMOVED;
	if (!f->trusted)
		return CODE_REVOKED;
	return f->current ? CODE_IMAGE_OR_BUNDLE : CODE_REPLACED;
}

const char *code_status_name(enum code_status status)
{
	static const char *const names[] = {
		[CODE_IMAGE_OR_BUNDLE] = "installed", [CODE_REVOKED] = "revoked",
		[CODE_REPLACED] = "replaced",	      [CODE_REMOVED] = "removed",
		[CODE_CHANGED] = "changed",	      [CODE_FOREIGN] = "foreign",
		[CODE_ANONYMOUS] = "anonymous",
	};

	return names[status];
}

bool code_status_is_clean(const char *name)
{
	return !strcmp(name, code_status_name(CODE_IMAGE_OR_BUNDLE));
}
