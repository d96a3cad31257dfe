/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles that are trusted no longer go. */
#ifndef VISOR_CORE_TRUST_REVOCATION_EVICT_H
#define VISOR_CORE_TRUST_REVOCATION_EVICT_H

#include <jansson.h>

/*
 * All that can go of the installed bundles of these names goes in one switch, as
 * some may need each other, even if they are in use. What stays, because it may not
 * be removed live or a bundle that stays needs it, is told in an event. Returns the
 * names of those that went; the caller holds no lock.
 */
json_t *revocation_evict(const json_t *names);

#endif
