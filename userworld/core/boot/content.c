// SPDX-License-Identifier: Apache-2.0
/* What is on a disk, by libblkid: its table of partitions, its file system, or something. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disks.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"
#include "userworld/medium/blkio.h"
#include "userworld/medium/probe.h"

#define EDGE (1u << 20) /* bytes at both ends that are nothing only if they are zeros */
#define STEP 65536u
#define OURS "VISOROS-" /* what the names of our partitions begin with */

/* 1, 0, or -1. */
static int is_zero(struct blkio *io, uint64_t at, uint64_t end, struct err *e)
{
	_cleanup_free_ char *buf = malloc(STEP);

	if (!buf)
		return core_nomem(e);
	while (at < end) {
		size_t n = end - at < STEP ? (size_t)(end - at) : STEP;

		if (blkio_read(io, buf, n, at, e) < 0)
			return -1;
		if (buf[0] || memcmp(buf, buf + 1, n - 1) != 0)
			return 0;
		at += n;
	}
	return 1;
}

static int is_empty(const char *path, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = blkio_open(path, false, e);
	uint64_t edge;
	int rc;

	if (!io)
		return -1;
	edge = io->size < EDGE ? io->size : EDGE;
	rc = is_zero(io, 0, edge, e);
	return rc > 0 ? is_zero(io, io->size - edge, io->size, e) : rc;
}

/* Is every partition one of a medium of VisorOS? */
static bool all_ours(blkid_partlist list, int n)
{
	for (int i = 0; i < n; i++) {
		blkid_partition p = blkid_partlist_get_partition(list, i);
		const char *name = p ? blkid_partition_get_name(p) : NULL;

		if (!name || strncmp(name, OURS, strlen(OURS)) != 0)
			return false;
	}
	return n > 0;
}

/* False if there is no table. */
static bool take_table(blkid_probe probe, struct disk_content *content)
{
	blkid_partlist list = blkid_probe_get_partitions(probe);
	blkid_parttable table = list ? blkid_partlist_get_table(list) : NULL;
	int n = list ? blkid_partlist_numof_partitions(list) : 0;

	if (!table)
		return false;
	if (all_ours(list, n)) {
		content->what = INSTALL_VISOROS;
		snprintf(content->text, sizeof(content->text), "VisorOS");
	} else {
		snprintf(content->text, sizeof(content->text), "%s with %d partition%s",
			 blkid_parttable_get_type(table), n, n == 1 ? "" : "s");
	}
	return true;
}

static void take_file_system(blkid_probe probe, struct disk_content *content)
{
	const char *type = NULL, *label = NULL;

	if (blkid_do_safeprobe(probe) != 0 ||
	    blkid_probe_lookup_value(probe, "TYPE", &type, NULL) < 0) {
		snprintf(content->text, sizeof(content->text), "something that is not known");
		return;
	}
	blkid_probe_lookup_value(probe, "LABEL", &label, NULL);
	snprintf(content->text, sizeof(content->text), "%s%s%s", type, label ? " " : "",
		 label ? label : "");
	ascii_repair(content->text);
}

int boot_disk_content(const char *device, struct disk_content *content, struct err *e)
{
	_cleanup_probe_ blkid_probe probe = NULL;
	char path[CORE_PATH_MAX];
	int empty;

	*content = (struct disk_content){ .what = INSTALL_ALL };
	if (core_path(path, e, CORE_ROOT, "%s", device) < 0)
		return -1;
	empty = is_empty(path, e);
	if (empty < 0)
		return -1;
	if (empty) {
		content->what = INSTALL_EMPTY;
		snprintf(content->text, sizeof(content->text), "nothing");
		return 0;
	}
	probe = probe_open(path, e);
	if (!probe)
		return -1;
	if (!take_table(probe, content))
		take_file_system(probe, content);
	return 0;
}
