/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is worth an event of the use of ramdisks: a mark (80, 95 percent) that
 * was passed, or is no longer, and writes that did not fit. Pure: it compares
 * what is now with what was told before.
 */
#ifndef VISOR_CORE_RAMDISK_NEWS_H
#define VISOR_CORE_RAMDISK_NEWS_H

#include <stdint.h>

#include "vfsctl.h"

#define RAMDISK_QUIET 60 /* seconds: what has been told is not taken back or repeated before */

struct ramdisk_news;

/* One event: level and text as of core_event(), about this ramdisk. */
typedef void ramdisk_tell(void *context, const char *ramdisk, const char *level, const char *text);

/* NULL without memory. */
struct ramdisk_news *ramdisk_news_new(void);
void ramdisk_news_free(struct ramdisk_news *news);

/*
 * Tells what is new at this time, in seconds of a clock that never goes back.
 * Writes that did not fit before a ramdisk was first seen are not told, marks
 * are. Gives the seconds after which there may be more to tell though nothing
 * changes, or 0; -1 without memory.
 */
int ramdisk_news_update(struct ramdisk_news *news, const struct vfs_ramdisk *list, size_t count,
			uint64_t now, ramdisk_tell *tell, void *context);

#endif
