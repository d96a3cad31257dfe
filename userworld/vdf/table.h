/* SPDX-License-Identifier: Apache-2.0 */
/* The two blocks of vdf as text. Pure. */
#ifndef VDF_TABLE_H
#define VDF_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "userworld/lib/vfsctl.h"

/*
 * Columns are as wide as their widest cell, numbers to the right, two spaces
 * between. Sizes are in KiB, or with human in the units of human_size().
 */
void print_tardisks(FILE *out, const struct vfs_tardisk *list, size_t n, bool human);
void print_ramdisks(FILE *out, const struct vfs_ramdisk *list, size_t n, bool human);

/* What the pools hold of one ramdisk. */
struct vdf_owners {
	const char *ramdisk;
	struct vfs_owner *owners;
	size_t count;
};

void print_owners(FILE *out, const struct vdf_owners *list, size_t n, bool human);

#endif
