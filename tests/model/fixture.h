/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the model share: the module's namespace, the record, and how they meet. */
#ifndef MODEL_FIXTURE_H
#define MODEL_FIXTURE_H

#include "kernel.h"

#include "record.h"
#include "visorfs/internal.h"

#define must(what)                                                                        \
	do {                                                                              \
		if (!(what)) {                                                            \
			fprintf(stderr, "model: %s:%d: %s\n", __func__, __LINE__, #what); \
			abort();                                                          \
		}                                                                         \
	} while (0)

extern struct visorfs_sb model_sb;
extern struct record model_record;

/* compare.c: what the namespace has at a path, which may be -1: the root; or NULL */
struct visorfs_dir *model_dir_at(int p);
struct visorfs_entry *model_top_at(unsigned int p);

/* compare.c: everything that can be looked up or listed is what the record says */
void model_compare(void);
void model_compare_reset(void);

/* k_buckets.c: a hash table so small that it has to grow */
void model_small_table(struct visorfs_sb *sbi);

/* fill.c: a tardisk of these types, loaded and not attached */
struct visorfs_tardisk *model_tardisk(unsigned int t, const enum model_type *types);

#endif
