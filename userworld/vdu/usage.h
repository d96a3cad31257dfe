/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds up what files take from ramdisks, folder by folder. Pure: who asks the
 * file system gives it the entries in depth-first order.
 */
#ifndef VDU_USAGE_H
#define VDU_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define USAGE_DEPTH_MAX 256

struct usage {
	FILE *out;
	bool all;   /* a line for every file, too */
	bool human; /* sizes in the units of human_size(), else KiB, rounded up */
	unsigned int depth;
	uint64_t sums[USAGE_DEPTH_MAX]; /* of the folders that are open, outermost first */
};

/* A folder begins (charged: its own bytes); everything until its end counts to it. */
int usage_enter(struct usage *u, uint64_t charged);
void usage_leave(struct usage *u, const char *path);

/* A file. At the top, outside of any folder, it has a line in any case. */
void usage_file(struct usage *u, const char *path, uint64_t charged);

#endif
