/* SPDX-License-Identifier: Apache-2.0 */
/* What the image carries of a medium: the packed skeleton, and the sizes of the partitions. */
#ifndef VISOR_INSTALL_SKELETON_H
#define VISOR_INSTALL_SKELETON_H

#include "write.h"

#define INSTALL_SKELETON "/usr/lib/visoros/install/disk.zst"
#define INSTALL_LAYOUT "/usr/lib/visoros/install/layout.conf"

struct skeleton;

/* layout.conf: "bios", "esp", "state", "bank", each a size; all are needed. */
int skeleton_layout(struct install_layout *layout, const char *path, struct err *e);

/* The caller closes it. ERR_NOT_FOUND: the image was built without it. */
int skeleton_open(struct skeleton **s, const char *path, struct err *e);
void skeleton_close(struct skeleton *s); /* NULL is fine */

/* The next len bytes; ERR_INVALID if there are fewer, or they are damaged. */
int skeleton_read(struct skeleton *s, void *buf, size_t len, struct err *e);

/* Reads all of it once: is it whole, and as long as that layout says? Then it is opened anew. */
int skeleton_check(const struct install_layout *layout, const char *path, struct err *e);

#endif
