/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARDISK_TARIN_H
#define TARDISK_TARIN_H

#include "tree.h"

/*
 * Adds what a tar archive holds to the tree: any tar that libarchive reads,
 * plain or packed with gzip, xz or zstd. path "-" is standard input. Contents
 * go to the tree's spool, a temporary file in $TMPDIR. Of a path that comes
 * twice the last one counts, as with tar.
 */
int tree_read_tar(struct tree *t, const char *path, struct err *e);

#endif
