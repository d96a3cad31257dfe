// SPDX-License-Identifier: GPL-2.0-only
/* The file of the module, as it is, and what needs its structures. */
#include "kernel.h"

#include "visorfs/buckets.c"

#include "fixture.h"

#define SMALL_BITS 2

void model_small_table(struct visorfs_sb *sbi)
{
	down_write(&sbi->sw);
	visorfs_names_resize(sbi,
			     kvcalloc(1u << SMALL_BITS, sizeof(struct visorfs_bucket), GFP_KERNEL),
			     SMALL_BITS);
	up_write(&sbi->sw);
}
