/* SPDX-License-Identifier: Apache-2.0 */
/* Debian packages as what a bundle is built from. */
#ifndef TARDISK_BUNDLE_DEB_H
#define TARDISK_BUNDLE_DEB_H

#include "err.h"

/* A temporary folder: files below "files", and "descriptor.json". */
struct deb {
	char *folder;
	char *files;
	char *descriptor;
};

/*
 * Runs deb2dir(1) on the packages (ends with NULL). base is a list of what the image has, or
 * NULL. deb_free() after either result removes the folder.
 */
int deb_unpack(struct deb *d, const char *base, char *const *packages, struct err *e);
void deb_free(struct deb *d);

#endif
