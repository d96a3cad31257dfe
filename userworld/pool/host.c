// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/dirscan.h"
#include "userworld/lib/file.h"
#include "userworld/lib/vfsctl.h"

static int read_memory(const char *procroot, struct pool_host *h, struct err *e)
{
	char path[PATH_MAX], text[2048];
	const char *line;

	snprintf(path, sizeof(path), "%s/proc/meminfo", procroot);
	if (file_read_at(AT_FDCWD, path, text, sizeof(text), e) < 0)
		return -1;
	line = strstr(text, "MemTotal:");
	h->memory_total = line ? strtoull(line + 9, NULL, 10) * 1024 : 0;
	return 0;
}

/* A kernel that was built without what the file is of has number 0 only. */
static void read_ids(const char *sysroot, const char *file, char ids[static HOST_IDS_MAX + 1])
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/sys/devices/system/%s", sysroot, file);
	if (file_read_at(AT_FDCWD, path, ids, HOST_IDS_MAX + 1, NULL) <= 0)
		strcpy(ids, "0");
}

/* Behind a disk there is a device; there is none behind loops, ramdisks and mappings. */
static void read_disks(const char *sysroot, struct pool_host *h)
{
	char path[PATH_MAX];
	_cleanup_close_ int dir = -1;
	struct dirscan scan = { 0 };
	unsigned char type;
	const char *name;

	snprintf(path, sizeof(path), "%s/sys/block", sysroot);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scan.fd = dir;
	while (dir >= 0 && h->disk_count < HOST_DISKS_MAX && (name = dirscan_next(&scan, &type))) {
		char *number = h->disks[h->disk_count];

		snprintf(path, sizeof(path), "%s/device", name);
		if (faccessat(dir, path, F_OK, 0) < 0)
			continue;
		snprintf(path, sizeof(path), "%s/dev", name);
		if (file_read_at(dir, path, number, sizeof(h->disks[0]), NULL) > 0)
			h->disk_count++;
	}
}

int pool_host_read(const char *procroot, const char *sysroot, struct pool_host *h, struct err *e)
{
	*h = (struct pool_host){ 0 };
	if (read_memory(procroot, h, e) < 0)
		return -1;
	read_ids(sysroot, "cpu/online", h->cpus);
	read_ids(sysroot, "node/has_memory", h->nodes);
	read_disks(sysroot, h);
	return 0;
}

uint64_t pool_host_ramdisks(const char *sysroot)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	uint64_t sum = 0;
	size_t n;

	if (vfs_ramdisk_list(sysroot, &list, &n, NULL) < 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		sum += list[i].min_bytes;
	return sum;
}

int pool_host_has(const struct pool_host *h, const struct pool_limits *l, struct err *e)
{
	if (idset_admit(pool_limits_ids(l, POOL_CPUS), h->cpus, pool_key_name(POOL_CPUS), "CPU",
			e) < 0)
		return -1;
	return idset_admit(pool_limits_ids(l, POOL_NODES), h->nodes, pool_key_name(POOL_NODES),
			   "memory node", e);
}
