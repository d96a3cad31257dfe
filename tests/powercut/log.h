/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a machine wrote to its disk, in order: the log of QEMU's driver blklogwrites, which is that
 * of the kernel's dm-log-writes (Documentation/admin-guide/device-mapper/log-writes.rst).
 */
#ifndef TESTS_POWERCUT_LOG_H
#define TESTS_POWERCUT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct cutlog_entry {
	uint64_t at;	     /* bytes from the start of the disk */
	uint64_t len;	     /* bytes; 0: a flush only */
	const uint8_t *data; /* NULL: zeros */
	bool flush;	     /* what was written before is on the disk */
	bool sure;	     /* this write is on the disk when it is done (FUA) */
};

struct cutlog {
	void *map;
	size_t size;
	struct cutlog_entry *list;
	size_t count, room;
};

/*
 * Reads a log that may end anywhere (the machine was killed). ERR_INVALID if it is none, or of a
 * version that is not known. Data stays in the file, which is mapped.
 */
int cutlog_open(struct cutlog *log, const char *path, struct err *e);
void cutlog_close(struct cutlog *log);

#endif
