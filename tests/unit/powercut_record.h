/* SPDX-License-Identifier: Apache-2.0 */
/* What a struct powercut has recorded; for the two files of powercut.h. */
#ifndef TESTS_UNIT_POWERCUT_RECORD_H
#define TESTS_UNIT_POWERCUT_RECORD_H

#include "tests/unit/powercut.h"

/* One sector as a write left it, or a flush. */
struct powercut_step {
	bool flush;
	uint64_t at; /* bytes; a multiple of POWERCUT_SECTOR */
	uint8_t data[POWERCUT_SECTOR];
};

struct powercut {
	struct blkio io;
	uint8_t *bytes; /* the disk now */
	uint8_t *base;	/* the disk before the first step */
	struct powercut_step *steps;
	size_t count, room, writes, flushes;
	long pull; /* writes and flushes until it is pulled out; -1 never */
	bool deaf; /* flushes do nothing */
};

#endif
