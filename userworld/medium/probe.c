// SPDX-License-Identifier: Apache-2.0
#include "probe.h"

#include <errno.h>

blkid_probe probe_open(const char *path, struct err *e)
{
	blkid_probe probe;

	errno = 0;
	probe = blkid_new_probe_from_filename(path);
	if (!probe) {
		err_sys(e, errno ? errno : EIO, "%s: open", path);
		return NULL;
	}
	blkid_probe_enable_partitions(probe, 1);
	return probe;
}
