/* SPDX-License-Identifier: GPL-2.0-only */
/* Invariants, checked on demand: what check.c and balance.c share. */
#ifndef VISORFS_CHECK_H
#define VISORFS_CHECK_H

#include "internal.h"

struct visorfs_checker {
	struct visorfs_sb *sbi;
	struct visorfs_msg *msg; /* gets the first violation */
	u64 names;
	u64 files;
	u32 violations;
};

__printf(2, 3) void visorfs_violation(struct visorfs_checker *c, const char *fmt, ...);

/* check.c: names, stacks, directories; the caller holds switch_mutex */
void visorfs_check_names(struct visorfs_checker *c);

/* balance.c: files, and what ramdisks are charged for; the caller holds switch_mutex */
void visorfs_check_files(struct visorfs_checker *c);

#endif
