/* SPDX-License-Identifier: Apache-2.0 */
/* The header area of a tree: where everything goes, and the headers that say so. */
#ifndef TARDISK_LAYOUT_H
#define TARDISK_LAYOUT_H

#include "tree.h"

struct layout {
	unsigned char *headers;
	uint32_t len;	/* bytes of the header area */
	uint32_t frame; /* content bytes of a full frame */
	uint64_t size;	/* bytes of both areas */
};

/*
 * Lays out a sorted and complete tree for frames of this size. Sets data and written of its inodes.
 * layout->headers belongs to the caller.
 */
int layout_tree(struct tree *t, uint32_t frame, struct layout *layout, struct err *e);

#endif
