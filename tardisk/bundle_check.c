// SPDX-License-Identifier: Apache-2.0
/* Files that two bundles have in common. */
#include <stdlib.h>
#include <string.h>

#include "bundle.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_shared(const struct bundle_descriptor *d, char *path)
{
	return d->shared.n &&
	       bsearch(&path, d->shared.items, d->shared.n, sizeof(*d->shared.items), by_text);
}

/* Both lists are in byte order. */
int bundle_check_files(const struct bundle_descriptor *d, const struct bundle_descriptor *other,
		       struct err *e)
{
	size_t i = 0, j = 0;

	if (d->overlay || other->overlay)
		return 0;
	while (i < d->files.n && j < other->files.n) {
		int order = strcmp(d->files.items[i], other->files.items[j]);

		if (!order &&
		    (!is_shared(d, d->files.items[i]) || !is_shared(other, other->files.items[j])))
			return err_set(
				e, ERR_CONFLICT,
				"%s %s and %s %s both have /%.200s, and neither is an overlay",
				d->name, d->version, other->name, other->version,
				d->files.items[i]);
		i += order <= 0;
		j += order >= 0;
	}
	return 0;
}
