// SPDX-License-Identifier: Apache-2.0
/* The partition table of one disk, as libblkid reads it: both copies, with their checksums. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "medium.h"
#include "probe.h"

static const char *const names[MEDIUM_PARTS] = {
	[MEDIUM_BIOS] = "VISOROS-BIOS",	  [MEDIUM_ESP] = "VISOROS-ESP",
	[MEDIUM_STATE] = "VISOROS-STATE", [MEDIUM_BANK0] = "VISOROS-BANK0",
	[MEDIUM_BANK1] = "VISOROS-BANK1",
};

const char *medium_part_name(enum medium_part part)
{
	return names[part];
}

static void copy_guid(char to[static MEDIUM_GUID], const char *from)
{
	snprintf(to, MEDIUM_GUID, "%s", from ? from : "");
	for (char *c = to; *c; c++)
		*c = (char)tolower((unsigned char)*c);
}

/* A kernel that has not seen that the table was changed writes to another place than it says. */
static bool is_elsewhere(const char *folder, const struct medium_partition *p)
{
	uint64_t start, sectors;
	char file[640];

	/* sysfs counts in 512 bytes, too. */
	snprintf(file, sizeof(file), "%s/start", folder);
	if (file_read_u64(file, &start, NULL) < 0)
		return false;
	snprintf(file, sizeof(file), "%s/size", folder);
	return file_read_u64(file, &sectors, NULL) < 0 || start * 512 != p->offset ||
	       sectors * 512 != p->size;
}

/* The device of a partition: the kernel names it as it likes (vda4, nvme0n1p4). */
static bool find_device(const struct medium_where *where, const char *disk,
			struct medium_partition *p)
{
	const char *sysfs = where && where->sysfs ? where->sysfs : "/sys";
	const char *dev = where && where->dev ? where->dev : "/dev";
	_cleanup_closedir_ DIR *dir = NULL;
	char path[256], folder[600], file[640];
	struct dirent *d;

	snprintf(path, sizeof(path), "%s/block/%s", sysfs, disk);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		uint64_t n;

		if (strncmp(d->d_name, disk, strlen(disk)) != 0)
			continue;
		snprintf(folder, sizeof(folder), "%s/%s", path, d->d_name);
		snprintf(file, sizeof(file), "%s/partition", folder);
		if (file_read_u64(file, &n, NULL) == 0 && n == p->number)
			return !is_elsewhere(folder, p) &&
			       snprintf(p->device, MEDIUM_DEVICE, "%s/%s", dev, d->d_name) <
				       MEDIUM_DEVICE;
	}
	return false;
}

static void take_partition(const struct medium_where *where, const char *disk, blkid_partition bp,
			   struct medium *m, struct medium_partition *p)
{
	/* Whatever the disk's sectors are, libblkid counts in 512 bytes. */
	p->offset = (uint64_t)blkid_partition_get_start(bp) * 512;
	p->size = (uint64_t)blkid_partition_get_size(bp) * 512;
	p->number = (unsigned int)blkid_partition_get_partno(bp);
	copy_guid(p->guid, blkid_partition_get_uuid(bp));
	p->present = p->offset + p->size <= m->size && find_device(where, disk, p);
}

static int take_table(const struct medium_where *where, const char *disk, blkid_partlist list,
		      struct medium *m, struct err *e)
{
	blkid_parttable table = blkid_partlist_get_table(list);
	bool ours = false;

	if (!table || strcmp(blkid_parttable_get_type(table), "gpt") != 0)
		return err_set(e, ERR_NOT_FOUND, "%s: no GUID partition table", m->disk);
	copy_guid(m->guid, blkid_parttable_get_id(table));
	for (int i = 0; i < blkid_partlist_numof_partitions(list); i++) {
		blkid_partition bp = blkid_partlist_get_partition(list, i);
		const char *name = blkid_partition_get_name(bp);

		for (int part = 0; name && part < MEDIUM_PARTS; part++)
			/* Of two partitions with one name the first counts, as for the loader. */
			if (strcmp(name, names[part]) == 0 && !m->part[part].number) {
				take_partition(where, disk, bp, m, &m->part[part]);
				ours = true;
			}
	}
	if (!ours)
		return err_set(e, ERR_NOT_FOUND, "%s: no partition of a boot medium", m->disk);
	return 0;
}

int medium_read(const struct medium_where *where, const char *disk, struct medium *m, struct err *e)
{
	_cleanup_probe_ blkid_probe probe = NULL;
	blkid_partlist list;

	memset(m->part, 0, sizeof(m->part));
	if (snprintf(m->disk, sizeof(m->disk), "%s/%s", where && where->dev ? where->dev : "/dev",
		     disk) >= MEDIUM_DEVICE)
		return err_set(e, ERR_INVALID, "%.32s...: name too long", disk);
	probe = probe_open(m->disk, e);
	if (!probe)
		return -1;
	m->size = (uint64_t)blkid_probe_get_size(probe);
	m->sector = blkid_probe_get_sectorsize(probe);
	list = blkid_probe_get_partitions(probe);
	if (!list)
		return err_set(e, ERR_NOT_FOUND, "%s: no partition table that can be read",
			       m->disk);
	return take_table(where, disk, list, m, e);
}
