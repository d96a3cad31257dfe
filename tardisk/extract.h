/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARDISK_EXTRACT_H
#define TARDISK_EXTRACT_H

#include "index.h"

/*
 * Unpacks a tardisk into a directory, which is made or must be empty, so that
 * nothing in it can lead names elsewhere. Owners and security.* attributes are
 * set only by root, devices made only by root (others leave them out).
 */
int tardisk_extract(struct tardisk_file *t, const char *dir, struct err *e);

#endif
