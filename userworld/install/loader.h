/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loader on a medium (boot code, core, ESP) against the skeleton of the image. A medium may
 * have the loader of another build: it is that of the skeleton for sure only if code and core, or
 * all of the ESP, are as they are there, byte for byte. Only then is what differs damage, and
 * written.
 *
 * Sectors that have nothing in the skeleton are nobody's business. Tables and folders of the ESP
 * change when another system puts a file there: that they differ is said, and left so.
 */
#ifndef VISOR_INSTALL_LOADER_H
#define VISOR_INSTALL_LOADER_H

#include "skeleton.h"

enum loader_part { LOADER_CODE, LOADER_CORE, LOADER_ESP_TABLE, LOADER_ESP, LOADER_PARTS };

struct loader_report {
	uint32_t sectors[LOADER_PARTS]; /* that should have something */
	uint32_t differ[LOADER_PARTS];	/* of those */
	uint32_t written;
};

struct loader {
	struct blkio *disk;
	uint64_t core_at, core_size, esp_at, esp_size; /* bytes, as on the medium */
	const char *skeleton;			       /* path */
	int (*pace)(void *context, size_t bytes, struct err *e);
	void *context;
};

/* Compares. ERR_INVALID if the partitions have other sizes than the skeleton's. */
int loader_examine(const struct loader *l, const struct install_layout *layout,
		   struct loader_report *r, struct err *e);

/* Is it the loader of the skeleton? */
bool loader_is_known(const struct loader_report *r);

/* Is there damage that may be put right, if it is that loader? */
bool loader_is_damaged(const struct loader_report *r);

/* Writes the sectors that differ, but for LOADER_ESP_TABLE, and compares again: *r is how it is. */
int loader_mend(const struct loader *l, const struct install_layout *layout,
		struct loader_report *r, struct err *e);

#endif
