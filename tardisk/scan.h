/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARDISK_SCAN_H
#define TARDISK_SCAN_H

#include "tree.h"

/*
 * Adds everything below a directory to the tree. Names that share an inode
 * become hard links; sockets are refused, times before 1970 become 1970.
 * Contents are not read yet. Other file systems are entered.
 */
int tree_scan(struct tree *t, const char *dir, struct err *e);

#endif
