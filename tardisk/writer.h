/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a tree as a tardisk (docs/tardisk-format.md). */
#ifndef TARDISK_WRITER_H
#define TARDISK_WRITER_H

#include "frames.h"
#include "tree.h"

/*
 * Sorts and completes the tree and writes it to fd as a stream. name is for
 * messages. A file whose size changed since it was found is an error. The same
 * tree and packing give the same bytes.
 */
int tardisk_write(int fd, const char *name, struct tree *t, const struct packing *packing,
		  struct err *e);

#endif
