/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the userworlds below a pool and what each of them uses. Nothing allocates. */
#ifndef OOMD_SCAN_H
#define OOMD_SCAN_H

#include "pick.h"
#include "userworld/lib/err.h"

/*
 * Fills list with the killable worlds that have processes, in no special
 * order. Groups without the supervisor's mark are no worlds by themselves.
 * Returns how many.
 */
size_t scan_candidates(int root, const char *top, struct candidate *list, size_t max);

#endif
