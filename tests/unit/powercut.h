/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk in memory whose power can be cut everywhere.
 *
 * While code under test writes to powercut_disk(), writes and flushes are recorded.
 * powercut_sweep() then makes every disk that a cut could have left, and has each checked:
 *
 *	struct powercut *pc = powercut_new(image, size);
 *	assert_int_equal(save_state(powercut_disk(pc), ...), 0);
 *	struct powercut_result r = powercut_sweep(pc, is_old_or_new, &what);
 *	assert_int_equal(r.failures, 0);	with r.first to say which
 *
 * What was flushed is there. Of the sectors written since, in any number: each prefix, each one
 * alone, all but each one, the last ones without the first ones, all sets if they are few and
 * random ones if not; and each of these disks also with one of its sectors torn: the first bytes
 * new and the last old, or the other way round. Two writes of one sector keep their order.
 *
 * Negative control: powercut_ignore_flushes() makes a disk that lies; the same sweep must fail.
 */
#ifndef TESTS_UNIT_POWERCUT_H
#define TESTS_UNIT_POWERCUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "userworld/medium/blkio.h"

#define POWERCUT_SECTOR 512

struct powercut;

/* A disk of size bytes (a multiple of sectors) that has a copy of image; zeros if it is NULL. */
struct powercut *powercut_new(const void *image, size_t size);
void powercut_free(struct powercut *pc);

/* The disk. It belongs to pc; blkio_close() leaves it as it is. */
struct blkio *powercut_disk(struct powercut *pc);

/* Its bytes now. */
uint8_t *powercut_bytes(struct powercut *pc);

/* What was recorded is forgotten; the disk as it is now is the one before the next write. */
void powercut_mark(struct powercut *pc);

/* Flushes return, and do nothing. */
void powercut_ignore_flushes(struct powercut *pc);

/*
 * The disk is pulled out (ERR_UNAVAILABLE for everything) before write or flush number n from now,
 * 0 being the next; a write that comes as number n may leave its first half. -1: put back.
 */
void powercut_pull(struct powercut *pc, long n);

/* How many writes and flushes were recorded. */
size_t powercut_writes(const struct powercut *pc);
size_t powercut_flushes(const struct powercut *pc);

/*
 * Looks at one disk as a host would that boots from it. It may write, and flush: that disk is
 * its own. 0 if all is well, 1 if not; more than that it says itself in why.
 */
typedef int powercut_check(void *context, struct blkio *disk, char why[static 256]);

struct powercut_result {
	unsigned long disks;	/* that were checked */
	unsigned long failures; /* of them */
	char first[400];	/* which disk failed first, and why; "" if none did */
};

/* Same record, same disks: random numbers have a fixed seed. */
struct powercut_result powercut_sweep(struct powercut *pc, powercut_check *check, void *context);

#endif
