/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The staging ramdisk: a folder of its own cap that takes the payloads of the
 * bundles being installed, and goes away with them. One at a time: the caller
 * holds BUNDLE_LOCK.
 */
#ifndef VISOR_CORE_BUNDLE_STAGE_H
#define VISOR_CORE_BUNDLE_STAGE_H

#include "err.h"
#include "userworld/core/internal.h"
#include "tardisk/descriptor.h"

#define BUNDLE_STAGE "/var/stage"
#define BUNDLE_STAGE_NAME "stage"

/* Makes it, sized for n bundles; what an earlier process left there goes first. */
int bundle_stage_make(const struct bundle_descriptor *const *list, size_t n, struct err *e);

/* Where payload number i of a bundle is; two bundles may have payloads of one name. */
int bundle_stage_path(char path[static CORE_PATH_MAX], const struct bundle_descriptor *d, size_t i,
		      struct err *e);

/* Makes that file, empty; returns a descriptor for reading and writing. */
int bundle_stage_file(const struct bundle_descriptor *d, size_t i, struct err *e);

/* Removes files, ramdisk and folder, as far as they are there. */
int bundle_stage_clear(struct err *e);

#endif
