/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log of bounded size. NAME is written until it would exceed its size; then
 * NAME.1 becomes NAME.2 and so on, the oldest is dropped, and NAME begins
 * anew. Lines are gathered and written together by logfile_flush(). Those that
 * cannot be written (the ramdisk is full) are counted; how many were lost is the
 * first line once there is room again.
 */
#ifndef VMKLOGGER_LOGFILE_H
#define VMKLOGGER_LOGFILE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

#define LOGFILE_GATHER 16384 /* bytes held until a flush */

struct logfile {
	enum log_id id; /* the caller's: which one this is */
	char path[PATH_MAX];
	int fd;		    /* -1: not open */
	uint64_t size;	    /* bytes in it */
	uint64_t size_max;  /* bytes, before it is rotated */
	unsigned int count; /* files kept, this one included; at least 1 */
	uint64_t lost;	    /* lines not written, not told yet */
	size_t have;	    /* bytes gathered */
	char gathered[LOGFILE_GATHER];
};

void logfile_init(struct logfile *f, const char *dir, const char *name, uint64_t size_max,
		  unsigned int count);

/* Makes the line that tells of lost ones into buf; returns its length. */
typedef size_t (*lost_line)(const struct logfile *f, char *buf, size_t size);

/* Takes one line with its newline, at most LOGFILE_GATHER bytes. */
void logfile_write(struct logfile *f, const char *line, size_t len, lost_line about);

/* Writes what was gathered: 0, or -1 if lines were lost. about is asked only then. */
int logfile_flush(struct logfile *f, lost_line about);

/* Flush first: what is gathered is dropped. */
void logfile_close(struct logfile *f);

#endif
