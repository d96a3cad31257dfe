/* SPDX-License-Identifier: Apache-2.0 */
/* An image straight from its bundle into a bank. */
#ifndef VISOR_CORE_BOOT_IMAGE_WRITE_H
#define VISOR_CORE_BOOT_IMAGE_WRITE_H

#include "userworld/core/bundle/image.h"
#include "image_plan.h"
#include "tardisk/bundle.h"
#include "userworld/medium/blkio.h"

/*
 * Writes what follows in the bundle, which stands at its first payload, through buffers of a
 * fixed size, and behind it the host's bundles if the plan has them; reads it back and compares
 * it; then the bank is "upgrading". Ended anywhere before that, by whatever: the bank is invalid,
 * or as it was. *touched tells whether it was changed.
 */
int image_write(struct bundle *b, struct blkio *io, const struct image_plan *p,
		const struct bundle_image *bundles, bool *touched, struct err *e);

#endif
