/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All disks that a cut of the power could have left, from a log of writes.
 *
 * What was written before a flush that is done is on the disk. Of what was written since, the disk
 * has: each prefix; each prefix and the next write torn (some of its sectors, the last of them
 * partly); and random sets, in which a write is there or not, or some of its sectors are.
 */
#ifndef TESTS_POWERCUT_SWEEP_H
#define TESTS_POWERCUT_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/powercut/disk.h"
#include "tests/powercut/log.h"
#include "tests/powercut/view.h"

struct cutsweep_options {
	unsigned int sets;    /* random sets for each stretch between two flushes, at most */
	unsigned int tears;   /* places at which each write is torn */
	uint64_t seed;	      /* of the random numbers */
	bool ignore_flushes;  /* negative control: a disk whose flushes do nothing */
	struct cutkeep *keep; /* disks that are written to files */
	unsigned int keeps;
};

/* A disk to keep, and what was said of it. */
struct cutkeep {
	unsigned long disk; /* its number, from 1 */
	const char *file;
	bool kept;
	struct cutview view;
};

struct cutsweep_result {
	unsigned long disks, failures;
	unsigned long nothing;		/* disks from which nothing starts: not installed yet */
	unsigned long run[CUTLOG_RUNS]; /* disks up to the end of each run */
	size_t writes, flushes;
	uint64_t first_generation, last_generation; /* of the whole log's begin and end */
	unsigned int changes; /* of the choice of a bank, from one whole prefix to the next */
	char first[400];      /* which disk failed first, and why */
};

/*
 * Rules for each disk: before the first install is complete nothing starts; after that, with the
 * boot sector, tables and loaders of the whole install, a bank starts, with all its files good, and
 * one starts after that as well if the first start fails; the bank is one that some prefix of this
 * stretch starts; the state is that of such a prefix, so never older than what was flushed.
 */
void cutsweep(struct cutdisk *d, const struct cutlog *log, const struct cutsweep_options *o,
	      struct cutsweep_result *r);

#endif
