/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a tree as a tardisk (docs/tardisk-format.md). */
#ifndef TARDISK_WRITER_H
#define TARDISK_WRITER_H

#include "tree.h"

/*
 * Sorts and completes the tree and writes it to fd as a stream. name is for
 * messages; level is zstd's, TARDISK_LEVEL_MIN to TARDISK_LEVEL_MAX. A file
 * whose size changed since it was found is an error. The same tree and level
 * give the same bytes.
 */
int tardisk_write(int fd, const char *name, struct tree *t, int level, struct err *e);

#endif
