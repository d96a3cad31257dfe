/* SPDX-License-Identifier: Apache-2.0 */
/* Options that mktardisk(1) and bundle(1) have in common. */
#ifndef TARDISK_OPTIONS_H
#define TARDISK_OPTIONS_H

#include "frames.h"
#include "tree.h"

/*
 * What stands behind -l, a level of compression, or -f, the size of frames ("64k" to "1m",
 * also in bytes). NULL, or what is wrong with the text.
 */
const char *options_packing(int letter, const char *text, struct packing *packing);

/* "UID:GID", either may be "root": 0, or -1. */
int options_owner(const char *text, uint32_t *uid, uint32_t *gid);

/* Times no later than the environment's SOURCE_DATE_EPOCH, if it is set. */
int options_clamp(struct tree *t, struct err *e);

#endif
