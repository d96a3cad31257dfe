/* SPDX-License-Identifier: Apache-2.0 */
/* The image profile of this host: which one was installed, and what is attached. */
#ifndef VISOR_CORE_DEPOT_PROFILE_HOST_H
#define VISOR_CORE_DEPOT_PROFILE_HOST_H

#include "userworld/core/bundle/record.h"
#include "profile_plan.h"

#define PROFILE_FILE "/var/db/visoros/profile.json"

/*
 * The profile that was installed last, or that of the image: no bundles but its
 * own. installed: when, "" for the image's. depot_profile_free() either way.
 */
int profile_host_get(struct depot_profile *p, char installed[static 32], struct err *e);

/* From now on it is p. */
int profile_host_set(const struct depot_profile *p, struct err *e);

/*
 * The state hash of what is attached; and if damage is not NULL, a line for each
 * tardisk that is not the payload its bundle names.
 */
int profile_host_state(const struct bundle_set *set, char hex[static SHA256_HEX], json_t *damage,
		       struct err *e);

#endif
