/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether tardisks that are attached from now on stay compressed in memory.
 * Stage 0 decides for the whole host (kernel argument visoros.residency, or
 * the configuration of the image) and leaves the word in RESIDENCY_FILE.
 */
#ifndef VISOR_CORE_VISORFS_RESIDENCY_H
#define VISOR_CORE_VISORFS_RESIDENCY_H

#include <stdbool.h>

#include "err.h"

#define RESIDENCY_FILE "/run/visoros/residency"

/* "resident" or "compressed", as sysfs of visorfs has it; ERR_INVALID for anything else. */
int residency_parse(const char *word, bool *compressed, struct err *e);

/*
 * What the file says. Without a file that makes sense it is false, and the
 * log says so: an install does not fail for that.
 */
bool residency_compressed(void);

#endif
