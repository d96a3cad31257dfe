/* SPDX-License-Identifier: Apache-2.0 */
/* An archive of a web server that answers no ranges: taken into memory, within bounds. */
#ifndef VISOR_CORE_DEPOT_ARCHIVE_WHOLE_H
#define VISOR_CORE_DEPOT_ARCHIVE_WHOLE_H

#include "userworld/core/fetch/fetch.h"

/*
 * The rest of f as a file in memory, charged to the pool of installs. The server must
 * tell its size, at most ARCHIVE_WHOLE_MAX, and the host have that much to spare:
 * ERR_NO_SPACE before anything is read. Returns a descriptor.
 */
int archive_take_whole(struct fetch *f, const char *url, struct err *e);

#endif
