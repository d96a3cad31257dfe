/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures that the kernel asks for (docs/trust.md), from a bundle into its staged payloads. */
#ifndef VISOR_CORE_BUNDLE_MANIFEST_H
#define VISOR_CORE_BUNDLE_MANIFEST_H

#include "tardisk/bundle.h"

/*
 * Puts the manifests of a bundle that was read to its end into the files of its payloads.
 * ERR_DENIED if it has none and the kernel enforces signatures.
 */
int bundle_manifest_put(const struct bundle *b, const int *files, struct err *e);

#endif
