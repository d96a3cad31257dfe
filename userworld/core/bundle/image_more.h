/* SPDX-License-Identifier: Apache-2.0 */
/* What image.c and image_more.c share. */
#ifndef VISOR_CORE_BUNDLE_IMAGE_MORE_H
#define VISOR_CORE_BUNDLE_IMAGE_MORE_H

#include "image.h"

/* Leaves out the tardisks of what is not in the file. */
void bundle_image_prune(struct bundle_image *m);

/* Gives back what was brought along; nothing if there is nothing. */
void bundle_image_leave(struct bundle_image *m);

#endif
