/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: programs of a bundle that run when it came, and before it goes. */
#ifndef VISOR_CORE_BUNDLE_HOOK_H
#define VISOR_CORE_BUNDLE_HOOK_H

#include "record.h"

/*
 * Runs a hook of an attached bundle, with why ("install", "update", "remove" or
 * "rollback") as its argument. Success if the bundle has none. Only what its own
 * tardisk brought is run, not what somebody has put in its place.
 */
int bundle_hook_post_install(const struct bundle_record *r, const char *why, struct err *e);
int bundle_hook_pre_remove(const struct bundle_record *r, const char *why, struct err *e);

#endif
