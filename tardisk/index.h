/* SPDX-License-Identifier: Apache-2.0 */
/* All entries of a tardisk, with the rules of the format that need the whole tree. */
#ifndef TARDISK_INDEX_H
#define TARDISK_INDEX_H

#include <stddef.h>

#include "open.h"

struct tardisk_index {
	struct tardisk_entry *entries; /* in the order of the file: by path */
	size_t n;
};

/*
 * Reads and checks all entries: those of the parser, that parents are listed
 * and directories, that hard links name an earlier regular file. Strings point
 * into the tardisk. The caller frees index->entries.
 */
int tardisk_index_load(const struct tardisk_file *t, struct tardisk_index *index, struct err *e);

/* NULL if there is none. */
const struct tardisk_entry *tardisk_index_find(const struct tardisk_index *index, const char *path,
					       size_t len);

#endif
