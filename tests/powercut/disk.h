/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is changed and changed back. Of each partition a sum over its sectors is kept, so
 * that what was found out about one content needs not be found out again.
 */
#ifndef TESTS_POWERCUT_DISK_H
#define TESTS_POWERCUT_DISK_H

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
};

/* Maps an image privately: the file is not changed. ERR_INVALID: it lacks one of our partitions. */
int cutdisk_open(struct cutdisk *d, const char *path, struct err *e);
void cutdisk_close(struct cutdisk *d);

/* A sector, at a multiple of its size; data NULL: zeros. */
void cutdisk_set(struct cutdisk *d, uint64_t at, const uint8_t *data);

/* Writes the disk as it is to a file, with holes where there are zeros. */
int cutdisk_write(const struct cutdisk *d, const char *path, struct err *e);

/* Undoes what was done since the journal had so many sectors (d->journal.count then). */
void cutdisk_back(struct cutdisk *d, size_t to);

#endif
