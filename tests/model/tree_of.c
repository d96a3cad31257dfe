// SPDX-License-Identifier: GPL-2.0-only
/* Tardisks for the model: header areas by the writer of the tools, read by the module's reader. */
#include "tree_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/layout.h"

static void add(struct tree *t, const char *path, enum model_type type, struct err *e)
{
	struct tree_inode *inode =
		tree_inode_new(type == MODEL_DIR ? TARDISK_DIR : TARDISK_FILE, e);

	if (!inode || tree_add(t, path, inode, e))
		abort();
	inode->mode = 0755;
}

unsigned char *header_area(const enum model_type *types, uint32_t *len)
{
	struct tree t = TREE_INIT;
	struct err e = ERR_INIT;
	struct layout layout;
	char path[PATH_TEXT];

	for (unsigned int p = 0; p < PATHS; p++)
		if (types[p] != MODEL_NONE)
			add(&t, path_text(p, path), types[p], &e);
	if (tree_sort(&t, &e) || layout_tree(&t, TARDISK_FRAME, &layout, &e)) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
	tree_free(&t);
	*len = layout.len;
	return layout.headers;
}
