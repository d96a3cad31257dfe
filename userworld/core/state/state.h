/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state archive: a gzipped tar of the changed state files, paths without
 * leading '/', as stage 0 unpacks it over the tardisks (state.tgz). Shipped files that were
 * deleted are listed in its member .visoros/deleted (userworld/state/snapshot.h).
 */
#ifndef VISOR_CORE_STATE_STATE_H
#define VISOR_CORE_STATE_STATE_H

#include <jansson.h>

#include "err.h"

#define STATE_STATUS "/run/visoros/state/status.json" /* written by stated(8) */
#define STATE_SOCKET "/run/stated.sock"

/* Writes an archive; an old one of that name is replaced at the end. Returns the files in it. */
int state_backup(const char *path, struct err *e);

/*
 * Reads an archive wholly, and only if all of it is good writes its files. Each
 * must be a sticky regular file (ERR_INVALID). Returns how many there were; the paths of those that
 * were otherwise before are added to changed, a JSON array.
 */
int state_restore(const char *path, json_t *changed, struct err *e);

#endif
