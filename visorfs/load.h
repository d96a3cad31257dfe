/* SPDX-License-Identifier: GPL-2.0-only */
/* A tardisk on its way into memory: what load.c and entries.c share. */
#ifndef VISORFS_LOAD_H
#define VISORFS_LOAD_H

#include "internal.h"

struct visorfs_load {
	struct visorfs_tardisk *td;
	struct visorfs_unpack unpack;
	struct tardisk_volume volume;
	struct tardisk_reader reader;
	void *headers;
	struct tardisk_entry *list; /* the entries, while the tree is built */
	u32 *parents; /* index of each entry's directory, U32_MAX: the root */
	size_t strings; /* bytes used of td->strings */
	struct visorfs_msg *msg;
};

/* The line "NAME: offset N: field: what" and -EBADMSG. */
int visorfs_refuse(struct visorfs_load *l, u64 offset, const char *field, const char *what);

/* entries.c */
int visorfs_check_entries(struct visorfs_load *l, size_t *strings);
int visorfs_build_entries(struct visorfs_load *l);

#endif
