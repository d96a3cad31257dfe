/* SPDX-License-Identifier: Apache-2.0 */
/* An image profile beside what is installed. Pure. */
#ifndef VISOR_CORE_DEPOT_PROFILE_PLAN_H
#define VISOR_CORE_DEPOT_PROFILE_PLAN_H

#include <jansson.h>
#include <stdbool.h>

#include "err.h"
#include "tardisk/depot.h"
#include "tardisk/sha256.h"

/* What runs: bundles, of which some are part of the image. */
struct profile_host {
	const struct bundle_descriptor *const *installed;
	size_t n;
	const bool *fixed; /* per bundle: part of the image */
};

enum profile_action {
	PROFILE_KEEP, /* installed in that very version */
	PROFILE_COME,
	PROFILE_SKIP, /* with update: a newer one is installed */
};

/*
 * What must happen so that the host is as the profile says: actions[] for each of
 * its bundles, remove[] for each installed one. With update nothing goes, and no
 * newer version makes way for an older one. Otherwise what the profile does not
 * have goes, if may_remove; ERR_CONFLICT names it if not, and a bundle of the
 * image that would have to go in any case.
 */
int profile_plan(const struct depot_profile *p, const struct profile_host *host, bool update,
		 bool may_remove, enum profile_action *actions, bool *remove, struct err *e);

/* A list of what differs, in words; empty if the host is as the profile says. NULL: no memory. */
json_t *profile_differences(const struct depot_profile *p, const struct profile_host *host);

/* One attached tardisk, a bundle that has none, or which of two bundles lies above. */
struct state_item {
	const char *id;	     /* of its bundle, or the name of a tardisk of the image */
	const char *payload; /* its name in the bundle, or "" */
	const char *digest;  /* root hash, or SHA-256 of the descriptor */
};

/*
 * The state hash: SHA-256 over a line "ID PAYLOAD DIGEST" for each item. Two
 * hosts with the same one have the same image and bundles, and where bundles
 * have files of the same path the same one is seen.
 */
int profile_state_hash(const struct state_item *items, size_t n, char hex[static SHA256_HEX],
		       struct err *e);

#endif
