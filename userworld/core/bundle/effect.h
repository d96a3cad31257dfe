/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an install or removal does to the host, told before it is done
 * (dry_run). Lists of paths begin with '/'.
 */
#ifndef VISOR_CORE_BUNDLE_EFFECT_H
#define VISOR_CORE_BUNDLE_EFFECT_H

#include "install.h"

/* After install_admit(). A new reference, NULL for lack of memory. */
json_t *bundle_effect_install(const struct install *in);

/* The same of n bundles that go together. */
json_t *bundle_effect_remove(const struct bundle_record *const *list, size_t n);

/*
 * Which files of a bundle that comes hide one that stays: a list of {"path", "below"},
 * the latter the name of the tardisk, "" for a file of a ramdisk. It is kept in
 * the record, as nobody can see below a file once it is hidden.
 */
json_t *bundle_effect_overrides(const struct install *in, const struct bundle_descriptor *d);

#endif
