/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle of type image: the files of a bank, which are taken as they are. */
#ifndef TARDISK_BUNDLE_IMAGE_H
#define TARDISK_BUNDLE_IMAGE_H

#include <jansson.h>
#include <stdbool.h>

#include "err.h"

/* Is that what the template describes? */
bool image_is_meant(const json_t *root);

/*
 * Makes it of a template and the files, the kernel first, then the modules in order; the names of
 * the files are those of the payloads. output NULL: NAME-VERSION.vib.
 */
int image_build(json_t *root, const char *template, char *const *files, size_t n,
		const char *output, struct err *e);

#endif
