/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log of bounded size. NAME is written until it would exceed its size; then
 * NAME.1 becomes NAME.2 and so on, the oldest is dropped, and NAME begins
 * anew. A line that cannot be written (the ramdisk is full) is counted; how
 * many were lost is the first line once there is room again.
 */
#ifndef VMKLOGGER_LOGFILE_H
#define VMKLOGGER_LOGFILE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

struct logfile {
	char path[PATH_MAX];
	int fd;		    /* -1: not open */
	uint64_t size;	    /* bytes in it */
	uint64_t size_max;  /* bytes, before it is rotated */
	unsigned int count; /* files kept, this one included; at least 1 */
	uint64_t lost;	    /* lines not written, not told yet */
};

void logfile_init(struct logfile *f, const char *dir, const char *name, uint64_t size_max,
		  unsigned int count);

/*
 * Appends one line (with its newline). about(n, buf) makes the line that tells
 * of n lost ones; it is only called when there is something to tell. 0, or -1
 * if the line was lost.
 */
typedef size_t (*lost_line)(uint64_t lost, char *buf, size_t size, void *arg);
int logfile_write(struct logfile *f, const char *line, size_t len, lost_line about, void *arg);

void logfile_close(struct logfile *f);

#endif
