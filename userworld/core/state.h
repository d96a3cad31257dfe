/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state archive: a gzipped tar of the changed state files, paths without
 * leading '/', as stage 0 unpacks it over the tardisks (state.tgz). A state
 * file that was deleted is not in it, so it is back after the next boot.
 */
#ifndef VISOR_CORE_STATE_H
#define VISOR_CORE_STATE_H

#include <stdbool.h>

#include "err.h"

#define STATE_FILE_MAX (16u << 20) /* bytes of one state file */
#define STATE_FILES_MAX 4096

typedef int state_fn(void *context, const char *path, bool deleted, struct err *e);

/* Calls fn for each changed state file until it fails. */
int state_each(state_fn *fn, void *context, struct err *e);

/* Writes an archive; an old one of that name is replaced at the end. Returns the files in it. */
int state_backup(const char *path, struct err *e);

/*
 * Reads an archive wholly, and only if all of it is good writes its files. Each
 * must be a sticky regular file (ERR_INVALID). Returns how many there were.
 */
int state_restore(const char *path, struct err *e);

#endif
