/* SPDX-License-Identifier: Apache-2.0 */
/* Which bundles of depots stand for the names that were asked for. Pure. */
#ifndef VISOR_CORE_DEPOT_PICK_H
#define VISOR_CORE_DEPOT_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "tardisk/descriptor.h"

struct pick_request {
	const struct bundle_descriptor *const *installed;
	size_t n_installed;
	const bool *fixed;				/* per installed: part of the image */
	const struct bundle_descriptor *const *offered; /* of all depots */
	size_t n_offered;
	const bool *usable; /* per offered: may come because another one depends on it */
	const struct bundle_relation *wanted; /* n_wanted 0 with update: all that are installed */
	size_t n_wanted;
	bool update; /* only newer versions of what is installed come */
};

struct pick_result {
	size_t *chosen; /* numbers of those offered that come, what others depend on first */
	size_t n_chosen;
	size_t *skipped; /* numbers of those installed that are new enough */
	size_t n_skipped;
};

/*
 * For each name the newest version that is wanted, of the vendor of what is
 * installed if there is one, and what they depend on. ERR_NOT_FOUND if no depot
 * has one, ERR_CONFLICT as bundle_solve(). Freed by pick_result_free() on success.
 */
int depot_pick(const struct pick_request *request, struct pick_result *out, struct err *e);
void pick_result_free(struct pick_result *r);

/* "a", "a >= 2" or "a>=2" as a person types it; ERR_USAGE says what is wrong. */
int depot_pick_relation(const char *text, struct bundle_relation *r, struct err *e);

/* "a, b >= 2" as relations, at most max of them; ERR_USAGE says what is wrong. */
int depot_pick_wanted(const char *text, struct bundle_relation *list, size_t max, size_t *n,
		      struct err *e);

#endif
