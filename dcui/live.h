/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a log that is still written to, as much as fits a screen. */
#ifndef DCUI_LIVE_H
#define DCUI_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LIVE_BYTES 16384 /* a screen of 240 columns and 67 rows */
#define LIVE_LOG "/var/log/vmkernel.log"

struct live {
	char text[LIVE_BYTES + 1]; /* lines, each with a zero at its end */
	size_t len;
	char why[256]; /* it could not be read: the reason, else empty */
	ino_t file;    /* what was read, to see whether there is more */
	off_t size;
};

/*
 * Looks at the log, and where it has just been put aside for a new one also at the end of the old
 * one (path.1). False: nothing has changed. What cannot be read is told in why.
 */
bool live_read(struct live *l, const char *path);

/* The line before the one at *at (at the end: len), or NULL; *at moves there. */
const char *live_before(const struct live *l, size_t *at);

#endif
