/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is worth an event of the use of ramdisks: a mark (80, 95 percent) that
 * was passed, or is no longer, and writes that did not fit. Ramdisks that are cut to the size of
 * what they hold (stage, payloads, spare) are full as they should be: of these only writes that did
 * not fit. Pure: it compares what is now with what was told before.
 */
#ifndef VISOR_CORE_VISORFS_RAMDISK_NEWS_H
#define VISOR_CORE_VISORFS_RAMDISK_NEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "event_type.h"
#include "vfsctl.h"

#define RAMDISK_QUIET 60 /* seconds: what has been told is not taken back or repeated before */

struct ramdisk_news;

/* One event about a ramdisk: what is used of what it may have, bytes or files. */
struct ramdisk_told {
	enum event_id id;
	const struct vfs_ramdisk *ramdisk;
	bool files;	  /* bytes else */
	uint64_t refused; /* requests, if it was full */
	const char *text;
};
typedef void ramdisk_tell(void *context, const struct ramdisk_told *told);

/* NULL without memory. */
struct ramdisk_news *ramdisk_news_new(void);
void ramdisk_news_free(struct ramdisk_news *news);

/*
 * Tells what is new at this time, in seconds of a clock that never goes back.
 * Writes that did not fit before a ramdisk was first seen are not told, marks
 * are. Gives the seconds after which there may be more to tell though nothing
 * changes, or 0; -1 without memory.
 *
 * A ramdisk that was full and is gone, or has been below all marks for RAMDISK_QUIET seconds since,
 * is told to be as it should be.
 */
int ramdisk_news_update(struct ramdisk_news *news, const struct vfs_ramdisk *list, size_t count,
			uint64_t now, ramdisk_tell *tell, void *context);

/*
 * An alarm about a ramdisk, of its files or its bytes, stands from before this process. To be
 * called after the first update: then the next one takes it back if nothing is wrong any more.
 * -1 without memory.
 */
int ramdisk_news_stands(struct ramdisk_news *news, const char *name, const char *path, bool files);

#endif
