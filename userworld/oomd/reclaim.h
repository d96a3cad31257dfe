/* SPDX-License-Identifier: Apache-2.0 */
/* What is tried before anybody is ended. Nothing allocates. */
#ifndef OOMD_RECLAIM_H
#define OOMD_RECLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

#define RECLAIM_MS 30 /* longest time for it, in milliseconds: somebody waits */

/*
 * Has the kernel take back pages that can be made again (clean pages of
 * tardisks that are kept compressed) from all userworlds, until want bytes are
 * found, nothing more is, or the time is over. Returns the bytes asked for and got.
 */
uint64_t reclaim_pages(int top, uint64_t want);

/*
 * Removes the files of the ramdisks named, oldest ramdisk first. Folders, links,
 * sockets and other ramdisks inside stay. Says what it did; returns the files
 * removed. With dry it only says what it would do.
 */
uint64_t purge_ramdisks(const struct oom_settings *s, const char *sysroot, bool dry);

#endif
