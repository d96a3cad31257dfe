/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a machine wrote to its disk, in order: the logs, one of each run, of QEMU's driver
 * blklogwrites, which is that of the kernel's dm-log-writes
 * (Documentation/admin-guide/device-mapper/log-writes.rst).
 */
#ifndef TESTS_POWERCUT_LOG_H
#define TESTS_POWERCUT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define CUTLOG_RUNS 16

struct cutlog_entry {
	uint64_t at;	     /* bytes from the start of the disk */
	uint64_t len;	     /* bytes; 0: a flush only */
	const uint8_t *data; /* NULL: zeros */
	bool flush;	     /* what was written before is on the disk */
	bool sure;	     /* this write is on the disk when it is done (FUA) */
};

struct cutlog_run {
	void *map;
	size_t size;
	size_t end; /* of the list: what follows is of the next run */
};

struct cutlog {
	struct cutlog_run run[CUTLOG_RUNS];
	unsigned int runs;
	struct cutlog_entry *list;
	size_t count, room;
};

/*
 * Adds a run to a log, at first all zeros: its file may end anywhere (the machine was killed).
 * ERR_INVALID if it is none, or of a version that is not known; ERR_NO_SPACE: more than
 * CUTLOG_RUNS. Data stays in the file, which is mapped.
 */
int cutlog_add(struct cutlog *log, const char *path, struct err *e);
void cutlog_close(struct cutlog *log);

#endif
