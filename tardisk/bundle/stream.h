/* SPDX-License-Identifier: Apache-2.0 */
/* What the reading verbs share. */
#ifndef TARDISK_BUNDLE_STREAM_H
#define TARDISK_BUNDLE_STREAM_H

#include "tardisk/bundle.h"

/*
 * Opens a bundle file, "-" for standard input. *fd must stay open as long as
 * the bundle and is closed by the caller.
 */
int stream_open(struct bundle **b, const char *path, int *fd, struct err *e);

/* A nameless temporary file in $TMPDIR; the descriptor, or -1. */
int stream_temporary(struct err *e);

#endif
