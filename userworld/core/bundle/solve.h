/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bundles come and go so that all relations hold, by libsolv. Pure: from
 * descriptors to a decision, or to the reason why there is none, in words.
 *
 * What is asked for comes in exactly that version. What it depends on is taken
 * from what is offered, in the newest version, if nothing installed will do.
 * Of what is installed only that goes which is updated, replaced, or asked or
 * allowed to go; never to an older version or to that of another vendor.
 */
#ifndef VISOR_CORE_BUNDLE_SOLVE_H
#define VISOR_CORE_BUNDLE_SOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "tardisk/descriptor.h"

struct solve_request {
	const struct bundle_descriptor *const *installed;
	size_t n_installed;
	const bool *fixed; /* per installed: part of the image, cannot go; NULL for none */
	const struct bundle_descriptor *const *offered;
	size_t n_offered;
	const bool *install; /* per offered: asked for; NULL for none */
	const bool *remove;  /* per installed: asked to go; NULL for none */
	const bool *may_go;  /* per installed: goes unless one that stays needs it; NULL for none */
};

struct solve_result {
	bool *gone;    /* per installed */
	size_t *order; /* numbers of those offered that come, what others depend on first */
	size_t n_order;
};

/*
 * ERR_CONFLICT with the reasons if it cannot be. On success the caller frees
 * *out with solve_result_free(), which takes an empty one as well.
 */
int bundle_solve(const struct solve_request *request, struct solve_result *out, struct err *e);
void solve_result_free(struct solve_result *r);

#endif
