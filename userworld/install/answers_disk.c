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

static bool counts(const struct answers *a, const struct answers_candidate *d)
{
	switch (a->rule) {
	case ANSWERS_NAMED:
		return strcmp(d->device, a->disk) == 0;
	case ANSWERS_SERIAL:
		return strcmp(d->serial, a->disk) == 0;
	case ANSWERS_PATH:
		return has_folder(d->path, a->disk);
	case ANSWERS_SMALLEST:
	case ANSWERS_LARGEST:
		break;
	}
	return d->usable && d->size >= a->min && d->size <= a->max;
}

/* Above 0 if d is more what is meant than best, 0 if both are. */
static int compare(const struct answers *a, const struct answers_candidate *d,
		   const struct answers_candidate *best)
{
	int more = (d->size > best->size) - (d->size < best->size);

	if (a->rule == ANSWERS_SMALLEST)
		return -more;
	return a->rule == ANSWERS_LARGEST ? more : 0;
}

const struct answers_candidate *answers_choose(const struct answers *a,
					       const struct answers_candidate *disks, size_t n,
					       struct err *e)
{
	const struct answers_candidate *best = NULL, *equal = NULL;

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
