/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARDISK_LIST_H
#define TARDISK_LIST_H

#include <stdio.h>

#include "index.h"

/*
 * Prints one line per entry, like "tar tv": mode, uid/gid, size or device
 * number, time in UTC, path, target of a link. Control characters and
 * backslashes in names come as \ooo. If verbose, a line with what holds for
 * the whole tardisk comes first.
 */
int tardisk_list(const struct tardisk_file *t, bool verbose, FILE *out, struct err *e);

#endif
