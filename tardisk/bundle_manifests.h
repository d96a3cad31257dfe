/* SPDX-License-Identifier: Apache-2.0 */
/* The member "manifests" of a bundle: a signed manifest for each payload, in their order. */
#ifndef TARDISK_BUNDLE_MANIFESTS_H
#define TARDISK_BUNDLE_MANIFESTS_H

#include <stddef.h>

#include "descriptor.h"
#include "err.h"
#include "manifest.h"

/*
 * Is there one for each payload, with its root hash, for the bundle's name and of no
 * higher level than the descriptor's, and nothing else? ERR_INVALID. Signatures are not checked.
 */
int bundle_manifests_check(const char *bytes, size_t size, const char *bundle,
			   const struct bundle_descriptor *d, struct err *e);

/* Number i of those that were checked, and its length. */
const void *bundle_manifests_item(const char *bytes, size_t size, size_t i, size_t *len);

/* The name in the manifests of that bundle: of a long one the beginning. Pure. */
void bundle_manifests_name(const struct bundle_descriptor *d,
			   char name[static TARDISK_MANIFEST_TEXT]);

#endif
