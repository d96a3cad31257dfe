/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is changed and changed back. Of each partition, and of what is in none, a sum over
 * its sectors is kept, so that what was found out about one content needs not be found out again.
 */
#ifndef TESTS_POWERCUT_DISK_H
#define TESTS_POWERCUT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "tests/powercut/journal.h"
#include "userworld/medium/blkio.h"
#include "userworld/medium/medium.h"

#define CUT_SECTOR JOURNAL_SECTOR

struct cutdisk;

/* A partition as a device. What is written to it can be undone like everything else. */
struct cutpart {
	struct blkio io;
	struct cutdisk *disk;
	uint64_t offset; /* bytes */
	uint64_t sum;	 /* the same for the same content, and hardly ever for another */
};

struct cutdisk {
	struct journal journal; /* stands first */
	uint64_t size;
	struct cutpart part[MEDIUM_PARTS];
	uint64_t edge_sum; /* of what is in no partition: boot sector and tables */
};

/*
 * Maps an image privately: the file is not changed. The partitions are those of the disk in the
 * file table, which is path itself, or the same disk after an install. ERR_INVALID: one of ours is
 * missing.
 */
int cutdisk_open(struct cutdisk *d, const char *path, const char *table, struct err *e);
void cutdisk_close(struct cutdisk *d);

/* Does a firmware take it for a medium: has its boot sector the signature? */
bool cutdisk_signed(const struct cutdisk *d);

/* The sum of all that only an install writes: boot sector, tables, loaders. */
uint64_t cutdisk_frame(const struct cutdisk *d);

/* A sector, at a multiple of its size; data NULL: zeros. */
void cutdisk_set(struct cutdisk *d, uint64_t at, const uint8_t *data);

/* Writes the disk as it is to a file, with holes where there are zeros. */
int cutdisk_write(const struct cutdisk *d, const char *path, struct err *e);

/* Undoes what was done since the journal had so many sectors (d->journal.count then). */
void cutdisk_back(struct cutdisk *d, size_t to);

#endif
