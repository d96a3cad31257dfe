// SPDX-License-Identifier: Apache-2.0
/* Which disk a rule means. */
#include <string.h>

#include "answers.h"

/* Is part one of the folders of path, or several that follow each other? */
static bool has_folder(const char *path, const char *part)
{
	size_t len = strlen(part);

	for (const char *at = strstr(path, part); at; at = strstr(at + 1, part))
		if (at > path && at[-1] == '/' && (at[len] == '/' || !at[len]))
			return true;
	return false;
}

static bool counts(const struct install_answers *a, const struct install_disk *d)
{
	switch (a->rule) {
	case INSTALL_NAMED:
		return strcmp(d->device, a->disk) == 0;
	case INSTALL_SERIAL:
		return strcmp(d->serial, a->disk) == 0;
	case INSTALL_PATH:
		return has_folder(d->path, a->disk);
	case INSTALL_SMALLEST:
	case INSTALL_LARGEST:
		break;
	}
	return d->usable && d->size >= a->min && d->size <= a->max;
}

/* Above 0 if d is more what is meant than best, 0 if both are. */
static int compare(const struct install_answers *a, const struct install_disk *d,
		   const struct install_disk *best)
{
	int more = (d->size > best->size) - (d->size < best->size);

	if (a->rule == INSTALL_SMALLEST)
		return -more;
	return a->rule == INSTALL_LARGEST ? more : 0;
}

const struct install_disk *install_answers_choose(const struct install_answers *a,
						  const struct install_disk *disks, size_t n,
						  struct err *e)
{
	const struct install_disk *best = NULL, *equal = NULL;

	for (size_t i = 0; i < n; i++) {
		int more = 1;

		if (!counts(a, &disks[i]))
			continue;
		if (best)
			more = compare(a, &disks[i], best);
		if (more == 0)
			equal = &disks[i];
		if (more <= 0)
			continue;
		best = &disks[i];
		equal = NULL;
	}
	if (!best)
		err_set(e, ERR_NOT_FOUND, "%s: no disk is as 'disk' says (system boot disk list)",
			a->conf.name);
	else if (equal)
		err_set(e, ERR_CONFLICT, "%s: %s and %s are both as 'disk' says: name one",
			a->conf.name, best->device, equal->device);
	return equal ? NULL : best;
}
