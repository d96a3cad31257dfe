/* SPDX-License-Identifier: Apache-2.0 */
/* Options that mktardisk(1) and bundle(1) have in common. */
#ifndef TARDISK_OPTIONS_H
#define TARDISK_OPTIONS_H

#include "tree.h"

/* TARDISK_LEVEL_MIN to TARDISK_LEVEL_MAX: 0, or -1 if it is anything else. */
int options_level(const char *text, int *level);

/* "64k", "128k", "256k", "512k" or "1m", also in bytes: 0, or -1. */
int options_frame(const char *text, uint32_t *frame);

/* "UID:GID", either may be "root": 0, or -1. */
int options_owner(const char *text, uint32_t *uid, uint32_t *gid);

/* Times no later than the environment's SOURCE_DATE_EPOCH, if it is set. */
int options_clamp(struct tree *t, struct err *e);

#endif
