/* SPDX-License-Identifier: Apache-2.0 */
/* What bundle build computes, apart from how it is asked to. */
#ifndef TARDISK_BUNDLE_BUILD_H
#define TARDISK_BUNDLE_BUILD_H

#include <jansson.h>

#include "tardisk/bundle.h"
#include "tardisk/frames.h"
#include "tardisk/tree.h"

/* Reads a descriptor that lacks what is computed. The caller owns the object, NULL on error. */
json_t *template_load(const char *path, struct err *e);

/*
 * Fills in what a maker need not write: format, type, acceptance_level,
 * architecture (of the first program) and, from the newest time in the tree
 * (which must not be later than SOURCE_DATE_EPOCH), created. Sets files from the tree.
 */
int template_complete(json_t *root, const struct tree *t, struct err *e);

/*
 * Writes the tree as a tardisk to fd, an empty file, and adds it to the
 * template's payloads: name from that of the bundle, sizes and digests.
 */
int template_add_payload(json_t *root, struct tree *t, int fd, const struct packing *packing,
			 struct err *e);

/* The finished template as a descriptor, checked as any other. */
int template_descriptor(const json_t *root, const char *path, struct bundle_descriptor **d,
			struct err *e);

#endif
