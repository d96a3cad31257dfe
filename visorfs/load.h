/* SPDX-License-Identifier: GPL-2.0-only */
/* A tardisk on its way into memory: what load.c and entries.c share. */
#ifndef VISORFS_LOAD_H
#define VISORFS_LOAD_H

#include "internal.h"
#include "unpack.h"

struct visorfs_load {
	struct visorfs_tardisk *td;
	const struct visorfs_attach *how;
	bool compressed; /* it is to stay so */
	struct visorfs_unpack unpack;
	struct tardisk_volume volume;
	struct tardisk_reader reader;
	void *headers;
	struct tardisk_entry *list; /* the entries, while the tree is built */
	/* By place in the list; the root comes last, in the place of volume.entries. */
	u32 *parents; /* of each entry: its directory */
	u32 *kid_counts; /* of each directory: how many entries */
	u32 *kids; /* of each directory: where its entries go in td->objs; then their end */
	u32 *places; /* of each entry: where it goes in td->objs */
	size_t strings; /* bytes used of td->strings */
	struct visorfs_msg *msg;
};

/* The line "NAME: offset N: field: what" and -EBADMSG. */
int visorfs_refuse(struct visorfs_load *l, u64 offset, const char *field, const char *what);

/* entries.c */
int visorfs_check_entries(struct visorfs_load *l, size_t *strings);
int visorfs_build_entries(struct visorfs_load *l);

#endif
